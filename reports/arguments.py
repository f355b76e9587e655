"""What the command line of the reports takes: python -m reports slides|bulletin|workbook|pictures|packs|remind."""

from argparse import ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from typing import Any

from database.arguments import Parser
from reports.packs import BULLETIN, PICTURES, WORDS

PACKS = "packs"


def parser() -> Parser:
    """Return the parser of every command."""
    parser = Parser(
        prog="python -m reports",
        description="看板之外的材料：幻灯片、通报、工作簿、图片、各乡镇（街道）材料包、催办清单、口径说明。",
        epilog="退出状态：0 成功；1 没有写入或没有送达；2 用法有误或数据库不可用。",
    )
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command", title="命令", parser_class=Parser)
    for kind, word in WORDS.items():
        _add_document(commands, kind, f"写出{word}（全县，或 --township 指定的乡镇、街道）")
    _add_document(commands, PACKS, "为每个乡镇（街道）各写一个文件夹：幻灯片、通报、工作簿、图片")
    about = "把口径说明打印为 Markdown 文本"
    metrics = commands.add_parser("metrics", help=about, description=about)
    metrics.add_argument("--as-of", type=_day, metavar="日期", help="截至日（默认最新批次的截至日），如 2020-08-31")
    metrics.add_argument("--url", metavar="地址", help="数据库地址（默认 DATABASE_URL，其次内置演示库）")
    about = "按牵头单位、乡镇（街道）列出逾期、未报和即将到期的任务"
    remind = commands.add_parser("remind", help=about, description=about)
    remind.add_argument("--as-of", type=_day, metavar="日期", help="截至日（默认最新批次的截至日），如 2020-08-31")
    remind.add_argument("--out", type=Path, metavar="目录", help="另存为 Markdown 和 Excel 文件")
    remind.add_argument("--send", action="store_true", help="发到设置的群机器人（DASHBOARD_REMINDER_WEBHOOK）")
    remind.add_argument("--url", metavar="地址", help="数据库地址（默认 DATABASE_URL，其次内置演示库）")
    return parser


def _add_document(commands: Any, kind: str, about: str) -> None:
    """Add the command of one kind of document."""
    command = commands.add_parser(kind, help=about, description=f"{about}。已有的文件从不覆盖。")
    command.add_argument("--as-of", type=_day, metavar="日期", help="截至日（默认最新批次的截至日），如 2020-08-31")
    township = "只要这个乡镇（街道），代码或全名，可写多个"
    command.add_argument("--township", nargs="+", action="extend", default=[], metavar="乡镇", help=township)
    is_folder = kind in (PICTURES, PACKS)
    where = (
        "写到这个文件夹" + ("（以 .zip 结尾则打成一个包）" if kind == PICTURES else "") if is_folder else "写成这个文件"
    )
    command.add_argument("--out", type=Path, required=True, metavar="路径", help=where)
    if kind in (BULLETIN, PACKS):
        command.add_argument("--final", action="store_true", help="定稿：通报不带“送审稿”水印")
    command.add_argument("--url", metavar="地址", help="数据库地址（默认 DATABASE_URL，其次内置演示库）")


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().date()
    except ValueError:
        raise ArgumentTypeError(f"日期应写成 2020-08-31，不能是 {text}") from None
