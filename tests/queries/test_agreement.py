"""The indicators and the pages tell the same figures: the same question has one answer in the demo county."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from analysis.scope import Scope
from analysis.tasks import on_schedule
from queries.backlog import backlog_at, backlog_by_month
from queries.rankings import kpi_table, ranking
from queries.tasks import task_matrix

MONTH_ENDS = [date(2020, 6, 30), date(2020, 7, 31), date(2020, 8, 31)]


@pytest.fixture
def demo(demo_engine):
    with demo_engine.connect() as connection:
        yield connection


@pytest.fixture
def whole(demo):
    codes = demo.scalars(sa.text("select code from regions where level = 'township'"))
    return Scope(as_of=date(2020, 8, 31), townships=frozenset(codes))


def _own(demo, kpi, month):
    """Return the month's own n / N by township, as stored."""
    statement = "select region_code, numerator, denominator from kpi_values where kpi_code = :kpi and month = :month"
    rows = demo.execute(sa.text(statement), {"kpi": kpi, "month": month.isoformat() if _is_sqlite(demo) else month})
    return {row.region_code: (row.numerator, row.denominator) for row in rows}


def _is_sqlite(demo):
    return demo.dialect.name == "sqlite"


@pytest.mark.parametrize("day", MONTH_ENDS)
def test_k01_is_the_campaigns_resolution_rate_of_what_townships_lead(demo, whole, day):
    found = backlog_at(demo, replace(whole, as_of=day, campaign="BRGJ2020"))
    led = {row.township_code: (row.led_closed, row.led_opened) for row in found.itertuples() if row.led_opened}
    assert len(led) >= 12
    assert _own(demo, "K01", day.replace(day=1)) == led


@pytest.mark.parametrize("day", [date(2020, 5, 31), *MONTH_ENDS])
def test_k16_is_the_checklists_share_on_schedule(demo, whole, day):
    cells = task_matrix(demo, replace(whole, as_of=day))
    found = {code: on_schedule(own) for code, own in cells[cells["scope"] == "township"].groupby("region_code")}
    assert len(found) == 14
    assert _own(demo, "K16", day.replace(day=1)) == found


def test_k21_is_the_months_disputes(demo, whole):
    monthly = backlog_by_month(demo, replace(whole, stream="dispute"))
    own = monthly[monthly["month_end"] == pd.Timestamp(2020, 8, 31)]
    opened = {row.township_code: (row.opened, None) for row in own.itertuples()}
    assert sum(n for n, _ in opened.values()) > 50
    assert _own(demo, "K21", date(2020, 8, 1)) == opened


@pytest.mark.parametrize("year", [2019, 2020])
def test_k20_is_the_change_of_the_months_petitions(demo, whole, year):
    monthly = backlog_by_month(demo, replace(whole, stream="petition")).set_index(["township_code", "month_end"])[
        "opened"
    ]
    month, before = pd.Timestamp(year, 8, 31), pd.Timestamp(year - 1, 8, 31)
    expected = {
        code: (monthly[code, month] - monthly[code, before], monthly[code, before])
        for code in monthly.index.levels[0]
        if monthly[code, before] > 0
    }
    assert len(expected) >= 12
    assert _own(demo, "K20", month.date().replace(day=1)) == expected


def test_the_indicators_of_a_month_add_up_to_the_ranking(demo, whole):
    for day in MONTH_ENDS:
        scope = replace(whole, as_of=day)
        table = kpi_table(demo, scope)
        judged = table[(table["weight"] > 0) & table["score"].notna()]
        weighted = (judged["weight"] * judged["score"]).groupby(judged["township_code"]).sum()
        composite = weighted / judged["weight"].groupby(judged["township_code"]).sum()
        scores = ranking(demo, scope).set_index("township_code")["score"].dropna()
        pd.testing.assert_series_equal(composite[scores.index].rename("score"), scores, rtol=0, atol=1e-9)
