"""Accounts: who may sign in, in which role, for which township or department."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from state import clock
from state.passwords import is_account_name, is_password, password_fault, password_hash
from state.tables import ACCOUNTS, FORMER_PASSWORDS, SESSIONS

ROLE_NAMES = {"leader": "县领导", "office": "行动办", "department": "部门", "township": "乡镇（街道）"}
ROLES = tuple(ROLE_NAMES)
REMEMBERED_PASSWORDS = 5
"""How many passwords of an account, the present one with them, must not be taken again."""


class AccountError(ValueError):
    """An account cannot be made or changed so; the message is one Chinese sentence."""


@dataclass(frozen=True)
class Account:
    """One account; `township_code` belongs to the role township, `department_code` to the role department."""

    name: str
    display_name: str
    role: str
    township_code: str | None = None
    department_code: str | None = None
    is_demo: bool = False
    disabled_at: datetime | None = None


_COLUMNS = [ACCOUNTS.c[name] for name in Account.__dataclass_fields__]


def add_account(connection: Connection, account: Account, password: str, *, is_temporary: bool = False) -> None:
    """Add an account.

    Parameters
    ----------
    password
        Of a demo account it may be anything: those are let in on the embedded demo only.
    is_temporary
        Whether it must be changed at the first sign-in: somebody else has set it.

    Raises
    ------
    AccountError
        The name is taken or not allowed, the role lacks its township or department, or the password is too weak.
    """
    fault = account_fault(account) or _weakness(account, password)
    if fault is None and find_account(connection, account.name) is not None:
        fault = f"账号 {account.name} 已存在。"
    if fault:
        raise AccountError(fault)
    moment = clock.now()
    row: dict[str, Any] = {name: getattr(account, name) for name in Account.__dataclass_fields__}
    hashed = password_hash(password)
    row |= {"password_hash": hashed, "created_at": moment, "password_changed_at": moment}
    connection.execute(ACCOUNTS.insert().values(row | {"must_change_password": is_temporary}))
    _remember(connection, account.name, hashed)


def find_account(connection: Connection, name: str) -> Account | None:
    """Return the account of that name, or None."""
    row = _row(connection, name)
    return None if row is None else _account(row)


def all_accounts(connection: Connection) -> list[Account]:
    """Return all accounts by name."""
    rows = connection.execute(sa.select(*_COLUMNS).order_by(ACCOUNTS.c.name)).mappings()
    return [_account(row) for row in rows]


def authenticated(connection: Connection, name: str, password: str, *, with_demo: bool) -> Account | None:
    """Return the account if it may sign in with that password; every refusal takes the same time.

    Parameters
    ----------
    with_demo
        Whether demo accounts may sign in: on the embedded demo only.
    """
    row = _row(connection, name)
    if not is_password(password, row["password_hash"] if row else None) or row is None:
        return None
    account = _account(row)
    return account if account.disabled_at is None and (with_demo or not account.is_demo) else None


def change_password(connection: Connection, name: str, password: str, *, is_temporary: bool = False) -> None:
    """Set a new password and revoke every session of the account.

    Parameters
    ----------
    is_temporary
        Whether it must be changed at the next sign-in: somebody else has set it.

    Raises
    ------
    AccountError
        There is no such account, or the password is too weak or one of the last few.
    """
    account = _existing(connection, name)
    fault = _weakness(account, password)
    if fault is None and any(is_password(password, hashed) for hashed in _remembered(connection, name)):
        fault = f"不能使用最近 {REMEMBERED_PASSWORDS} 个用过的密码。"
    if fault:
        raise AccountError(fault)
    hashed = password_hash(password)
    values = {"password_hash": hashed, "password_changed_at": clock.now(), "must_change_password": is_temporary}
    _change(connection, name, values)
    _remember(connection, name, hashed)


def change_role(
    connection: Connection,
    name: str,
    role: str,
    *,
    township_code: str | None = None,
    department_code: str | None = None,
) -> None:
    """Give the account another role, with the township or department it needs, and revoke its sessions.

    Raises
    ------
    AccountError
        There is no such account, or the role lacks its township or department.
    """
    old = _existing(connection, name)
    new = replace(old, role=role, township_code=township_code, department_code=department_code)
    if fault := account_fault(new):
        raise AccountError(fault)
    _change(connection, name, {"role": role, "township_code": township_code, "department_code": department_code})


def disable(connection: Connection, name: str) -> None:
    """Disable the account and revoke its sessions.

    Raises
    ------
    AccountError
        There is no such account.
    """
    _change(connection, name, {"disabled_at": clock.now()})


def enable(connection: Connection, name: str) -> None:
    """Let a disabled account in again, with the password it had.

    Raises
    ------
    AccountError
        There is no such account.
    """
    _change(connection, name, {"disabled_at": None})


def _existing(connection: Connection, name: str) -> Account:
    account = find_account(connection, name)
    if account is None:
        raise AccountError(f"没有账号 {name}。")
    return account


def _weakness(account: Account, password: str) -> str | None:
    return None if account.is_demo else password_fault(password, account.name, account.display_name)


def _remembered(connection: Connection, name: str) -> list[str]:
    kept = sa.select(FORMER_PASSWORDS.c.password_hash).where(FORMER_PASSWORDS.c.account == name)
    return list(connection.scalars(kept.order_by(FORMER_PASSWORDS.c.id.desc()).limit(REMEMBERED_PASSWORDS)))


def _remember(connection: Connection, name: str, hashed: str) -> None:
    """Put a hash down among those that are not taken again, and let the ones beyond the last few go."""
    connection.execute(FORMER_PASSWORDS.insert().values(account=name, password_hash=hashed))
    own = FORMER_PASSWORDS.c.account == name
    ids = sa.select(FORMER_PASSWORDS.c.id).where(own).order_by(FORMER_PASSWORDS.c.id.desc())
    kept = list(connection.scalars(ids.limit(REMEMBERED_PASSWORDS)))
    connection.execute(FORMER_PASSWORDS.delete().where(own, FORMER_PASSWORDS.c.id.not_in(kept)))


def _change(connection: Connection, name: str, values: dict[str, Any]) -> None:
    if connection.execute(ACCOUNTS.update().where(ACCOUNTS.c.name == name).values(values)).rowcount == 0:
        raise AccountError(f"没有账号 {name}。")
    connection.execute(SESSIONS.delete().where(SESSIONS.c.account == name))


def _row(connection: Connection, name: str) -> RowMapping | None:
    if not is_account_name(name):  # also keeps from PostgreSQL what it cannot take, as a NUL
        return None
    columns = [*_COLUMNS, ACCOUNTS.c.password_hash]
    return connection.execute(sa.select(*columns).where(ACCOUNTS.c.name == name)).mappings().first()


def _account(row: RowMapping) -> Account:
    fields = cast("dict[str, Any]", dict(row))
    fields.pop("password_hash", None)
    return Account(**fields)


def account_fault(account: Account) -> str | None:
    """Return why there cannot be such an account, in one Chinese sentence, or None."""
    if not is_account_name(account.name):
        return "账号名只能用字母、数字、- 和 _，最多 20 个字符。"
    if not 1 <= len(account.display_name.strip()) <= 40:
        return "显示名称须为 1 至 40 个字符。"
    if account.role not in ROLES:
        return f"角色只能是 {'、'.join(ROLES)}。"
    if (account.role == "township") != (account.township_code is not None):
        return "乡镇账号须指定乡镇（街道）代码，其他角色不能指定。"
    if (account.role == "department") != (account.department_code is not None):
        return "部门账号须指定部门代码，其他角色不能指定。"
    return None
