"""Public data are shaped into workbooks that load, and the reads say of them what a count of the source says."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.scope import Scope
from benchmarks.real_data import citizen_reports, elevator_log, write_sheets
from database.load import Loaded, load
from database.tables import backlog_states
from queries.backlog import backlog_at, backlog_by_week
from queries.rankings import kpi_table

TODAY = date(2026, 6, 1)
LOG = pd.DataFrame(
    [
        ("1", "05 BRONX", "Device", "2024-12-31T09:24:11", "2025-05-29T00:00:00", "Closed", "DOB", "BRONX"),
        ("2", "05 BRONX", "Device", "2024-03-01T10:00:00", "2024-03-01T10:00:00", "Closed", "DOB", "BRONX"),
        ("3", "05 BRONX", "Device", "2024-03-01T10:00:00", None, "Open", "DOB", "BRONX"),
        ("4", "08 BRONX", "Device", "2024-04-01T10:00:00", "2024-05-01T00:00:00", "Assigned", "DOB", "MANHATTAN"),
        ("5", "05 QUEENS", "MAINTENANCE", "2024-04-01T10:00:00", "2024-04-02T00:00:00", "Closed", "HPD", "QUEENS"),
        ("6", "Unspecified BRONX", "Device", "2024-04-01T10:00:00", "2024-04-02T00:00:00", "Closed", "DOB", "BRONX"),
    ],
    columns=["case_id", "district", "category", "opened_at", "closed_at", "status", "unit", "borough"],
    dtype="str",
).assign(due_at=None)
REPORTS = pd.DataFrame(
    [
        ("路燈不亮或損壞", "中山區", "2015-07", "3", "1179", "0.2545"),
        ("路燈不亮或損壞", "中山區", "2015-08", "5", "1000", "0.5"),
        ("污染舉發", "中山區", "2015-08", "700", "1000", "70"),
        ("污染舉發", "信義區", "2015-08", "1", "1", "100"),
    ],
    columns=["indicator", "district", "period", "numerator", "denominator", "value"],
    dtype="str",
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "全部.xlsx"


def loaded(connection: Connection, book: Path, as_of: date | None = None) -> Loaded:
    return load(connection, [book], as_of=as_of, today=TODAY)


def test_complaints_are_counted_where_and_as_the_source_says(connection: Connection, book: Path) -> None:
    shaped = elevator_log(LOG)
    write_sheets(book, shaped.sheets)
    done = loaded(connection, book)
    assert (done.rows, done.as_of) == ({"cases": 6, "departments": 2, "regions": 4}, date(2025, 5, 29))
    scope = Scope(done.as_of, frozenset({"BX05", "BX08", "QN05"}), stream="appeal")
    found = backlog_at(connection, scope).set_index("township_code")[["opened", "closed", "open", "overdue"]]
    assert found.loc[["BX05", "BX08", "QN05"]].to_numpy().tolist() == [[3, 2, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0]]
    weekly = backlog_by_week(connection, scope, with_county=True).groupby("week_end").sum(numeric_only=True)
    change = weekly["open"].diff().iloc[1:]
    assert change.eq((weekly["opened"] + weekly["reopened"] - weekly["closed"]).iloc[1:]).all()
    assert (len(weekly), weekly["open"].iloc[-1]) == (66, 2)  # from the week of 1 March 2024 to 29 May 2025
    s = backlog_states.c
    whole = sa.select(s.opened_to_date, s.open).where(s.region_code == "NYC", s.platform == "", s.day == done.as_of)
    assert connection.execute(whole).all() == [(6, 2)]
    assert shaped.remarks == (
        "未注明社区委员会的1件记在全市（县本级）",
        "状态不是已结案而有结案时间的1件按未办结",
        "所在区与社区委员会名称不同的1件按社区委员会",
        "开始与结束同一秒的1件按当日办结",
        "没有期限的6件不计超期",
    )


def test_shares_of_reports_are_those_of_the_source_over_twelve_months(connection: Connection, book: Path) -> None:
    shaped = citizen_reports(REPORTS)
    write_sheets(book, shaped.sheets)
    done = loaded(connection, book, as_of=date(2015, 8, 31))
    assert done.rows == {"kpi_values": 4, "kpis": 2, "regions": 3}
    table = kpi_table(connection, Scope(done.as_of, frozenset({"TPE01", "TPE02"})))
    found = table.dropna(subset="numerator")[["kpi_code", "township_code", "numerator", "denominator", "value"]]
    share = 100 * (3 + 5) / (1179 + 1000)
    assert sorted(found.itertuples(index=False, name=None)) == [
        ("R01", "TPE01", 700, 1000, 70),
        ("R01", "TPE02", 1, 1, 100),
        ("R02", "TPE01", 8, 2179, pytest.approx(share)),
    ]
    assert shaped.remarks == ("8个区、月、类别中4个没有行，按未报送，不记为0",)
