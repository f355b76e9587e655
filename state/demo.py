"""The four demo accounts, one per role; the gate lets them in on the embedded demo only."""

from sqlalchemy import Connection

from state.accounts import Account, add_account, find_account

DEMO_PASSWORD = "Changshan-2020"  # noqa: S105
DEMO_ACCOUNTS = (
    Account("leader", "县领导（演示）", "leader", is_demo=True),
    Account("office", "行动办（演示）", "office", is_demo=True),
    Account("department", "县信访局（演示）", "department", department_code="D04", is_demo=True),
    Account("township", "球川镇（演示）", "township", township_code="330822111", is_demo=True),
)


def ensure_demo_accounts(connection: Connection) -> list[Account]:
    """Add the demo accounts that are missing and return those that are there as demo accounts."""
    for account in DEMO_ACCOUNTS:
        if find_account(connection, account.name) is None:
            add_account(connection, account, DEMO_PASSWORD)
    found = (find_account(connection, account.name) for account in DEMO_ACCOUNTS)
    return [account for account in found if account is not None and account.is_demo]
