"""Rows and newest days of every table, on both databases."""

from datetime import date

import pandas as pd

from database.tables import METADATA
from queries.holdings import holdings, newest_cases
from tests.conftest import TOWNSHIPS


def test_every_table_is_counted_with_its_newest_day(connection, county, add, add_cases):
    add_cases({"opened_on": date(2020, 8, 3)}, {"opened_on": date(2020, 7, 1), "closed_on": date(2020, 9, 9)})
    cell = {"region_code": TOWNSHIPS[0], "task_code": "T"}
    add("task_progress", {**cell, "month": date(2020, 12, 1)},  # a plan, not a report
        {**cell, "month": date(2020, 7, 1), "reported_on": date(2020, 7, 24)})  # fmt: skip
    found = holdings(connection).set_index("table")
    assert found.index.tolist() == list(METADATA.tables)
    assert found["rows"].to_dict() | {"cases": 2, "task_progress": 2, "regions": 4} == found["rows"].to_dict()
    assert found["rows"].sum() == 8
    assert found.loc["cases", "newest"] == pd.Timestamp(2020, 8, 3)
    assert found.loc["task_progress", "newest"] == pd.Timestamp(2020, 7, 24)
    assert found.loc[["regions", "kpi_values"], "newest"].isna().all()


def test_base_tables_are_as_large_as_the_newest_release_counted(connection, county, add, add_cases, release):
    """Derived tables, and indicators, of which most are derived, are counted anew."""

    def held(name):
        return holdings(connection).set_index("table").loc[name, "rows"]

    add_cases({"opened_on": date(2020, 8, 3)}, {"opened_on": date(2020, 7, 1), "township_code": TOWNSHIPS[1]})
    release(date(2020, 8, 3))
    assert holdings(connection).set_index("table").loc["cases"].tolist() == [2, pd.Timestamp(2020, 8, 3)]
    plans, figures = held("task_progress"), held("kpi_values")
    add_cases({"opened_on": date(2020, 7, 9)})
    add("task_progress", {"region_code": TOWNSHIPS[0], "task_code": "T", "month": date(2020, 7, 1)})
    add("kpi_values", {"region_code": TOWNSHIPS[0], "kpi_code": "K99", "month": date(2020, 7, 1)})
    assert (held("cases"), held("task_progress"), held("kpi_values")) == (2, plans, figures + 1)
    release(date(2020, 8, 4))
    assert (held("cases"), held("task_progress")) == (3, plans + 1)


def test_every_stream_has_its_own_newest_case(connection, county, add_cases):
    dispute = {"stream": "dispute"}
    add_cases({"opened_on": date(2020, 8, 3), **dispute}, {"opened_on": date(2020, 7, 1), **dispute})
    add_cases({"opened_on": date(2020, 8, 20), "stream": "event"})
    assert newest_cases(connection).to_dict("records") == [
        {"stream": "dispute", "newest": pd.Timestamp(2020, 8, 3)},
        {"stream": "event", "newest": pd.Timestamp(2020, 8, 20)},
    ]


def test_without_cases_no_stream_is_named(connection, county):
    assert newest_cases(connection).empty
