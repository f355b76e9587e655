"""The weak links of small databases with decoys, on both engines; the demo's against an independent count."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from analysis.control_charts import DIRECTIONS, xmr
from analysis.funnel import funnel
from analysis.lights import LIGHTS
from analysis.scope import Scope
from analysis.weak_links import Kind
from queries import ROWS
from queries.weak_links import (
    found_in_cases,
    found_in_indicators,
    found_in_tasks,
    pressing_cases,
    weak_links,
)
from tests.queries.conftest import BING, JIA, YI

AS_OF = date(2020, 8, 31)
Add = Callable[..., None]


def _days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


@pytest.fixture
def backlog(county: str, add: Add, add_cases: Add, release: Callable[..., int]) -> None:
    """Three open cases of 天马 that press and two that do not, and everything that must stay out."""
    add("departments", {"code": "D08", "name": "县民政局"})
    add_cases(
        {"opened_on": _days_ago(200), "due_on": _days_ago(1), "case_leader": "县长"},  # overdue, over 180 days
        {"opened_on": _days_ago(91), "due_on": AS_OF, "case_leader": "书记", "lead_department_code": "D08"},  # aged
        {"opened_on": _days_ago(90), "due_on": None},  # neither
        {"opened_on": _days_ago(10), "due_on": _days_ago(2), "lead_department_code": "D08"},  # overdue, not old
        {"opened_on": _days_ago(400), "due_on": _days_ago(300), "closed_on": AS_OF},  # closed that day
        {"opened_on": AS_OF + timedelta(days=1), "due_on": None},  # not yet
        {"township_code": YI, "opened_on": _days_ago(181), "due_on": None},  # old alone
        {
            "township_code": YI,
            "opened_on": _days_ago(400),
            "due_on": _days_ago(9),
            "closed_on": AS_OF + timedelta(days=3),
        },
        {"township_code": BING, "stream": "event", "opened_on": _days_ago(500), "due_on": _days_ago(490)},
        {"township_code": BING, "stream": "event", "opened_on": _days_ago(5), "due_on": AS_OF},
        {"township_code": BING, "stream": "risk", "opened_on": _days_ago(40), "due_on": _days_ago(20)},
        {"township_code": BING, "stream": "litigation", "opened_on": _days_ago(500), "due_on": _days_ago(490)},
    )
    rebound: dict[str, Any] = {"township_code": JIA, "case_no": "反弹", "first_opened_on": _days_ago(300)}
    add_cases(
        {**rebound, "episode": 1, "opened_on": _days_ago(300), "due_on": _days_ago(200), "closed_on": _days_ago(150)},
        {**rebound, "episode": 2, "opened_on": _days_ago(7), "due_on": AS_OF + timedelta(days=30)},  # open again: old
    )
    release(AS_OF)


def _told(found: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    return list(found[["reference", "kind", "evidence", "owner"]].itertuples(index=False, name=None))


def test_pressing_cases_are_counted_once_each(connection: Connection, backlog: None, scope: Scope) -> None:
    found = found_in_cases(connection, scope)
    old = "3件交办超过90天，其中2件超过180天（县级机关主办1件）"
    others = "3件未办结事项中2件超期（超期/未办结：治理事件1/2、风险隐患1/1）"
    assert _told(found) == [
        (f"backlog:{JIA}", "overdue", "全部未化解信访积案5件中2件超期（县级机关主办1件）", "天马街道党工委书记"),
        (f"backlog:{JIA}", "ageing", old, "天马街道党工委书记"),
        (f"backlog:{YI}", "overdue", "全部未化解信访积案2件中1件超期", "白石镇党委书记"),
        (f"backlog:{YI}", "ageing", "2件交办超过90天，其中2件超过180天", "白石镇党委书记"),
        (f"streams:{BING}", "overdue", others, "何家乡党委书记"),
    ]
    assert found["since"].tolist() == [
        pd.Timestamp(AS_OF - timedelta(days=1)),  # the earliest of the two due days is two days ago
        pd.Timestamp(_days_ago(300)) + pd.Timedelta(days=91),
        pd.Timestamp(_days_ago(8)),
        pd.Timestamp(_days_ago(400)) + pd.Timedelta(days=91),
        found["since"].iloc[4],
    ]


def test_a_filter_or_a_campaign_changes_no_finding(connection: Connection, backlog: None, scope: Scope) -> None:
    whole = found_in_cases(connection, scope)
    narrow = replace(scope, townships=frozenset({YI}), campaign="BRGJ2020", platform="综治工作", department="D08")
    pd.testing.assert_frame_equal(found_in_cases(connection, narrow), whole)


def test_an_earlier_day_counts_what_was_so_then(connection: Connection, backlog: None, scope: Scope) -> None:
    then = found_in_cases(connection, replace(scope, as_of=_days_ago(1)))
    first = then.set_index(["reference", "kind"])["evidence"]
    # what was closed on the 31st was open on the 30th, overdue and old; the case due on the 30th was not overdue yet
    assert first[(f"backlog:{JIA}", "overdue")] == "全部未化解信访积案6件中2件超期（县级机关主办1件）"
    assert first[(f"backlog:{JIA}", "ageing")] == "3件交办超过90天，其中3件超过180天"


def test_a_day_that_is_not_stored_counts_in_whole_cases(connection: Connection, backlog: None, scope: Scope) -> None:
    then = found_in_cases(connection, replace(scope, as_of=_days_ago(3)))  # a Friday, a case having begun on Wednesday
    others = then.set_index("reference")["evidence"][f"streams:{BING}"]
    assert others == "3件未办结事项中2件超期（超期/未办结：治理事件1/2、风险隐患1/1）"


def test_the_first_day_without_a_clear_one_since_is_told(
    connection: Connection, county: str, add_cases: Add, release: Callable[..., int], scope: Scope
) -> None:
    add_cases(
        {"stream": "event", "opened_on": date(2020, 7, 1), "due_on": date(2020, 7, 8), "closed_on": date(2020, 7, 15)},
        {"stream": "event", "opened_on": date(2020, 8, 3), "due_on": date(2020, 8, 12)},
    )
    release(AS_OF)
    (row,) = found_in_cases(connection, scope).to_dict("records")
    assert row["since"] == pd.Timestamp("2020-08-10")  # Sunday the 9th was clear, the 16th was not
    assert row["since_said"] == "2020年8月10日以来一直有"


def test_pressing_cases_are_rows_with_their_leaders(connection: Connection, backlog: None, scope: Scope) -> None:
    assert pressing_cases in ROWS
    found = pressing_cases(connection, scope)
    assert found["township_code"].tolist() == [YI, JIA, JIA, YI, JIA, JIA]
    own = pressing_cases(connection, replace(scope, townships=frozenset({JIA})))
    leaders = [None if pd.isna(leader) else leader for leader in own["case_leader"]]
    assert leaders == [None, "县长", "书记", None]
    assert own["is_overdue"].tolist() == [False, True, False, True]
    led = pressing_cases(connection, replace(scope, department="D08"))
    assert led["lead_department_code"].tolist() == ["D08", "D08"]
    none = pressing_cases(connection, replace(scope, townships=frozenset()))
    assert none.empty
    assert list(none.columns) == list(found.columns)


def test_an_empty_database_has_no_weak_links(connection: Connection, county: str, scope: Scope) -> None:
    found = weak_links(connection, scope)
    assert found.empty
    assert found["severity"].dtype == np.int64


@pytest.fixture
def checklist(county: str, add: Add) -> None:
    """One task in three townships: 天马 red, 白石 silent, 何家 fine; another department's task; a foreign county's."""
    add("departments", {"code": "D04", "name": "县信访局"})
    for number, lead in ((1, "D04"), (2, "D99")):
        add("tasks", {"code": f"T{number:02d}", "number": number, "title": "任务", "scope": "township",
                      "work_group_code": "G1", "lead_department_code": lead, "starts_on": date(2020, 5, 6),
                      "due_on": date(2020, 12, 31)})  # fmt: skip
    for task, region, actual in (
        ("T01", JIA, 30), ("T01", YI, None), ("T01", BING, 60), ("T02", JIA, 60), ("T02", YI, 40), ("T02", BING, 60),
        ("T01", "999", 0), ("T77", JIA, 0),
    ):  # fmt: skip
        add("task_progress", {"region_code": region, "task_code": task, "month": date(2020, 8, 1), "planned_pct": 60,
                              "actual_pct": actual, "reported_on": date(2020, 8, 20)})  # fmt: skip


def test_weak_links_of_the_checklist(connection: Connection, checklist: None, scope: Scope) -> None:
    found = found_in_tasks(connection, scope)
    assert _told(found) == [
        (f"cell:T01:{JIA}", "red", "计划60%、实际30%，落后30个百分点", "县信访局、天马街道党工委书记"),
        (f"cell:T02:{YI}", "red", "计划60%、实际40%，落后20个百分点", "D99、白石镇党委书记"),
        (f"cell:T01:{YI}", "unreported", "8月未报送，最近一次报送为0%（本月计划60%）", "县信访局、白石镇党委书记"),
    ]
    narrow = replace(scope, townships=frozenset({BING}), department="D99", work_group="G7")
    pd.testing.assert_frame_equal(found_in_tasks(connection, narrow), found)


# ---- the demo county, counted again without the product's engine


@pytest.fixture(scope="module")
def demo(demo_url: str, demo_postgresql_url: str) -> dict[str, Any]:
    """Every table of the demo as pandas reads it, and what is found in it on both engines."""
    names = ("regions", "tasks", "task_progress", "cases", "kpis", "kpi_values", "departments")
    engine = sa.create_engine(demo_url)
    with engine.connect() as connection:
        tables = {name: pd.read_sql(sa.text(f"select * from {name}"), connection) for name in names}
    townships = frozenset(tables["regions"].query("level == 'township'")["code"])
    scope = Scope(AS_OF, townships)
    found = []
    for url in (demo_url, demo_postgresql_url):
        other: Engine = sa.create_engine(url)
        with other.connect() as connection:
            found.append(weak_links(connection, scope))
            parts = [f(connection, scope) for f in (found_in_tasks, found_in_cases, found_in_indicators)]
        other.dispose()
    engine.dispose()
    return {**tables, "found": found, "parts": pd.concat(parts, ignore_index=True), "townships": townships}


@pytest.fixture(scope="module")
def lights(demo: dict[str, Any]) -> pd.DataFrame:
    """DOMAIN's table of lights for every cell and month of the demo, written down once more."""
    rows = demo["task_progress"].merge(demo["tasks"], left_on="task_code", right_on="code")
    rows = rows[rows["month"] <= "2020-08-01"].sort_values("month").copy()
    found: dict[tuple[str, str, str], str] = {}
    for row in rows.to_dict("records"):
        end = (pd.Timestamp(row["month"]) + pd.offsets.MonthEnd(0)).date()
        before = found.get((row["task_code"], row["region_code"], str(_month_before(row["month"]))), "")
        plan, actual = row["planned_pct"], row["actual_pct"]
        silent, due = pd.isna(actual), date.fromisoformat(row["due_on"])
        rules = [
            (date.fromisoformat(row["starts_on"]) > end or (plan == 0 and (silent or actual == 0)), "not_started"),
            (actual == 100, "done"),
            (due < end, "overdue"),
            (silent and before.startswith("unreported"), "unreported_again"),
            (silent, "unreported"),
            (plan - actual >= 10, "far_behind"),
            (plan > actual, "behind"),
            (before in ("far_behind", "overdue", "unreported_again"), "made_up"),
            (due <= end + timedelta(days=15), "due_soon"),
        ]
        key = (row["task_code"], row["region_code"], row["month"])
        found[key] = next((light for holds, light in rules if holds), "on_track")
    rows["light"] = [found[key] for key in zip(rows["task_code"], rows["region_code"], rows["month"], strict=True)]
    return rows


