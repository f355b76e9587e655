"""Taking a few changed cases off and adding them leaves what a recount of every case leaves."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection

from database import refresh as refreshing
from database import tables
from database.kpis import COMPUTED, OF_REPORTS, OF_SETS, SUMS
from database.load import load
from database.loading.files import Upload
from database.refresh import refresh
from database.schedule import refresh_if_changed
from tests.conftest import COUNTY, TOWNSHIPS
from tests.database.conftest import METHODS, PLATFORMS, Row, random_cases
from tests.database.test_refresh import snapshot

AS_OF = date(2020, 8, 31)
COLUMNS = [column.name for column in tables.cases.columns if column.name != "first_opened_on"]
MONTHS = [date(2020, number, 1) for number in range(1, 9)]
AS_OFS = (AS_OF, date(2020, 9, 2), date(2020, 9, 17), date(2020, 9, 10))
"""Days of corrections: one that is stored, two that come later, one between."""


Cases = dict[str, list[Row]]
"""Every episode by case number."""


@pytest.fixture
def setting(connection: Connection, county: str, add: Callable[..., None]) -> None:
    """Every computed indicator, under a scheme, in townships of two villages and a campaign of the last months."""
    add("departments", {"code": "D01"}, {"code": "D02"})
    add("campaigns", {"code": "BRGJ", "starts_on": date(2020, 6, 12), "ends_on": date(2020, 9, 19)})
    add("schemes", {"code": "S", "valid_from": date(2020, 8, 1)})
    add("tasks", {"code": "T"})
    add("kpis", {"code": "R", "name": "暗访", "unit": "分", "kind": "score", "direction": "higher", "period": "state"})
    add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": "R", "weight": 10, "goal": 100, "floor": 60})
    for code in TOWNSHIPS:
        connection.execute(tables.regions.update().where(tables.regions.c.code == code).values(population=5000))
        add(
            "regions",
            *({"code": f"{code}{n}", "parent_code": code, "level": "village", "name": f"{n}村"} for n in (1, 2)),
        )
    for number, source in enumerate(COMPUTED):
        is_count = source == "disputes_opened"
        unit = "件" if is_count else "件/万人" if source == "suits_per_resident" else "%"
        add("kpis", {"code": f"K{number:02d}", "computed_from": source, "unit": unit, "period": "flow",
                     "kind": "count" if is_count else "proportion", "direction": "higher"})  # fmt: skip
        add(
            "kpi_weights",
            {"region_code": COUNTY, "scheme": "S", "kpi_code": f"K{number:02d}", "weight": 5, "goal": 100, "floor": 0},
        )


@pytest.fixture
def corrected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The episodes of each correction that was not a recount."""
    seen: list[int] = []

    def spy(connection: Connection, correction: Any, given: Any) -> None:
        seen.append(len(correction.after))
        real(connection, correction, given)

    real = refreshing.write_correction
    monkeypatch.setattr(refreshing, "write_correction", spy)
    return seen


def known_cases(rng: random.Random, count: int) -> Cases:
    """Random cases that a load takes: nothing after the last day, nothing repeated that is not there."""
    held: Cases = {}
    for row in random_cases(rng.randrange(1000), count=count):
        accepted, before = row["accepted_on"], row.get("repeat_of")
        fitting = {"accepted_on": accepted if accepted and accepted <= AS_OF else None}
        fitting |= {
            "repeat_of": before if before in held else None,
            "category": rng.choice((None, "民事一审")),
            "channel": rng.choice((None, "来访")),
        }
        held.setdefault(row["case_no"], []).append(row | fitting)
    return held


def changed(rng: random.Random, episodes: list[Row]) -> list[Row]:
    """Return a case's episodes with one thing changed, where it makes sense."""
    newest, closed = episodes[-1], episodes[-1]["closed_on"]
    later = newest["opened_on"] + timedelta(days=rng.randint(0, (AS_OF - newest["opened_on"]).days))
    what = rng.choice(("close", "open", "due", "lead", "platform", "rating", "accept", "move", "rebound", "village",
                       "words"))  # fmt: skip
    if what in ("move", "platform"):
        moved = {"township_code": rng.choice((COUNTY, *TOWNSHIPS)), "village_code": None}
        every = moved if what == "move" else {"platform": rng.choice(PLATFORMS)}
        return [row | every for row in episodes]
    if what == "rebound" and closed:
        none = dict.fromkeys(("closed_on", "closing_method", "due_on", "accept_due_on", "accepted_on", "satisfaction"))
        again = closed + timedelta(days=rng.randint(0, (AS_OF - closed).days))
        return [*episodes, newest | none | {"episode": newest["episode"] + 1, "opened_on": again}]
    changes: dict[str, Row] = {
        "close": {"closed_on": later, "closing_method": rng.choice(METHODS)},
        "open": {"closed_on": None, "closing_method": None, "satisfaction": None},
        "due": {"due_on": newest["opened_on"] + timedelta(days=rng.randint(0, 90))},
        "accept": {"accepted_on": later},
        "lead": {"lead_department_code": rng.choice((None, "D01"))},
        "rating": {"satisfaction": rng.randint(1, 3)},
        "words": {"level": rng.choice((None, "重大")), "channel": "来信", "case_leader": rng.choice((None, "镇长"))},
        "village": {}
        if newest["township_code"] == COUNTY
        else {"village_code": newest["township_code"] + rng.choice("12")},
    }
    return [*episodes[:-1], newest | changes.get(what, {})]


