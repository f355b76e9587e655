from datetime import date

import pandas as pd
import pytest

from analysis.scope import Scope
from queries import ROWS
from queries.backlog import backlog_at
from queries.frames import read_frame
from queries.regions import townships
from queries.township import township_facts, village_backlog
from tests.conftest import COUNTY

JIA, YI = "330822001", "330822104"
A, B, C = "330822001001", "330822001002", "330822104001"


def d(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def villages(county, add, add_cases):
    for order, (code, parent, name, kind) in enumerate(
        [(B, JIA, "乙村", "村"), (A, JIA, "甲社区", "社区"), (C, YI, "丙村", "村"), ("x", "330823001", "外村", "村")]
    ):
        add("regions", {"code": code, "parent_code": parent, "level": "village", "name": name, "kind": kind,
                        "sort_order": order, "named_on": d("07-01") if code == A else d("09-02")})  # fmt: skip
    add_cases(
        {"village_code": A, "opened_on": d("08-03"), "due_on": d("08-20")},
        {"village_code": A, "opened_on": d("06-01"), "campaign_code": "专项", "lead_department_code": "D04"},
        {"case_no": "又", "village_code": B, "opened_on": d("05-01"), "closed_on": d("05-20")},
        {"case_no": "又", "episode": 2, "village_code": B, "opened_on": d("08-01"), "first_opened_on": d("05-01")},
        # decoys: closed, of another stream, later, without a village, closed after the day
        {"village_code": C, "township_code": YI, "opened_on": d("08-01"), "closed_on": d("08-02")},
        {"village_code": C, "township_code": YI, "opened_on": d("08-01"), "stream": "petition"},
        {"village_code": C, "township_code": YI, "opened_on": d("09-01")},
        {"opened_on": d("08-01")},
        {"village_code": B, "opened_on": d("09-01"), "due_on": d("08-01")},
    )


def test_each_village_counts_what_waits_in_it(connection, villages, scope):
    found = village_backlog(connection, scope)
    assert found["village"].tolist() == ["甲社区", "乙村", "丙村"]
    assert found["open"].tolist() == [2, 1, 0]
    assert found["overdue"].tolist() == [1, 0, 0]
    assert found["oldest_on"].tolist()[:2] == [pd.Timestamp("2020-06-01"), pd.Timestamp("2020-05-01")]
    assert pd.isna(found["oldest_on"].iloc[2])


def test_a_village_is_accepted_from_its_day_on(connection, villages, scope):
    named = village_backlog(connection, scope).set_index("village")["named_on"]
    assert named["甲社区"] == pd.Timestamp("2020-07-01")
    assert named[["乙村", "丙村"]].isna().all()


def test_villages_are_rows_and_a_department_counts_what_it_leads(connection, villages, scope):
    assert village_backlog in ROWS
    own = village_backlog(connection, Scope(scope.as_of, frozenset({JIA}), department="D04"))
    assert own["open"].tolist() == [1, 0]


def test_a_township_is_told_with_its_posts_and_villages(connection, county, villages, add, scope):
    found = township_facts(connection, scope)
    assert found["township_code"].tolist() == [JIA, YI, "330822200"]
    assert found["villages"].tolist() == [2, 1, 0]
    assert found["county_leader"].isna().all()


def test_the_demo_villages_agree_with_a_recount(demo_engine):
    with demo_engine.connect() as connection:
        codes = frozenset(townships(connection)["code"])
        for day in (date(2019, 3, 14), date(2020, 8, 31)):
            scope = Scope(day, codes)
            found = village_backlog(connection, scope)
            assert len(found) == 198
            waiting = _recount(connection, day)
            expected = waiting[waiting["village_code"].notna()].groupby("village_code").size()
            assert found.set_index("village_code")["open"].loc[expected.index].tolist() == expected.tolist()
            assert found["open"].sum() == expected.sum()
            assert backlog_at(connection, scope)["open"].sum() == len(waiting)
        facts = township_facts(connection, Scope(date(2020, 8, 31), codes))
        assert facts["villages"].sum() == 198
        assert facts["county_leader"].notna().all()


def _recount(connection, day: date) -> pd.DataFrame:
    """Return the open backlog cases of the townships on a day, straight from the rows."""
    from database.tables import cases

    names = {"township_code": "str", "case_no": "str", "episode": "int64", "village_code": "str",
             "opened_on": "datetime64[s]", "closed_on": "datetime64[s]", "stream": "str"}  # fmt: skip
    rows = read_frame(connection, cases.select().with_only_columns(*(cases.c[name] for name in names)), names)
    own = rows[(rows["stream"] == "petition_backlog") & (rows["opened_on"] <= pd.Timestamp(day))]
    newest = own.sort_values("episode").groupby(["township_code", "case_no"]).tail(1)
    is_open = newest["closed_on"].isna() | (newest["closed_on"] > pd.Timestamp(day))
    return newest[is_open & (newest["township_code"] != COUNTY)]