def _month_before(month: str) -> date:
    return (pd.Timestamp(month) - pd.offsets.MonthBegin(1)).date()


@pytest.fixture(scope="module")
def august(lights: pd.DataFrame) -> pd.DataFrame:
    return lights[lights["month"] == "2020-08-01"]


MISSED = ("overdue", "far_behind", "unreported_again", "behind", "unreported")
RED = ("overdue", "far_behind", "unreported_again")


def _of(demo: dict[str, Any], kind: Kind) -> pd.DataFrame:
    parts: pd.DataFrame = demo["parts"]
    return parts[parts["kind"] == kind.value]


def test_both_engines_find_the_same(demo: dict[str, Any]) -> None:
    pd.testing.assert_frame_equal(*demo["found"])


def test_each_kind_of_weak_link_occurs_in_the_demo(demo: dict[str, Any]) -> None:
    assert set(demo["parts"]["kind"]) == {kind.value for kind in Kind}
    listed = set(",".join(demo["found"][0]["kinds"]).split(","))
    assert listed == {kind.value for kind in Kind}
    assert demo["found"][0]["reference"].is_unique


def _counted(lights: pd.Series) -> str:
    return "、".join(f"{LIGHTS[light].word}{(lights == light).sum()}" for light in MISSED if (lights == light).any())  # type: ignore[index]