def new_case(rng: random.Random, no: str, known: list[str]) -> list[Row]:
    stream = rng.choice(("petition", "petition", "litigation", "dispute", "risk", "petition_backlog"))
    opened = AS_OF - timedelta(days=rng.randint(0, 300))
    about = {"township_code": rng.choice(TOWNSHIPS), "case_no": no, "episode": 1, "stream": stream, "opened_on": opened}
    repeats = rng.choice(known) if stream == "petition" else None
    return [dict.fromkeys(COLUMNS) | about | {"category": rng.choice((None, "民事一审")), "repeat_of": repeats}]


def next_cases(rng: random.Random, held: Cases, number: int) -> Cases:
    """Return the cases after a dozen changes: two gone, one new, the others corrected; none of the first months."""
    late = sorted(no for no, own in held.items() if own[0]["opened_on"] >= date(2019, 3, 1))
    chosen = rng.sample(late, 12)
    gone = set(chosen[:2])
    after = {no: changed(rng, own) if no in chosen else own for no, own in held.items() if no not in gone}
    after[f"新{number}"] = new_case(rng, f"新{number}", late[:5])
    return {no: [row | {"repeat_of": None} if row.get("repeat_of") in gone else row for row in own]
            for no, own in after.items()}  # fmt: skip


def reports_of(rng: random.Random, months: list[date]) -> list[Upload]:
    """Reports of the county's and two townships' task, and what a department reports of a township."""
    rows = [{"region_code": code, "task_code": "T", "month": month, "planned_pct": rng.choice((40, 50)),
             "actual_pct": rng.choice((30, 60, 100)), "reported_on": month}
            for code in (COUNTY, *TOWNSHIPS[:2]) for month in months]  # fmt: skip
    scores = [{"region_code": code, "kpi_code": "R", "month": month, "value": rng.randint(50, 100)}
              for code in TOWNSHIPS for month in months]  # fmt: skip
    return [file_of(rows, list(rows[0]), "task_progress"), file_of(scores, list(scores[0]), "kpi_values")]


def departments_of(rng: random.Random, held: Cases) -> Upload:
    """Departments of a few cases, sometimes two, sometimes those of a later episode, which do not count."""
    rows = [
        {**{name: row[name] for name in ("township_code", "case_no", "episode")}, "department_code": code}
        for no in rng.sample(sorted(held), 12)
        for row in held[no]
        for code in rng.choice((("D01",), ("D01", "D02")))
    ]
    return file_of(rows, list(rows[0]), "case_departments")


def file_of(rows: list[Row], columns: list[str] = COLUMNS, table: str = "cases") -> Upload:
    return Upload(f"{table}.csv", pd.DataFrame(rows).reindex(columns=columns).to_csv(index=False).encode())


def test_a_correction_of_cases_equals_a_recount(connection: Connection, setting: None, corrected: list[int]) -> None:
    rng = random.Random(connection.dialect.name)
    held = known_cases(rng, 200)
    reports = reports_of(rng, MONTHS)
    every = file_of([row for own in held.values() for row in own])
    load(connection, [every, departments_of(rng, held), *reports], as_of=AS_OF, today=AS_OF)
    assert corrected == [], "the first load counts every case"
    for number in range(len(AS_OFS)):
        after = next_cases(rng, held, number)
        wanted = [row for no, own in after.items() if own != held.get(no) for row in own]
        gone = [row for no, own in held.items() if no not in after for row in own]
        removed = [file_of(gone, ["township_code", "case_no", "episode"])]
        as_of, given = AS_OFS[number], [file_of(wanted), *reports_of(rng, rng.sample(MONTHS, number + 1))]
        given.append(departments_of(rng, after))
        assert load(connection, given, deletions=removed, as_of=as_of, today=date(2020, 9, 20)).release is not None
        assert not refresh_if_changed(connection, today=AS_OF).is_new, "the marks are those of the rows"
        quick = snapshot(connection)
        assert all(quick.values())
        refresh(connection, as_of=as_of, source="重算")
        assert snapshot(connection) == quick
        held = after
    assert len(corrected) >= len(AS_OFS) - 1, "the shorter way was taken"


