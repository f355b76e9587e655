"""Command line over the accounts: `python -m accounts add|import|list|role|password|disable|enable|sessions|revoke`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from actions.account_list import Places, add_accounts, places_of, read_accounts
from database.engine import reading_engine
from queries.names import department_names
from queries.regions import townships
from settings import get_settings
from state import accounts, audit, sessions
from state.accounts import ROLE_NAMES, ROLES, Account, AccountError
from state.engine import migrate, state_engine, writing
from state.passwords import new_password

Command = Callable[[Connection, argparse.Namespace], list[str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 for a refused one, 2 for a command that cannot be understood."""
    options = _parser().parse_args(arguments)
    engine = state_engine(get_settings().state_url)
    try:
        migrate(engine)
        with writing(engine) as connection:
            said = options.run(connection, options)
    except AccountError as error:
        return _fail(str(error))
    except SQLAlchemyError:
        return _fail("应用数据库（STATE_URL）无法访问。")
    finally:
        engine.dispose()
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"命令有误，用法见 {self.prog} --help：{message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m accounts", description="管理看板账号。别人设的密码首次登录须修改。")
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(name: str, run: Command, said: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=said, description=said)
        added.set_defaults(run=run)
        return added

    add = command("add", _add, "添加账号；密码从提示或标准输入读取")
    add.add_argument("name", metavar="账号", help="字母、数字、- 和 _，最多 20 个字符")
    _role_arguments(add)
    add.add_argument("--display-name", metavar="名称", help="显示名称，默认同账号")
    many = command("import", _import, "从 .xlsx 添加多个账号，全部成功或全部不加；打印各账号的初始密码")
    many.add_argument("file", metavar="文件", type=Path, help="第一行为列名：账号、显示名称、角色、乡镇（街道）、部门")
    command("list", _list, "列出账号")
    role = command("role", _role, "改角色；该账号立即退出")
    role.add_argument("name", metavar="账号")
    _role_arguments(role)
    password = command("password", _password, "重设密码；该账号立即退出，下次登录须修改")
    password.add_argument("name", metavar="账号")
    password.add_argument("--generate", action="store_true", help="由系统生成并打印，不用输入")
    for name, run, said in (
        ("disable", _disable, "停用账号；该账号立即退出"),
        ("enable", _enable, "启用已停用的账号"),
        ("revoke", _revoke, "让该账号的所有登录立即失效"),
    ):
        command(name, run, said).add_argument("name", metavar="账号")
    listed = command("sessions", _sessions, "列出登录中的会话")
    listed.add_argument("name", metavar="账号", nargs="?", help="只看一个账号")
    return parser


def _role_arguments(parser: argparse.ArgumentParser) -> None:
    said = "、".join(f"{role} {name}" for role, name in ROLE_NAMES.items())
    parser.add_argument("--role", required=True, choices=ROLES, help=said)
    parser.add_argument("--township", metavar="代码", help="乡镇（街道）代码，乡镇账号必填")
    parser.add_argument("--department", metavar="代码", help="部门代码，部门账号必填")


def _add(connection: Connection, options: argparse.Namespace) -> list[str]:
    account = Account(
        name=options.name,
        display_name=options.display_name or options.name,
        role=options.role,
        township_code=options.township,
        department_code=options.department,
    )
    accounts.add_account(connection, account, _typed(), is_temporary=True)
    audit.record(connection, "account_added", account=None, subject=account.name)
    return [f"已添加账号 {account.name}（{ROLE_NAMES[account.role]}），首次登录须修改密码。"]


def _import(connection: Connection, options: argparse.Namespace) -> list[str]:
    try:
        content = options.file.read_bytes()
    except OSError:
        raise AccountError(f"读不到文件 {options.file}。") from None
    issued = add_accounts(connection, read_accounts(content, _places()))
    audit.record(connection, "accounts_imported", account=None, subject=f"{len(issued)}个账号")
    lines = ["\t".join((one.account.name, one.account.display_name, one.password)) for one in issued]
    return [f"已添加 {len(issued)} 个账号。初始密码只显示这一次，请分别交给本人，首次登录须修改：", *lines]


def _list(connection: Connection, options: argparse.Namespace) -> list[str]:
    return [_line(account) for account in accounts.all_accounts(connection)]


def _role(connection: Connection, options: argparse.Namespace) -> list[str]:
    places = {"township_code": options.township, "department_code": options.department}
    accounts.change_role(connection, options.name, options.role, **places)
    said = f"{options.name}：{ROLE_NAMES[options.role]}"
    audit.record(connection, "account_role_changed", account=None, subject=said)
    return [f"已改为{ROLE_NAMES[options.role]}，账号 {options.name} 须重新登录。"]


def _password(connection: Connection, options: argparse.Namespace) -> list[str]:
    password = new_password() if options.generate else _typed()
    accounts.change_password(connection, options.name, password, is_temporary=True)
    audit.record(connection, "account_password_set", account=None, subject=options.name)
    said = f"已重设账号 {options.name} 的密码，下次登录须修改。"
    return [said, f"新密码：{password}"] if options.generate else [said]


def _disable(connection: Connection, options: argparse.Namespace) -> list[str]:
    accounts.disable(connection, options.name)
    audit.record(connection, "account_disabled", account=None, subject=options.name)
    return [f"已停用账号 {options.name}。"]


def _enable(connection: Connection, options: argparse.Namespace) -> list[str]:
    accounts.enable(connection, options.name)
    audit.record(connection, "account_enabled", account=None, subject=options.name)
    return [f"已启用账号 {options.name}。"]


def _revoke(connection: Connection, options: argparse.Namespace) -> list[str]:
    if accounts.find_account(connection, options.name) is None:
        raise AccountError(f"没有账号 {options.name}。")
    number = sessions.revoke_all(connection, options.name)
    audit.record(connection, "sessions_revoked", account=None, subject=options.name)
    return [f"账号 {options.name} 的 {number} 个会话已失效。"]


def _sessions(connection: Connection, options: argparse.Namespace) -> list[str]:
    found = sessions.living_sessions(connection, options.name)
    rows = [
        f"{one.account}\t{one.address}\t{_clock(one.opened_at)} 登录\t{_clock(one.active_at)} 最近使用" for one in found
    ]
    return rows or ["没有登录中的会话。"]


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _places() -> Places:
    """Return what townships and departments are called; codes of a file are refused where the database is away."""
    engine = reading_engine(get_settings().database_url)
    try:
        with engine.connect() as connection:
            return places_of(townships(connection), department_names(connection))
    except SQLAlchemyError:
        raise AccountError("共享数据库（DATABASE_URL）无法访问，不能核对乡镇和部门。") from None
    finally:
        engine.dispose()


def _typed() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("密码：")
    if getpass("再输一次：") != password:
        raise AccountError("两次输入的密码不一致。")
    return password


def _line(account: Account) -> str:
    place = account.township_code or account.department_code or "-"
    marks = "演示" if account.is_demo else ""
    if account.disabled_at is not None:
        marks += "已停用"
    return "\t".join((account.name, account.display_name, ROLE_NAMES[account.role], place, marks)).rstrip()


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