def test_whole_tasks_and_townships_are_those_of_a_recount(demo: dict[str, Any], august: pd.DataFrame) -> None:
    begun = august[(august["scope"] == "township") & (august["light"] != "not_started")]
    for kind, key, unit, prefix in (
        (Kind.WHOLE_TASK, "task_code", ("个乡镇（街道）中", "个"), "task"),
        (Kind.WHOLE_TOWNSHIP, "region_code", ("项已启动任务中", "项"), "township"),
    ):
        wanted = {}
        for code, own in begun.groupby(key):
            missed = own["light"].isin(MISSED).sum()
            if missed >= 3 and missed * 3 >= len(own):
                said = f"{len(own)}{unit[0]}{missed}{unit[1]}未达序时：{_counted(own['light'])}"
                wanted[f"{prefix}:{code}"] = (said, 3 if own["light"].isin(RED).sum() * 3 >= len(own) else 2)
        told = _of(demo, kind).set_index("reference")[["evidence", "severity"]]
        assert {ref: tuple(row) for ref, row in zip(told.index, told.to_numpy(), strict=True)} == wanted
        assert wanted


def test_red_cells_are_those_of_a_recount(demo: dict[str, Any], august: pd.DataFrame) -> None:
    red = august[august["light"].isin(["overdue", "far_behind"])]
    wanted = {}
    for row in red.itertuples():
        said = (
            f"计划{row.planned_pct:.0f}%、实际{row.actual_pct:.0f}%，落后{row.planned_pct - row.actual_pct:.0f}个百分点"
        )
        if row.light == "overdue":
            said = f"{int(row.due_on[5:7])}月{int(row.due_on[8:])}日已到期，完成{row.actual_pct:.0f}%"
        wanted[f"cell:{row.task_code}:{row.region_code}"] = said
    assert _of(demo, Kind.RED).set_index("reference")["evidence"].to_dict() == wanted
    assert len(wanted) > 10


