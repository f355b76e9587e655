"""What the office administers: accounts and sessions; and the audit trail that it reads.

Each step is held against the live viewer's rights and put down in the trail. A password is made here, handed back once
and kept nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

import auth
from actions.account_list import Issued, Places, add_accounts, read_accounts
from actions.entry import live_viewer
from analysis.scope import Viewer
from errors import Refused
from state import accounts as kept
from state import audit, sessions
from state.accounts import ROLE_NAMES, Account, AccountError
from state.audit import Act, Asked
from state.engine import writing
from state.passwords import new_password
from state.sessions import Opened

MOST_ACTS = 20_000
"""Acts that one export may hold."""
_OWN = "不能对自己的账号做这项操作，请由其他行动办账号办理；改自己的密码请用左侧的“修改密码”。"


@dataclass(frozen=True)
class Outcome:
    """What came of a step: one sentence, whether it was done, and the passwords to hand out."""

    said: str
    is_done: bool = True
    issued: tuple[Issued, ...] = field(default=(), repr=False)


Change = Callable[[Connection], Outcome]


def accounts() -> list[Account]:
    """Return all accounts by name.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office.
    """
    _office()
    with auth.state().connect() as connection:
        return kept.all_accounts(connection)


def account_names() -> list[str]:
    """Return the names of all accounts; errors as `accounts`."""
    return [account.name for account in accounts()]


def open_sessions() -> list[Opened]:
    """Return the living sessions by account; errors as `accounts`."""
    _office()
    with auth.state().connect() as connection:
        return sessions.living_sessions(connection)


def add(account: Account) -> Outcome:
    """Add an account, with a password to hand to its owner that must be changed at the first sign-in.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office.
    """

    def change(connection: Connection) -> Outcome:
        issued = Issued(account, new_password())
        kept.add_account(connection, account, issued.password, is_temporary=True)
        return Outcome(f"已添加账号 {account.name}（{ROLE_NAMES[account.role]}）。", issued=(issued,))

    return _step("account_added", account.name, change)


def add_list(content: bytes, places: Places) -> Outcome:
    """Add the accounts of a workbook, all or none; errors as `add`."""

    def change(connection: Connection) -> Outcome:
        issued = tuple(add_accounts(connection, read_accounts(content, places)))
        return Outcome(f"已添加{len(issued)}个账号。", issued=issued)

    return _step("accounts_imported", "", change)


def reset_password(name: str) -> Outcome:
    """Give the account a new password and end its sessions; errors as `add`."""

    def change(connection: Connection) -> Outcome:
        password = new_password()
        kept.change_password(connection, name, password, is_temporary=True)
        account = kept.find_account(connection, name)
        return Outcome(f"已重设账号 {name} 的密码。", issued=(Issued(account, password),) if account else ())

    return _step("account_password_set", name, change, not_own=name)


def change_role(name: str, role: str, township_code: str | None = None, department_code: str | None = None) -> Outcome:
    """Give the account another role and end its sessions; one's own stays. Errors as `add`."""

    def change(connection: Connection) -> Outcome:
        kept.change_role(connection, name, role, township_code=township_code, department_code=department_code)
        return Outcome(f"账号 {name} 已改为{ROLE_NAMES[role]}，须重新登录。")

    return _step("account_role_changed", f"{name}：{ROLE_NAMES.get(role, '')}", change, not_own=name)


def disable(name: str) -> Outcome:
    """Disable the account and end its sessions; one's own stays. Errors as `add`."""

    def change(connection: Connection) -> Outcome:
        kept.disable(connection, name)
        return Outcome(f"已停用账号 {name}。")

    return _step("account_disabled", name, change, not_own=name)


def enable(name: str) -> Outcome:
    """Let a disabled account in again. Errors as `add`."""

    def change(connection: Connection) -> Outcome:
        kept.enable(connection, name)
        return Outcome(f"已启用账号 {name}。")

    return _step("account_enabled", name, change)


def revoke(name: str) -> Outcome:
    """End every session of the account; errors as `add`."""
    return _step(
        "sessions_revoked",
        name,
        lambda connection: Outcome(f"账号 {name} 的{sessions.revoke_all(connection, name)}个会话已失效。"),
    )


def acts(asked: Asked, limit: int = MOST_ACTS) -> list[Act]:
    """Return the acts asked for, newest first; errors as `accounts`."""
    _office()
    with auth.state().connect() as connection:
        return audit.acts(connection, asked, limit=limit)


def act_counts(asked: Asked) -> dict[str, int]:
    """Return the number of acts asked for by action; errors as `accounts`."""
    _office()
    with auth.state().connect() as connection:
        return audit.counts(connection, asked)


def _office() -> Viewer:
    viewer = live_viewer()
    if viewer.role != "office":
        auth.note_refusal(viewer, "账号管理")
        raise Refused
    return viewer


def _step(action: str, subject: str, change: Change, *, not_own: str | None = None) -> Outcome:
    """Carry out a change in a transaction that holds it and its line in the trail, or neither."""
    viewer = _office()
    if not_own == viewer.account:
        return Outcome(_OWN, is_done=False)
    try:
        with writing(auth.state()) as connection:
            outcome = change(connection)
            said = subject or f"{len(outcome.issued)}个账号"
            audit.record(connection, action, account=viewer.account, subject=said)
    except AccountError as error:
        return Outcome(str(error), is_done=False)
    return outcome
