"""Rows that point at nothing, and cases whose episodes do not follow each other.

Counties may put views in place of the base tables: what `load` refuses can stand there all the same.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select, Table

from database import tables
from database.checks.findings import ERROR, Finding
from database.checks.owners import Owners, counts_of, found_by_owner
from database.loading.references import REFERENCES
from database.tables import case_departments, cases, regions


def findings(connection: Connection) -> list[Finding]:
    """Return each kind of dangling reference and of broken case, with the number of rows and whom to call."""
    wrong: list[tuple[Table, str, Select[Any]]] = []
    for table_name, references in REFERENCES.items():
        table = tables.METADATA.tables[table_name]
        for reference in references:
            column = table.columns[reference.column]
            known = sa.select(tables.METADATA.tables[reference.table].c.code)
            statement = counts_of(table, column.is_not(None), column.not_in(known))
            wrong.append((table, f"{reference.column} {reference.reason}", statement))
    wrong += [
        (cases, "village_code 不是该乡镇（街道）的村（社区）", _villages_elsewhere()),
        (cases, "closed_on 办结早于登记", counts_of(cases, cases.c.closed_on < cases.c.opened_on)),
        (cases, "episode 办理次数不连续，或上一次尚未办结又登记", _broken_episodes()),
        (cases, "case_no 同一案件编号在不止一个乡镇（街道）", _split_cases()),
        (case_departments, "没有这一次办理的案件", _departments_of_nothing()),
    ]
    owners = Owners(connection)
    return [finding for each in wrong for finding in found_by_owner(connection, owners, ERROR, *each)]


def _villages_elsewhere() -> Select[Any]:
    joined = cases.join(regions, regions.c.code == cases.c.village_code)
    is_elsewhere = sa.or_(regions.c.level != "village", regions.c.parent_code.is_distinct_from(cases.c.township_code))
    return counts_of(cases, is_elsewhere, source=joined)


def _broken_episodes() -> Select[Any]:
    c = cases.c
    case = (c.township_code, c.case_no)
    rows = sa.select(
        c.stream,
        c.episode,
        c.opened_on,
        sa.func.row_number().over(partition_by=case, order_by=c.episode).label("number"),
        sa.func.lag(c.closed_on).over(partition_by=case, order_by=c.episode).label("last_close"),
    ).subquery()
    is_late = sa.and_(rows.c.number > 1, sa.or_(rows.c.last_close.is_(None), rows.c.opened_on < rows.c.last_close))
    is_broken = sa.or_(rows.c.episode != rows.c.number, is_late)
    return sa.select(rows.c.stream, sa.func.count()).where(is_broken).group_by(rows.c.stream)


def _split_cases() -> Select[Any]:
    """Count the case numbers that stand in more than one township of one county."""
    county = sa.case((regions.c.level == "township", regions.c.parent_code), else_=regions.c.code)
    joined = cases.join(regions, regions.c.code == cases.c.township_code)
    split = (
        sa.select(cases.c.case_no, sa.func.min(cases.c.stream).label("stream"))
        .select_from(joined)
        .group_by(county, cases.c.case_no)
        .having(sa.func.min(cases.c.township_code) != sa.func.max(cases.c.township_code))
        .subquery()
    )
    return sa.select(split.c.stream, sa.func.count()).group_by(split.c.stream)


def _departments_of_nothing() -> Select[Any]:
    keys = ("township_code", "case_no", "episode")
    match = sa.and_(*(case_departments.c[key] == cases.c[key] for key in keys))
    return counts_of(case_departments, ~sa.exists().where(match))