def test_silent_cells_are_those_of_a_recount(demo: dict[str, Any], lights: pd.DataFrame, august: pd.DataFrame) -> None:
    silent = august[august["light"].isin(["unreported", "unreported_again"])]
    found = _of(demo, Kind.UNREPORTED).set_index("reference")
    assert set(found.index) == {f"cell:{row.task_code}:{row.region_code}" for row in silent.itertuples()}
    for row in silent.itertuples():
        told = found.loc[f"cell:{row.task_code}:{row.region_code}"]
        own = lights[(lights["task_code"] == row.task_code) & (lights["region_code"] == row.region_code)]
        last = own["actual_pct"].dropna().iloc[-1]
        assert f"最近一次报送为{last:.0f}%" in told["evidence"]
        assert told["severity"] == (3 if row.light == "unreported_again" else 1)
        assert len(re.findall(r"\d月", told["evidence"])) == int(own["actual_pct"].isna()[::-1].cumprod().sum())


def test_long_behind_and_stalled_cells_are_those_of_a_recount(demo: dict[str, Any], lights: pd.DataFrame) -> None:
    behind, stalled = {}, {}
    for (task, region), own in lights.groupby(["task_code", "region_code"]):
        words = own["light"].tolist()
        run = next((i for i, word in enumerate(reversed(words)) if word not in MISSED), len(words))
        if words[-1] == "behind" and run >= 3:
            behind[f"cell:{task}:{region}"] = f"连续{run}个月"
        plan, actual = own["planned_pct"].tolist(), own["actual_pct"].tolist()
        has_stopped = actual[-1] < 100 and actual[-1] == actual[-2] == actual[-3] and plan[-1] > plan[-3]
        if has_stopped and words[-1] != "not_started":
            stalled[f"cell:{task}:{region}"] = f"停在{actual[-1]:.0f}%"
    for kind, wanted in ((Kind.LONG_BEHIND, behind), (Kind.STALLED, stalled)):
        found = _of(demo, kind).set_index("reference")["evidence"]
        assert set(found.index) == set(wanted)
        assert all(wanted[reference] in said for reference, said in found.items())
        assert wanted


