"""Command line over what leaves the screen: python -m reports slides|bulletin|workbook|pictures|packs|remind."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError
from tqdm import tqdm

from analysis.annotations import excluded_months
from analysis.breakdown import running_campaign
from analysis.definitions import catalogue
from analysis.follow_ups import follow_up_table
from analysis.meeting.material import Material, Rows
from analysis.months import month_of
from analysis.reminders import Unit, by_department, by_township, reminders, reminders_finding
from analysis.scope import Rights, Scope
from analysis.weak_links.remarks import reasons
from analysis.wording import day
from database.contract import Unfit, need_contract
from database.engine import reading_engine
from queries.campaigns import campaigns
from queries.definitions import kpi_definitions
from queries.meeting import meeting_figures
from queries.names import department_names, first_day
from queries.regions import townships
from queries.releases import newest_as_of
from queries.tasks import task_list, task_matrix
from queries.weak_links import pressing_cases
from reports.arguments import PACKS, parser
from reports.files import Unwritten, replace_all, write_all
from reports.metrics import metrics_text
from reports.packs import PICTURES, WORDS, How, files, write_packs
from reports.reminder_text import messages, reminder_text
from reports.reminder_workbook import reminder_workbook
from reports.slides import UnusableTemplate
from reports.webhook import LONGEST_MESSAGE, Undelivered, post
from settings import get_settings
from state.annotations import Annotation, annotations
from state.engine import state_engine
from state.follow_ups import FollowUp, follow_ups

DONE, FAILED, UNUSABLE = 0, 1, 2
"""Exit statuses: done; not written or not delivered; a wrong call or a database that cannot be used."""

Parts = Sequence[tuple[str, Sequence[Unit]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit status."""
    given = parser().parse_args(arguments)
    commands = {"remind": _remind, "metrics": _metrics, PACKS: _packs, **dict.fromkeys(WORDS, _document)}
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
    except (_Unusable, UnusableTemplate) as unusable:
        return _failed(str(unusable), UNUSABLE)
    except Unwritten as unwritten:
        return _failed(str(unwritten), FAILED)


def _document(given: Namespace, connection: Connection) -> int:
    """Write one document of the county, or of the townships asked for."""
    scope = _scope(given, connection)
    rows = _rows(connection, scope)
    material = _material(connection, scope, rows, with_courses=given.command == PICTURES)
    write_all(files(given.command, material, given.out, _how(given)))
    _say(f"已写入 {given.out}")
    return DONE


def _packs(given: Namespace, connection: Connection) -> int:
    """Write a folder of documents for each township, or each of those asked for."""
    scope = _scope(given, connection)
    rows = _rows(connection, scope)
    order = [code for code in townships(connection)["code"] if code in scope.townships]
    own = (
        _material(connection, replace(scope, townships=frozenset({code})), rows, with_courses=True) for code in order
    )
    with tqdm(desc="材料包", total=len(order), unit="个", disable=None) as bar:
        faults = write_packs(own, given.out, _how(given), done=bar.update)
    for fault in faults:
        _say(fault)
    if faults:
        return _failed(f"{len(faults)}个材料包没有写入，其余{len(order) - len(faults)}个已写入 {given.out}", FAILED)
    _say(f"{len(order)}个材料包已写入 {given.out}")
    return DONE


def _how(given: Namespace) -> How:
    return How(get_settings().slide_template, is_final=getattr(given, "final", False))


def _scope(given: Namespace, connection: Connection) -> Scope:
    """Return the townships and the day asked for, within the campaign that runs then."""
    newest = newest_as_of(connection)
    if newest is None:
        raise _Unusable("数据库中还没有数据批次，请先导入")
    as_of = given.as_of or newest
    first = first_day(connection)
    if as_of > newest or (first is not None and as_of < first):
        raise _Unusable(f"{as_of} 没有数据（可选 {first or newest} 至 {newest}）")
    known = townships(connection)
    named = {text: code for field in ("name", "code") for text, code in zip(known[field], known["code"], strict=True)}
    unknown = [text for text in given.township if text not in named]
    if unknown:
        raise _Unusable(f"没有代码或名称为 {'、'.join(unknown)} 的乡镇（街道）")
    chosen = frozenset(named[text] for text in given.township) or frozenset(known["code"])
    return Scope(as_of, chosen, campaign=running_campaign(campaigns(connection), as_of))


def _material(connection: Connection, scope: Scope, rows: Rows, *, with_courses: bool) -> Material:
    """Return what the documents of a scope are made from: with every right, as the office has them."""
    excluded = excluded_months(_entries(get_settings().state_url)[0])
    return Material(meeting_figures(connection, scope, excluded=excluded, with_courses=with_courses), rows, Rights())


def _rows(connection: Connection, scope: Scope) -> Rows:
    """Read the rows of the whole county, and what the office and the townships wrote down."""
    known = townships(connection)
    county = replace(scope, townships=frozenset(known["code"]))
    noted, follow_ups = _entries(get_settings().state_url)
    labels = dict(zip(known["code"], known["name"], strict=True))
    decided = follow_up_table(follow_ups, labels, as_of=scope.as_of, newest=newest_as_of(connection))
    texts, cases = task_list(connection, county), pressing_cases(connection, county)
    return Rows(texts, cases, decided, reasons(noted, scope.as_of))


@cache
def _entries(url: str) -> tuple[list[Annotation], list[FollowUp]]:
    """Return annotations and follow-ups; none where the application has not made its own database yet."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return [], []
    engine = state_engine(url)
    try:
        with engine.connect() as connection:
            is_made = bool(sa.inspect(connection).get_table_names())
            return (annotations(connection), follow_ups(connection)) if is_made else ([], [])
    except DBAPIError:
        raise _Unusable("应用状态库无法读取（STATE_URL），请先启动一次看板，由它建立或升级") from None
    finally:
        engine.dispose()


class _Unusable(Exception):  # noqa: N818
    """What was asked for cannot be made; the message is one Chinese sentence."""


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
        _write(given.out, as_of, title, finding, parts)
    if given.send:
        return _send(settings.reminder_webhook or "", settings.reminder_secret, title, finding, parts)
    return DONE


def _metrics(given: Namespace, connection: Connection) -> int:
    """Print every definition as Markdown."""
    as_of = given.as_of or newest_as_of(connection) or date.today()  # noqa: DTZ011
    scope = Scope(as_of, frozenset())
    print(metrics_text(catalogue(kpi_definitions(connection, scope), as_of=as_of)), end="")  # noqa: T201
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
    stem = folder / f"催办清单-截至{as_of:%Y%m%d}"
    text, book = reminder_text(title, finding, parts).encode(), reminder_workbook(title, parts)
    replace_all({stem.with_suffix(".md"): text, stem.with_suffix(".xlsx"): book})
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


def _say(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201


def _failed(message: str, status: int) -> int:
    _say(message)
    return status


if __name__ == "__main__":
    sys.exit(main())