def test_what_is_no_small_correction_is_counted_again(
    connection: Connection,
    setting: None,
    corrected: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [row for own in known_cases(random.Random(5), 60).values() for row in own]
    load(connection, [file_of(rows)], as_of=AS_OF, today=AS_OF)
    numbers = [row["case_no"] for row in rows]
    last = max((row for row in rows if numbers.count(row["case_no"]) == 1), key=lambda row: row["opened_on"])
    one = last | {"due_on": last["opened_on"] + timedelta(days=9)}
    population = Upload("regions.csv", f"code,level,name,population\n{TOWNSHIPS[0]},township,天马街道,6000\n".encode())
    load(connection, [file_of([one]), population], as_of=AS_OF, today=AS_OF)
    assert corrected == [], "indicators depend on the residents"
    load(connection, [file_of([one | {"platform": "便民服务"}])], as_of=date(2020, 9, 30), today=date(2020, 9, 30))
    assert corrected == [], "a new month asks for every region"
    load(connection, [file_of([one])], as_of=AS_OF, today=AS_OF)
    assert len(corrected) == 1
    monkeypatch.setattr("database.corrections.MOST_CASES", 1)
    load(connection, [file_of([last])], as_of=AS_OF, today=AS_OF)
    assert len(corrected) == 1
    limited = snapshot(connection)
    refresh(connection, as_of=AS_OF, source="重算")
    assert snapshot(connection) == limited


def test_a_correction_of_reports_alone_counts_no_case_and_equals_a_recount(
    connection: Connection, setting: None, corrected: list[int]
) -> None:
    rng = random.Random(3)
    rows = [row for own in known_cases(rng, 60).values() for row in own]
    load(connection, [file_of(rows), *reports_of(rng, MONTHS)], as_of=AS_OF, today=AS_OF)
    before = snapshot(connection)
    load(connection, reports_of(rng, MONTHS[3:6]), as_of=date(2020, 9, 2), today=date(2020, 9, 2))
    assert corrected == [0]
    assert not refresh_if_changed(connection, today=AS_OF).is_new
    quick = snapshot(connection)
    assert quick["kpi_values"] != before["kpi_values"]
    refresh(connection, as_of=date(2020, 9, 2), source="重算")
    assert snapshot(connection) == quick


def test_departments_of_cases_that_stay_as_they_are_leave_their_mark(
    connection: Connection, setting: None, corrected: list[int]
) -> None:
    known = known_cases(random.Random(5), 20)
    rows = [row for own in known.values() for row in own]
    load(connection, [file_of(rows)], as_of=AS_OF, today=AS_OF)
    one, other = (own[0] for own in list(known.values())[:2])
    involved = [
        {"township_code": one["township_code"], "case_no": one["case_no"], "episode": 1, "department_code": "D01"}
    ]
    files = [file_of(involved, list(involved[0]), "case_departments"), file_of([other | {"level": "重大"}])]
    load(connection, files, as_of=AS_OF, today=AS_OF)
    assert len(corrected) == 1
    assert not refresh_if_changed(connection, today=AS_OF).is_new
    involved = snapshot(connection)["department_months"]
    assert [row[-2:] for row in involved] == [("D01", 1)]
    load(connection, deletions=files[:1], files=[], as_of=AS_OF, today=AS_OF)
    assert not refresh_if_changed(connection, today=AS_OF).is_new
    assert snapshot(connection)["department_months"] == []


def test_the_first_case_of_all_is_corrected_where_the_start_stays_and_counted_again_where_it_moves(
    connection: Connection, setting: None, corrected: list[int]
) -> None:
    rows = [row for own in known_cases(random.Random(5), 60).values() for row in own]
    first = min((row for row in rows if row["stream"] == "petition"), key=lambda row: row["opened_on"])
    first |= {"opened_on": date(2019, 1, 2), "closed_on": date(2019, 1, 9), "accepted_on": None}
    rows = [row for row in rows if row["case_no"] != first["case_no"]]
    load(connection, [file_of([*rows, first])], as_of=AS_OF, today=AS_OF)
    corrections = ({"satisfaction": 1, "due_on": date(2019, 1, 20)}, {"opened_on": date(2019, 1, 7)})
    for correction, count in zip(corrections, (1, 1), strict=True):
        load(connection, [file_of([first | correction])], as_of=AS_OF, today=AS_OF)
        assert len(corrected) == count
        quick = snapshot(connection)
        refresh(connection, as_of=AS_OF, source="重算")
        assert snapshot(connection) == quick


def test_a_rebound_between_the_last_day_and_a_new_one_is_no_new_case(
    connection: Connection, setting: None, corrected: list[int]
) -> None:
    held = known_cases(random.Random(5), 60)
    load(connection, [file_of([row for own in held.values() for row in own])], as_of=AS_OF, today=AS_OF)
    last = next(own[-1] for own in held.values() if own[-1]["closed_on"])
    again = dict.fromkeys(COLUMNS) | {
        name: last.get(name) for name in ("township_code", "case_no", "stream", "platform", "campaign_code")
    }
    again |= {"episode": last["episode"] + 1, "opened_on": date(2020, 9, 1)}
    load(connection, [file_of([again])], today=date(2020, 9, 2), as_of=date(2020, 9, 2))
    assert len(corrected) == 1
    quick = snapshot(connection)
    refresh(connection, as_of=date(2020, 9, 2), source="重算")
    assert snapshot(connection) == quick


def test_every_figure_is_a_sum_over_cases_or_said_not_to_be() -> None:
    assert sorted([*SUMS, *OF_SETS, *OF_REPORTS]) == sorted(COMPUTED)