def test_tasks_due_soon_are_those_of_a_recount(demo: dict[str, Any], lights: pd.DataFrame) -> None:
    begun = lights[lights["light"] != "not_started"]
    last = begun.dropna(subset="actual_pct").groupby(["task_code", "region_code"])["actual_pct"].last()
    due = demo["tasks"].query("'2020-08-31' <= due_on <= '2020-09-15'")
    found = _of(demo, Kind.DUE_SOON).set_index("task_code")["evidence"]
    wanted = {}
    for task in due.itertuples():
        own = last[task.code]
        if (own < 100).any():
            wanted[task.code] = f"{len(own)}个乡镇（街道）中{(own < 100).sum()}个未完成，平均完成{own.mean():.1f}"
    assert set(found.index) == set(wanted)
    assert all(wanted[code].removesuffix(".0") in said for code, said in found.items())
    assert wanted


@pytest.fixture(scope="module")
def newest(demo: dict[str, Any]) -> pd.DataFrame:
    """Every case of the demo as it stood at the end of August, by its newest episode begun by then."""
    cases = demo["cases"].copy()
    for name in ("opened_on", "first_opened_on", "due_on", "closed_on"):
        cases[name] = pd.to_datetime(cases[name])
    begun = cases[(cases["opened_on"] <= "2020-08-31") & cases["township_code"].isin(demo["townships"])]
    last = begun.sort_values("episode").groupby(["township_code", "case_no"]).tail(1)
    waiting = last[last["closed_on"].isna() | (last["closed_on"] > "2020-08-31")]
    age = (pd.Timestamp(AS_OF) - waiting["first_opened_on"]).dt.days
    return waiting.assign(age=age, late=waiting["due_on"] < "2020-08-31")


