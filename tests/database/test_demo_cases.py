"""The demo's cases: every stream since 2018, dates in order, references whole, the years as published."""

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

STREAMS = {"petition_backlog", "petition", "dispute", "event", "appeal", "risk", "litigation"}
AS_OF = pd.Timestamp(2020, 8, 31)
DATES = ("opened_on", "first_opened_on", "accept_due_on", "accepted_on", "due_on", "closed_on")


@pytest.fixture(scope="module")
def cases(demo_engine: Engine) -> pd.DataFrame:
    with demo_engine.connect() as connection:
        frame = pd.read_sql(sa.text("select * from cases"), connection)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in DATES})


def _codes(engine: Engine, statement: str) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(sa.text(statement)).scalars())


def test_every_stream_runs_from_the_first_weeks_of_2018_and_the_whole_is_about_30_000(cases: pd.DataFrame) -> None:
    first = cases.groupby("stream")["opened_on"].min()
    assert set(first.index) == STREAMS
    assert (first < pd.Timestamp(2018, 1, 20)).all()
    assert 29_000 < cases["case_no"].nunique() < 32_000


@pytest.mark.parametrize("stream", ["petition", "litigation"])
def test_fewer_petitions_and_suits_came_in_2019_than_in_2018(cases: pd.DataFrame, stream: str) -> None:
    by_year = cases[cases["stream"] == stream].groupby(cases["opened_on"].dt.year).size()
    assert by_year[2019] < 0.97 * by_year[2018]


def test_petitions_were_few_in_the_spring_of_2020(cases: pd.DataFrame) -> None:
    days = cases.loc[cases["stream"] == "petition", "opened_on"]
    spring = days[days.dt.month.isin((2, 3))].dt.year.value_counts()
    assert spring[2020] < 0.7 * spring[2019]


def test_the_mediation_centre_has_no_rows_before_july_2019_and_the_command_centre_none(cases: pd.DataFrame) -> None:
    centre = cases[cases["platform"] == "矛调中心"]
    assert len(centre) > 500
    assert centre["opened_on"].min() >= pd.Timestamp(2019, 7, 1)
    assert set(cases["platform"].dropna()) == {
        "综治工作",
        "市场监管",
        "综合执法",
        "便民服务",
        "矛调中心",
        "慢城通",
        "智慧城管",
        "应急联动",
    }
    assert set(cases.loc[cases["stream"] == "appeal", "platform"]) == {"慢城通"}


def test_fewer_cases_open_on_weekends_and_at_spring_festival(cases: pd.DataFrame) -> None:
    days = cases.loc[cases["stream"] == "petition", "opened_on"]
    weekday = days.dt.day_of_week.value_counts()
    assert weekday[[5, 6]].max() < 0.6 * weekday[[0, 1, 2, 3, 4]].min()
    festival = days.between("2019-02-04", "2019-02-10").sum()
    assert festival < 0.6 * days.between("2019-02-25", "2019-03-03").sum()


def test_dates_stand_in_order_and_nothing_happened_after_the_as_of_day(cases: pd.DataFrame) -> None:
    for name in ("opened_on", "accepted_on", "closed_on"):
        assert not (cases[name] > AS_OF).any()
    for early, late in (("opened_on", "closed_on"), ("opened_on", "due_on"), ("opened_on", "accepted_on"),
                        ("accepted_on", "closed_on"), ("first_opened_on", "opened_on")):  # fmt: skip
        assert not (cases[early] > cases[late]).any(), (early, late)


def test_episodes_follow_one_another_and_remember_the_first(cases: pd.DataFrame) -> None:
    ordered = cases.sort_values(["case_no", "episode"])
    again = ordered[ordered["episode"] > 1]
    before = ordered.shift().loc[again.index]
    assert len(again) >= 5
    assert (before["case_no"] == again["case_no"]).all()
    assert (before["closed_on"] <= again["opened_on"]).all()
    assert (before["first_opened_on"] == again["first_opened_on"]).all()
    fixed = cases.groupby("case_no")[["township_code", "stream"]].nunique()
    assert (fixed == 1).all(axis=None)


