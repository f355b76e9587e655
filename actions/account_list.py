"""Many accounts from one workbook: read and checked whole, added all or none, each with a first password to hand out.

A sheet's first row names its columns: 账号 and 角色 must be there, 显示名称, 乡镇（街道） and 部门 may be. A place is
given by name or code. Nobody writes passwords into a file: they are made here and must be changed at the first sign-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection

from database.loading.findings import Refused
from database.loading.workbooks import workbook_sheets
from state.accounts import ROLE_NAMES, Account, AccountError, account_fault, add_account, find_account
from state.passwords import new_password

HEADINGS = ("账号", "显示名称", "角色", "乡镇（街道）", "部门")
MOST_ROWS = 500
MOST_BYTES = 1_000_000
_REQUIRED = {"账号", "角色"}
_ROLES = {name: role for role, name in ROLE_NAMES.items()} | {role: role for role in ROLE_NAMES}


@dataclass(frozen=True)
class Places:
    """Codes by what a place may be called: its name, short name, or the code itself."""

    townships: Mapping[str, str]
    departments: Mapping[str, str]


@dataclass(frozen=True)
class Issued:
    """An account that was added, and the password to hand to its owner."""

    account: Account
    password: str


def places_of(townships: pd.DataFrame, departments: pd.DataFrame) -> Places:
    """Return the places from frames of names by code (`queries.regions.townships`, `queries.names`)."""

    def codes(frame: pd.DataFrame, *called: str) -> dict[str, str]:
        return {str(row[key]): str(row["code"]) for row in frame.to_dict("records") for key in called if row[key]}

    return Places(codes(townships, "short_name", "name", "code"), codes(departments, "name", "code"))


def read_accounts(content: bytes, places: Places) -> list[Account]:
    """Return the accounts of the first filled sheet, in its order.

    Raises
    ------
    AccountError
        The workbook cannot be read, or a row cannot be an account; every row at fault is named.
    """
    rows = _rows(content)
    accounts, faults, seen = [], [], set[str]()
    for number, row in rows:
        account = _account(row, places)
        fault = account_fault(account) if isinstance(account, Account) else account
        if fault is None and isinstance(account, Account):
            key = account.name.casefold()
            fault = f"账号 {account.name} 重复。" if key in seen else None
            seen.add(key)
            accounts.append(account)
        if fault:
            faults.append(f"第{number}行：{fault}")
    if faults:
        raise AccountError("\n".join(faults))
    return accounts


def add_accounts(connection: Connection, accounts: list[Account]) -> list[Issued]:
    """Add them in the caller's transaction, each with a password of its own.

    Raises
    ------
    AccountError
        A name is taken; every such name is told, and the caller's transaction must end without them.
    """
    taken = [account.name for account in accounts if find_account(connection, account.name)]
    if taken:
        raise AccountError(f"账号 {'、'.join(taken)} 已存在，没有添加任何账号。")
    issued = [Issued(account, new_password()) for account in accounts]
    for one in issued:
        add_account(connection, one.account, one.password, is_temporary=True)
    return issued


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(content) > MOST_BYTES:
        raise AccountError(f"文件超过 {MOST_BYTES // 1_000_000}MB，不像账号表。")
    try:
        _, cells = next(iter(workbook_sheets("账号", content)), ("", pd.DataFrame()))
    except Refused as refused:
        raise AccountError(f"{refused.findings[0].reason}。") from refused
    if len(cells) < 2:
        raise AccountError("工作簿里没有账号。")
    if len(cells) > MOST_ROWS + 1:
        raise AccountError(f"一次最多导入 {MOST_ROWS} 个账号。")
    headings = [str(heading).strip() for heading in cells.iloc[0]]
    if missing := sorted(_REQUIRED - set(headings)):
        raise AccountError(f"第1行缺少列：{'、'.join(missing)}。")
    if unknown := sorted(set(filter(None, headings)) - set(HEADINGS)):
        raise AccountError(f"不认识的列：{'、'.join(unknown)}。")
    texts = [[str(value).strip() for value in row] for row in cells.iloc[1:].itertuples(index=False)]
    return [(number, dict(zip(headings, row, strict=True))) for number, row in enumerate(texts, 2) if any(row)]


def _account(row: Mapping[str, str], places: Places) -> Account | str:
    """Return the account of one row, or what is wrong with it."""
    role = _ROLES.get(row["角色"])
    if role is None:
        return f"角色“{row['角色']}”不认识，只能是 {'、'.join(ROLE_NAMES.values())}。"
    name = row["账号"]
    account = Account(name, row.get("显示名称") or name, role)
    township, department = row.get("乡镇（街道）", ""), row.get("部门", "")
    if township and township not in places.townships:
        return f"没有乡镇（街道）“{township}”。"
    if department and department not in places.departments:
        return f"没有部门“{department}”。"
    return replace(
        account, township_code=places.townships.get(township), department_code=places.departments.get(department)
    )