def test_overdue_and_old_backlog_is_that_of_a_recount(demo: dict[str, Any], newest: pd.DataFrame) -> None:
    overdue, ageing = {}, {}
    for code, own in newest[newest["stream"] == "petition_backlog"].groupby("township_code"):
        led = own["lead_department_code"].notna()
        late, old = own["late"], own["age"] > 90
        if late.any():
            overdue[f"backlog:{code}"] = f"全部未化解信访积案{len(own)}件中{late.sum()}件超期{_led(late & led)}"
        if old.any():
            long = (own["age"] > 180).sum()
            more = f"，其中{long}件超过180天" if long else ""
            start = "" if late.any() else f"全部未化解信访积案{len(own)}件中"
            ageing[f"backlog:{code}"] = f"{start}{old.sum()}件交办超过90天{more}{_led(old & led)}"
    found = _of(demo, Kind.OVERDUE)
    own = found[found["stream"] == "petition_backlog"].set_index("reference")["evidence"]
    assert own.to_dict() == overdue
    assert _of(demo, Kind.AGEING).set_index("reference")["evidence"].to_dict() == ageing
    assert min(len(overdue), len(ageing)) >= 5


def _led(flags: pd.Series) -> str:
    return f"（县级机关主办{flags.sum()}件）" if flags.any() else ""


def test_overdue_cases_of_other_streams_are_those_of_a_recount(demo: dict[str, Any], newest: pd.DataFrame) -> None:
    others = newest[newest["stream"].isin(["petition", "dispute", "event", "appeal", "risk"])]
    late = others.groupby("township_code")["late"].sum()
    has_late = others.groupby(["township_code", "stream"])["late"].transform("any")
    waiting = others[has_late].groupby("township_code").size()
    found = _of(demo, Kind.OVERDUE)
    told = found[found["stream"] != "petition_backlog"].set_index("region_code")["evidence"]
    assert set(told.index) == set(late[late > 0].index)
    assert all(said.startswith(f"{waiting[code]}件未办结事项中{late[code]}件超期") for code, said in told.items())


def _series(demo: dict[str, Any], code: str, region: str) -> pd.DataFrame:
    values = demo["kpi_values"]
    own = values[(values["kpi_code"] == code) & (values["region_code"] == region) & (values["month"] <= "2020-08-01")]
    return own.assign(month=pd.to_datetime(own["month"])).set_index("month").sort_index()


def test_worsening_indicators_are_those_of_the_charts(demo: dict[str, Any]) -> None:
    found = _of(demo, Kind.SIGNAL)
    kpis = demo["kpis"].set_index("code")
    own = found[found["region_code"].isin(demo["townships"])]
    assert len(own) >= 5
    for row in own.to_dict("records"):
        series, about = _series(demo, row["kpi_code"], row["region_code"]), kpis.loc[row["kpi_code"]]
        share = series["numerator"] / series["denominator"]
        chart = xmr(share, direction=DIRECTIONS[about["direction"]], denominators=series["denominator"])
        assert chart["signal"].iloc[-1] == "concern"
        x, n = (int(series[name].iloc[-1]) for name in ("numerator", "denominator"))
        assert f"（{x}/{n}）" in row["evidence"]
        assert row["subject"].endswith(about["name"])


def test_townships_outside_the_funnel_are_those_of_a_recount(demo: dict[str, Any]) -> None:
    wanted = {}
    for kpi in demo["kpis"].query("kind == 'proportion' and period == 'flow' and direction != 'neutral'").itertuples():
        values = demo["kpi_values"].query(f"kpi_code == '{kpi.code}' and '2019-09-01' <= month <= '2020-08-01'")
        pooled = (
            values[values["region_code"].isin(demo["townships"])]
            .groupby("region_code")[["numerator", "denominator"]]
            .sum()
        )
        pooled = pooled[pooled["denominator"] >= 5]
        lines = funnel(pooled["numerator"], pooled["denominator"])
        worse = lines["z"] < 0 if kpi.direction == "higher" else lines["z"] > 0
        for region in lines.index[(lines["verdict"] == "线外") & worse]:
            x, n = pooled.loc[region].astype(int)
            wanted[f"kpi:{kpi.code}:{region}"] = f"（{x}/{n}）"
    found = _of(demo, Kind.FUNNEL).set_index("reference")["evidence"]
    assert set(found.index) == set(wanted)
    assert all(wanted[reference] in said for reference, said in found.items())
    assert wanted