def test_references_are_whole(demo_engine: Engine, cases: pd.DataFrame) -> None:
    regions = _codes(demo_engine, "select code from regions where level in ('township', 'county')")
    villages = _codes(demo_engine, "select code from regions where level = 'village'")
    departments = _codes(demo_engine, "select code from departments")
    assert set(cases["township_code"]) <= regions
    known = cases.dropna(subset="village_code")
    assert set(known["village_code"]) <= villages
    assert (known["village_code"].str[:9] == known["township_code"]).all()
    assert set(cases["lead_department_code"].dropna()) <= departments
    assert _codes(demo_engine, "select department_code from case_departments") <= departments
    orphans = "select d.case_no from case_departments d left join cases c on c.township_code = d.township_code and c.case_no = d.case_no and c.episode = d.episode where c.case_no is null"  # noqa: E501
    assert not _codes(demo_engine, orphans)


def test_a_department_that_leads_is_among_those_involved(demo_engine: Engine) -> None:
    missing = "select c.case_no from cases c left join case_departments d on c.township_code = d.township_code and c.case_no = d.case_no and c.episode = d.episode and c.lead_department_code = d.department_code where c.lead_department_code is not null and d.case_no is null"  # noqa: E501
    assert not _codes(demo_engine, missing)


def test_repeats_name_an_earlier_closed_petition_of_the_same_township(cases: pd.DataFrame) -> None:
    petitions = cases[cases["stream"] == "petition"]
    repeats = petitions.dropna(subset="repeat_of").merge(
        petitions,
        left_on=["township_code", "repeat_of"],
        right_on=["township_code", "case_no"],
        suffixes=("", "_first"),
    )
    assert len(repeats) == petitions["repeat_of"].notna().sum() > 300
    wait = (repeats["opened_on"] - repeats["closed_on_first"]).dt.days
    assert wait.min() >= 1
    assert 0.4 < (wait <= 90).mean() < 0.95
    assert repeats["is_repeat"].all()


def test_methods_are_those_of_the_stream(cases: pd.DataFrame) -> None:
    closed = cases[cases["closed_on"].notna()]
    backlog = closed[closed["stream"] == "petition_backlog"]
    assert set(backlog["closing_method"]) == {"问题解决到位", "调解协议", "帮扶救助", "政策解释息诉", "听证终结",
                                              "复查复核三级终结", "涉法涉诉终结"}  # fmt: skip
    assert cases.loc[cases["closed_on"].isna(), "closing_method"].isna().all()
    assert "程序性办结" in set(closed.loc[closed["stream"] == "petition", "closing_method"])


def test_some_cases_belong_to_the_county_alone(cases: pd.DataFrame) -> None:
    county = cases[cases["township_code"] == "330822"]
    assert set(county["stream"]) == {"event", "appeal"}
    assert county["lead_department_code"].notna().all()
    assert county["village_code"].isna().all()


def test_suits_are_60_to_110_for_each_10_000_residents_a_year(demo_engine: Engine, cases: pd.DataFrame) -> None:
    suits = cases[(cases["stream"] == "litigation") & (cases["opened_on"] > AS_OF - pd.DateOffset(years=1))]
    with demo_engine.connect() as connection:
        people = connection.execute(sa.text("select population from regions where code = '330822'")).scalar_one()
    assert 60 < len(suits) / people * 10_000 < 110


def test_risks_have_levels_and_petitions_are_accepted_and_rated(cases: pd.DataFrame) -> None:
    assert set(cases.loc[cases["stream"] == "risk", "level"]) == {"重大", "较大", "一般"}
    petitions = cases[cases["stream"] == "petition"]
    assert petitions["accept_due_on"].notna().all()
    in_time = petitions["accepted_on"] <= petitions["accept_due_on"]
    assert 0.9 < in_time.mean() < 1
    assert set(petitions["satisfaction"].dropna()) == {1, 2, 3}
    assert not petitions.loc[petitions["closed_on"].isna(), "satisfaction"].notna().any()


def test_the_best_township_leads_the_ranking_and_the_stalled_one_trails(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        scores = pd.read_sql(sa.text("select * from kpi_scores where month = '2020-08-01'"), connection)
    ranked = scores.set_index("region_code")
    assert len(ranked) == 14
    assert (ranked["score"].idxmax(), ranked["score"].idxmin()) == ("330822109", "330822111")
    assert ranked["score"].between(50, 100).all()
