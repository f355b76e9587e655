"""Whatever happens to the cases, and however it is noticed, derived tables equal a recount from the base rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from database import tables
from database.load import load
from database.refresh import refresh
from database.schedule import refresh_if_changed
from tests.database.conftest import COUNTY, FIRST, METHODS, TOWNSHIPS
from tests.database.test_refresh import snapshot
from tests.database.test_states import calendar, expected, stored

Row = dict[str, Any]
AS_OFS = (date(2019, 3, 20), date(2019, 4, 30), date(2019, 6, 5))
"""One batch of changes each; the first and the last are no Sundays and no month ends."""

REGIONS = (COUNTY, *TOWNSHIPS)
COLUMNS = ("township_code", "case_no", "episode", "stream", "platform", "lead_department_code", "opened_on", "due_on",
           "closed_on", "closing_method", "repeat_of", "village_code")  # fmt: skip
FIGURES = ("backlog_resolution_rate", "backlog_rebound_rate", "villages_without_backlog", "petitions_settled_at_once",
           "disputes_opened")  # fmt: skip
CHECKED = settings(
    max_examples=4,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes seconds: shrinking one takes minutes
)


def place(choice: int) -> Row:
    """A region, 县本级 among them, and its village for some; always the same one, so a move takes it along."""
    region = REGIONS[choice % 4]
    return {"township_code": region, "village_code": None if region == COUNTY or choice > 7 else f"{region}201"}


@dataclass
class County:
    """The cases as they should be, by number; changed by batches, each as of a day."""

    cases: dict[str, list[Row]] = field(default_factory=dict)

    def change(self, action: str, number: int, days: tuple[int, int], choice: int, as_of: date) -> set[str]:
        """Carry out one change where it makes sense; return the cases that it concerns."""
        if action == "open":
            return self._open(days[0], choice, as_of)
        if not self.cases:
            return set()
        no = sorted(self.cases)[number % len(self.cases)]
        {"correct": self._correct, "rebound": self._rebound, "move": self._move, "delete": self._delete}[action](
            no, days, choice, as_of
        )
        return {no}

    @property
    def rows(self) -> list[Row]:
        return [row for episodes in self.cases.values() for row in episodes]

    def _open(self, day: int, choice: int, as_of: date) -> set[str]:
        no = f"甲{len(self.cases) + choice:04d}{day:03d}"
        if no in self.cases:
            return set()
        stream = ("petition_backlog", "petition", "dispute")[choice % 3]
        origins = [other for other in sorted(self.cases) if stream == "petition"]
        opened = FIRST + timedelta(days=day % (as_of - FIRST).days)
        self.cases[no] = [{
            **place(choice), "case_no": no, "episode": 1, "stream": stream,
            "platform": (None, "矛调中心")[choice % 2], "lead_department_code": (None, "D01")[day % 2],
            "opened_on": opened, "first_opened_on": opened, "due_on": opened + timedelta(days=choice),
            "closed_on": None, "closing_method": None,
            "repeat_of": origins[choice % len(origins)] if origins and choice % 2 else None,
        }]  # fmt: skip
        return {no}

    def _correct(self, no: str, days: tuple[int, int], choice: int, as_of: date) -> None:
        newest = self.cases[no][-1]
        closed = newest["opened_on"] + timedelta(days=days[0] % ((as_of - newest["opened_on"]).days + 1))
        is_closed = choice % 3 > 0
        newest.update(
            lead_department_code=("D01", None)[choice % 2],
            due_on=newest["opened_on"] + timedelta(days=days[1]),
            closed_on=closed if is_closed else None,
            closing_method=METHODS[choice % 4] if is_closed else None,
        )

    def _rebound(self, no: str, days: tuple[int, int], choice: int, as_of: date) -> None:
        newest = self.cases[no][-1]
        if newest["closed_on"] is None:
            return
        opened = newest["closed_on"] + timedelta(days=days[0] % ((as_of - newest["closed_on"]).days + 1))
        again = {"episode": newest["episode"] + 1, "opened_on": opened, "due_on": None, "closed_on": None}
        self.cases[no].append(newest | again | {"closing_method": None})

    def _move(self, no: str, days: tuple[int, int], choice: int, as_of: date) -> None:
        for row in self.cases[no]:
            row.update(place(choice))

    def _delete(self, no: str, days: tuple[int, int], choice: int, as_of: date) -> None:
        if all(row["repeat_of"] != no for row in self.rows):
            del self.cases[no]


ACTIONS = st.sampled_from(("open", "open", "open", "correct", "correct", "rebound", "move", "delete"))
CHANGES = st.tuples(ACTIONS, st.integers(0, 50), st.tuples(st.integers(0, 200), st.integers(0, 60)), st.integers(0, 11))
BATCHES = st.tuples(*(st.lists(CHANGES, max_size=8) for _ in AS_OFS))
Batches = tuple[list[tuple[str, int, tuple[int, int], int]], ...]


@pytest.fixture
def setting(connection: Connection, county: str, add: Callable[..., None]) -> None:
    """Indicators of cases that follow repeats and rebounds, under a scheme."""
    add("departments", {"code": "D01"})
    add("schemes", {"code": "S"})
    for code in TOWNSHIPS:
        add("regions", {"code": f"{code}201", "parent_code": code, "level": "village", "name": "一村"})
    for source in FIGURES:
        is_count = source == "disputes_opened"
        add("kpis", {"code": source[:32], "computed_from": source, "kind": "count" if is_count else "proportion",
                     "unit": "件" if is_count else "%", "direction": "neutral" if is_count else "higher",
                     "period": "flow" if source.startswith("petitions") or is_count else "state"})  # fmt: skip
        add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": source[:32], "weight": 20})


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Leave nothing of an example to the next one, whether it holds or fails."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def assert_recounted(connection: Connection, rows: list[Row], as_ofs: tuple[date, ...]) -> None:
    assert stored(connection) == expected(rows, calendar(*as_ofs))
    limited = snapshot(connection)
    with undone(connection):
        refresh(connection, as_of=as_ofs[-1], source="重算")
        assert snapshot(connection) == limited


@given(batches=BATCHES)
@CHECKED
def test_after_loads_corrections_moves_rebounds_and_deletions(
    connection: Connection, setting: None, tmp_path: Path, batches: Batches
) -> None:
    county, done = County(), list[date]()
    with undone(connection):
        for as_of, batch in zip(AS_OFS, batches, strict=True):
            before = {no: [dict(row) for row in rows] for no, rows in county.cases.items()}
            touched = {no for change in batch for no in county.change(*change, as_of)}
            gone = touched & before.keys() - county.cases.keys()
            if _load(connection, county, touched - gone, tmp_path, as_of) or not done:
                done.append(as_of)
            if gone:
                _delete(connection, [row for no in sorted(gone) for row in before[no]], as_of)
                done.append(as_of)
            assert_recounted(connection, county.rows, tuple(done))
            assert not refresh_if_changed(connection, today=as_of).is_new, "a release remembers all that it holds"


def _load(connection: Connection, county: County, touched: set[str], folder: Path, as_of: date) -> bool:
    rows = [row for no in sorted(touched & county.cases.keys()) for row in county.cases[no]]
    if rows:
        pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(folder / "cases.csv", index=False)
        return load(connection, [folder / "cases.csv"], as_of=as_of, today=as_of).release is not None
    has_none = connection.scalar(sa.select(sa.func.count()).select_from(tables.data_releases)) == 0
    if has_none:
        refresh(connection, as_of=as_of, source="空")
    return has_none


def _delete(connection: Connection, gone: list[Row], as_of: date) -> None:
    for no in {row["case_no"] for row in gone}:
        connection.execute(tables.cases.delete().where(tables.cases.c.case_no == no))
    repeated = {row["repeat_of"] for row in gone} - {None}
    origins = connection.scalars(sa.select(tables.cases.c.township_code).where(tables.cases.c.case_no.in_(repeated)))
    since = min(row["opened_on"] for row in gone)
    townships = {*(row["township_code"] for row in gone), *origins}
    refresh(connection, as_of=as_of, source="删除", since=since, townships=townships)


@pytest.fixture
def behind_a_view(connection: Connection, setting: None) -> Iterator[sa.Table]:
    """A ledger under another name, seen as the view `cases`; all of it is rolled back."""
    ledger = sa.Table("ledger", sa.MetaData(), *(sa.Column(c.name, c.type) for c in tables.cases.columns))
    connection.exec_driver_sql("ALTER TABLE cases RENAME TO put_aside")
    ledger.create(connection)
    connection.exec_driver_sql("CREATE VIEW cases AS SELECT * FROM ledger")
    yield ledger
    connection.exec_driver_sql("DROP VIEW cases")


@given(batches=BATCHES)
@CHECKED
def test_after_changes_behind_a_view_that_the_scheduled_refresh_notices(
    connection: Connection, behind_a_view: sa.Table, batches: Batches
) -> None:
    county, done = County(), list[date]()
    with undone(connection):
        for as_of, batch in zip(AS_OFS, batches, strict=True):
            before = [dict(row) for row in county.rows]
            for change in batch:
                county.change(*change, as_of)
            connection.execute(behind_a_view.delete())
            if county.rows:
                connection.execute(behind_a_view.insert(), county.rows)
            refreshed = refresh_if_changed(connection, today=date(2020, 1, 1), as_of=done[-1] if done else as_of)
            assert refreshed.is_new == (not done or _keyed(before) != _keyed(county.rows)), "noticed, and only then"
            if not done:
                done.append(as_of)
            done.append(refresh_if_changed(connection, today=date(2020, 1, 1), as_of=as_of).as_of)
            assert_recounted(connection, county.rows, tuple(done))


def _keyed(rows: list[Row]) -> list[tuple[Any, ...]]:
    return sorted((row["case_no"], row["episode"], *(str(row[name]) for name in COLUMNS)) for row in rows)


@pytest.mark.parametrize("days", [(date(2019, 4, 2), date(2019, 2, 2)), (date(2019, 2, 2), date(2019, 4, 2))])
def test_every_township_s_months_begin_with_the_first_case_of_any(
    connection: Connection, setting: None, add_cases: Callable[..., None], days: tuple[date, date]
) -> None:
    cases = [{"township_code": code, "stream": "dispute", "opened_on": day, "case_no": code}
             for code, day in zip(TOWNSHIPS, days, strict=False)]  # fmt: skip
    add_cases(*cases)
    refresh(connection, as_of=AS_OFS[-1], source="测试")
    connection.execute(tables.cases.delete().where(tables.cases.c.opened_on < date(2019, 3, 1)))
    earlier, since = [case for case in cases if case["opened_on"] < date(2019, 3, 1)], date(2019, 2, 2)
    for rows in (earlier, []):  # gone, back again
        refresh(connection, as_of=AS_OFS[-1], source="测试", since=since, townships={earlier[0]["township_code"]})
        assert not refresh_if_changed(connection, today=AS_OFS[-1]).is_new
        limited = snapshot(connection)
        with undone(connection):
            refresh(connection, as_of=AS_OFS[-1], source="重算")
            assert snapshot(connection) == limited
        add_cases(*rows)


def test_a_swap_that_leaves_every_count_and_newest_day_alone_is_noticed(engine: Engine) -> None:
    case = {"township_code": TOWNSHIPS[0], "episode": 1, "opened_on": FIRST}
    rows = [case | {"case_no": "甲", "stream": "dispute"}, case | {"case_no": "乙", "stream": "event"}]
    with engine.begin() as connection:
        connection.execute(tables.cases.insert(), rows)
        assert refresh_if_changed(connection, today=FIRST).is_new
        assert not refresh_if_changed(connection, today=FIRST).is_new
        connection.execute(tables.cases.delete())
        connection.execute(tables.cases.insert(), list(reversed(rows)))
        assert not refresh_if_changed(connection, today=FIRST).is_new, "the order of rows means nothing"
        connection.execute(tables.cases.update().where(tables.cases.c.case_no == "甲").values(case_no="丙"))
        assert refresh_if_changed(connection, today=FIRST).changes == f"案件台账（{TOWNSHIPS[0]}）"
