"""The command line's grammar, with help and errors in Chinese."""

import argparse
import re
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

USAGE_STATUS = 2
LOAD_NOTES = (
    "文件名或工作表名是数据表的中文名或英文名，后面可带日期；表头用中文或英文。"
    "同一文件再导入一次不会有变化；中途停止（Ctrl-C、断电）数据库保持原样。"
)
_ERRORS = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1 不能是 \2，只能是 \3"),
    (r"argument (\S+): invalid int value: (.*)", r"\1 应是整数，不能是 \2"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"\1 后面缺少内容"),
    (r"argument (\S+): (.*)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, formatter_class=_Help, allow_abbrev=False, **options)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and end with the status of a wrong call."""
        for pattern, chinese in _ERRORS:
            message, is_found = re.subn(pattern, chinese, message)
            if is_found:
                break
        self.print_usage(sys.stderr)
        self.exit(USAGE_STATUS, f"用法有误：{message}\n")


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line: `command` and its options; ends the process on a wrong call."""
    parser = Parser(
        prog="python -m database",
        description="共享数据库：建表、演示数据、导入、核对、汇总。",
        epilog="退出状态：0 成功；1 被拒绝或发现问题；2 用法有误或数据库不可用。",
    )
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command", title="命令", parser_class=Parser)
    _demo(_command(commands, "demo", "建立演示县（公开数据与演示数据），替换原有的演示数据"))
    _command(commands, "upgrade", "建表，或升级到本程序的版本")
    _template(_command(commands, "template", "写出填报模板：每张表一个工作表，有中文表头、说明、示例和下拉列表"))
    _load(_command(commands, "load", "导入 .csv 和 .xlsx 文件，全部通过才导入", LOAD_NOTES))
    _command(commands, "check", "核对版本、引用、算术、报送情况和汇总数据")
    _command(
        commands, "distribute", "写出 Citus 分布式部署的语句，不执行",
        "输出到标准输出，由数据库管理员审阅后用 psql 执行；须在 upgrade 之后、导入之前执行。",
    )  # fmt: skip
    _refresh(_command(commands, "refresh", "基础数据有变化时重新汇总并发布，可定时执行"))
    given = parser.parse_args(arguments)
    if given.command == "load" and not (given.files or given.delete):
        commands.choices["load"].error("the following arguments are required: 文件")
    return given


def _command(commands: "argparse._SubParsersAction[Parser]", name: str, about: str, notes: str = "") -> Parser:
    parser = commands.add_parser(name, help=about, description=about, epilog=notes)
    parser.add_argument(
        "--url", metavar="地址", help="数据库地址（默认 LOADER_URL，其次 DATABASE_URL，再次内置演示库）"
    )
    return parser


def _demo(parser: Parser) -> None:
    parser.add_argument("--cases", type=int, metavar="件数", help="案件总数（默认约3万件）")
    parser.add_argument("--townships", type=int, default=14, choices=(14, 98, 1400), help="乡镇（街道）数（默认14）")
    parser.add_argument("--seed", type=int, default=2020, metavar="种子", help="种子相同则数据相同（默认2020）")


def _template(parser: Parser) -> None:
    parser.add_argument(
        "target", type=Path, metavar="模板.xlsx", help="写到哪里；下拉列表取自数据库，没有则取自参考名录"
    )


def _load(parser: Parser) -> None:
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="文件", help="如 案件台账.csv、cases.csv、8月.xlsx，可给多个"
    )
    parser.add_argument("--as-of", type=_day, metavar="日期", help="数据截至日（默认文件中最新的日期，不晚于今天）")
    parser.add_argument("--dry-run", action="store_true", help="只检查并列出新增、修改、不变、删除的行数，不写入")
    parser.add_argument("--skip-bad", action="store_true", help="跳过有问题的行，导入其余的行；跳过的行另存为工作簿")
    parser.add_argument("--quarantine", type=Path, metavar="工作簿", help="跳过的行存到哪里（默认在第一个文件旁）")
    parser.add_argument("--report", type=Path, metavar="工作簿", help="把问题和标出的行写成 .xlsx")
    parser.add_argument(
        "--delete", action="append", default=[], type=Path, metavar="文件", help="按主键删除这个文件中的行，可重复给出"
    )


def _refresh(parser: Parser) -> None:
    parser.add_argument("--as-of", type=_day, metavar="日期", help="数据截至日（默认基础数据中最新的日期，不晚于今天）")
    parser.add_argument("--force", action="store_true", help="没有变化也重新汇总并发布")
    parser.add_argument("--note", default="", metavar="说明", help="写入发布记录的说明")


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期应写成 2020-08-31，不能是 {text}") from None
