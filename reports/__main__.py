"""Command line over what leaves the screen: python -m reports remind."""

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError

from analysis.months import month_of
from analysis.reminders import Unit, by_department, by_township, reminders, reminders_finding
from analysis.scope import Scope
from analysis.wording import day
from database.arguments import Parser
from database.contract import Unfit, need_contract
from database.engine import reading_engine
from queries.names import department_names
from queries.regions import townships
from queries.releases import newest_as_of
from queries.tasks import task_matrix
from reports.reminder_text import messages, reminder_text
from reports.reminder_workbook import write_workbook
from reports.webhook import LONGEST_MESSAGE, Undelivered, post
from settings import get_settings

DONE, FAILED, UNUSABLE = 0, 1, 2
"""Exit statuses: done; not written or not delivered; a wrong call or a database that cannot be used."""

Parts = Sequence[tuple[str, Sequence[Unit]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit status."""
    given = _parser().parse_args(arguments)
    commands = {"remind": _remind}
    try:
        engine = reading_engine(given.url or get_settings().database_url)
        try:
            with engine.connect() as connection:
                need_contract(connection)
                return commands[given.command](given, connection)
        finally:
            engine.dispose()
    except Unfit as unfit:
        return _failed(str(unfit), UNUSABLE)
    except ArgumentError:
        return _failed("数据库地址无法识别，应以 sqlite:/// 或 postgresql:// 开头", UNUSABLE)
    except DBAPIError:
        return _failed("数据库无法使用，请检查地址和权限", UNUSABLE)


def _remind(given: Namespace, connection: Connection) -> int:
    """Print the reminders, write them where asked, and last of all send them where asked."""
    settings = get_settings()
    if given.send and settings.reminder_webhook is None:
        return _failed("没有设置群机器人地址（DASHBOARD_REMINDER_WEBHOOK）", UNUSABLE)
    as_of = given.as_of or newest_as_of(connection)
    if as_of is None:
        return _failed("数据库中还没有数据批次，请先导入或用 --as-of 指定日期", UNUSABLE)
    title, finding, parts = _reminders(connection, as_of)
    print(reminder_text(title, finding, parts), end="")  # noqa: T201
    if given.out is not None:
        try:
            _write(given.out, as_of, title, finding, parts)
        except OSError as error:
            return _failed(f"无法写入 {given.out}（{error.strerror}）", FAILED)
    if given.send:
        return _send(settings.reminder_webhook or "", settings.reminder_secret, title, finding, parts)
    return DONE


def _reminders(connection: Connection, as_of: date) -> tuple[str, str, Parts]:
    """Return title, finding, and who is reminded of what."""
    known = townships(connection)
    places = dict(zip(known["code"], known["name"], strict=True))
    bodies = department_names(connection)
    matrix = task_matrix(connection, Scope(as_of, frozenset(places)))
    rows = reminders(matrix, places, as_of=as_of)
    departments = by_department(rows, dict(zip(bodies["code"], bodies["name"], strict=True)))
    parts = [("牵头单位", departments), ("乡镇（街道）", by_township(rows, places))]
    return f"任务催办清单（截至{day(as_of)}）", reminders_finding(rows, month_of(as_of)), parts


def _write(folder: Path, as_of: date, title: str, finding: str, parts: Parts) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"催办清单-截至{as_of:%Y%m%d}"
    stem.with_suffix(".md").write_text(reminder_text(title, finding, parts), encoding="utf-8")
    write_workbook(stem.with_suffix(".xlsx"), title, parts)
    _say(f"已写入 {stem}.md、{stem}.xlsx")


def _send(url: str, secret: str | None, title: str, finding: str, parts: Parts) -> int:
    """Send the departments' and then the townships' reminders; what fails is told and keeps back no other message."""
    failures = 0
    for heading, units in parts:
        for text in messages(f"{title} · {heading}", finding, units, limit=LONGEST_MESSAGE) if units else ():
            try:
                post(url, secret, title, text)
            except Undelivered as undelivered:
                failures += 1
                _say(f"{heading}的催办消息没有送达：{undelivered}")
    if failures:
        return _failed(f"{failures}条消息没有送达", FAILED)
    _say("催办消息已送达")
    return DONE


def _parser() -> Parser:
    parser = Parser(
        prog="python -m reports",
        description="看板之外的材料：催办清单。",
        epilog="退出状态：0 成功；1 没有写入或没有送达；2 用法有误或数据库不可用。",
    )
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command", title="命令", parser_class=Parser)
    about = "按牵头单位、乡镇（街道）列出逾期、未报和即将到期的任务"
    remind = commands.add_parser("remind", help=about, description=about)
    remind.add_argument("--as-of", type=_day, metavar="日期", help="截至日（默认最新批次的截至日），如 2020-08-31")
    remind.add_argument("--out", type=Path, metavar="目录", help="另存为 Markdown 和 Excel 文件")
    remind.add_argument("--send", action="store_true", help="发到设置的群机器人（DASHBOARD_REMINDER_WEBHOOK）")
    remind.add_argument("--url", metavar="地址", help="数据库地址（默认 DATABASE_URL，其次内置演示库）")
    return parser


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().date()
    except ValueError:
        raise ArgumentTypeError(f"日期应写成 2020-08-31，不能是 {text}") from None


def _say(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201


def _failed(message: str, status: int) -> int:
    _say(message)
    return status


if __name__ == "__main__":
    sys.exit(main())
