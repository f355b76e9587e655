"""Command line over the accounts: `python -m accounts add|list`."""

import argparse
import sys
from collections.abc import Sequence
from getpass import getpass
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from settings import get_settings
from state import audit
from state.accounts import ROLES, Account, AccountError, add_account, all_accounts
from state.engine import migrate, state_engine, writing

_ROLE_NAMES = {"leader": "县领导", "office": "行动办", "department": "部门", "township": "乡镇（街道）"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 for a refused one, 2 for a command that cannot be understood."""
    options = _parser().parse_args(arguments)
    engine = state_engine(get_settings().state_url)
    try:
        migrate(engine)
        with writing(engine) as connection:
            if options.command == "list":
                _say(*(_line(account) for account in all_accounts(connection)))
                return 0
            account = _account(options)
            add_account(connection, account, _password())
            audit.record(connection, "account_added", account=None, subject=account.name)
    except AccountError as error:
        return _fail(str(error))
    except SQLAlchemyError:
        return _fail("应用数据库（STATE_URL）无法访问。")
    finally:
        engine.dispose()
    _say(f"已添加账号 {account.name}（{_ROLE_NAMES[account.role]}）。")
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"命令有误，用法见 {self.prog} --help：{message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m accounts", description="管理看板账号。")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    add = commands.add_parser("add", help="添加账号；密码从提示或标准输入读取")
    add.add_argument("name", metavar="账号", help="字母、数字、- 和 _，最多 20 个字符")
    add.add_argument("--role", required=True, choices=ROLES, help="、".join(f"{k} {v}" for k, v in _ROLE_NAMES.items()))
    add.add_argument("--township", metavar="代码", help="乡镇（街道）代码，乡镇账号必填")
    add.add_argument("--department", metavar="代码", help="部门代码，部门账号必填")
    add.add_argument("--display-name", metavar="名称", help="显示名称，默认同账号")
    commands.add_parser("list", help="列出账号")
    return parser


def _account(options: argparse.Namespace) -> Account:
    return Account(
        name=options.name,
        display_name=options.display_name or options.name,
        role=options.role,
        township_code=options.township,
        department_code=options.department,
    )


def _password() -> str:
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
    return "\t".join((account.name, account.display_name, _ROLE_NAMES[account.role], place, marks)).rstrip()


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
