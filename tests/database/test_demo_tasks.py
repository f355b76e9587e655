"""The demo's checklist: 35 tasks, their departments, their plan, and every light at the end of August 2020."""

from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from database.demo import demo_frames

LIGHTS = {"done", "on_track", "due_soon", "made_up", "behind", "far_behind", "overdue", "unreported",
          "unreported_again", "not_started"}  # fmt: skip
RED = {"far_behind", "overdue", "unreported_again"}
AS_OF = pd.Timestamp(2020, 8, 31)


def _light(task: pd.Series, months: pd.DataFrame, month: pd.Timestamp) -> str:
    """DOMAIN's table of lights, written down once more: first rule that fits."""
    row, end = months.loc[month], month + pd.offsets.MonthEnd(0)
    actual = row["actual_pct"] if row["reported_on"] <= AS_OF else float("nan")
    before = month - pd.offsets.MonthBegin(1)
    previous = _light(task, months, before) if before in months.index else ""
    rules = [
        (task["starts_on"] > end or (row["planned_pct"] == 0 and not actual > 0), "not_started"),
        (actual == 100, "done"),
        (task["due_on"] < end, "overdue"),
        (pd.isna(actual) and previous.startswith("unreported"), "unreported_again"),
        (pd.isna(actual), "unreported"),
        (row["planned_pct"] - actual >= 10, "far_behind"),
        (row["planned_pct"] > actual, "behind"),
        (previous in RED, "made_up"),
        (task["due_on"] <= end + pd.Timedelta(days=15), "due_soon"),
    ]
    return next((light for holds, light in rules if holds), "on_track")


def _read(engine: Engine, statement: str, dates: tuple[str, ...] = ()) -> pd.DataFrame:
    with engine.connect() as connection:
        frame = pd.read_sql(sa.text(statement), connection)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates})


@pytest.fixture
def tasks(demo_engine: Engine) -> pd.DataFrame:
    return _read(demo_engine, "select * from tasks order by number", ("starts_on", "due_on")).set_index("code")


@pytest.fixture
def progress(demo_engine: Engine) -> pd.DataFrame:
    return _read(demo_engine, "select * from task_progress", ("month", "reported_on"))


@pytest.fixture
def lights(tasks: pd.DataFrame, progress: pd.DataFrame) -> pd.Series:
    return _lights(tasks, progress)


def _lights(tasks: pd.DataFrame, progress: pd.DataFrame) -> pd.Series:
    cells = progress.set_index("month").groupby(["task_code", "region_code"])
    found = {key: _light(tasks.loc[key[0]], months, pd.Timestamp(2020, 8, 1)) for key, months in cells}
    return pd.Series(found).rename_axis(["task_code", "region_code"])


def test_there_are_35_tasks_nine_of_them_the_countys(tasks: pd.DataFrame) -> None:
    assert tasks["number"].tolist() == list(range(1, 36))
    county = {"T06", "T08", "T24", "T25", "T26", "T27", "T28", "T33", "T34"}
    assert set(tasks.index[tasks["scope"] == "county"]) == county
    assert tasks["work_group_code"].value_counts().to_dict() == dict.fromkeys((f"G{i}" for i in range(1, 8)), 5)
    assert set(tasks["origin"]) == {"公", "提", "演"}
    assert tasks[["objective", "measure", "title"]].notna().all(axis=None)


def test_every_task_has_one_leading_department_that_the_task_names(demo_engine: Engine, tasks: pd.DataFrame) -> None:
    roles = _read(demo_engine, "select * from task_departments")
    lead = roles[roles["role"] == "lead"].set_index("task_code")["department_code"]
    assert lead.to_dict() == tasks["lead_department_code"].to_dict()
    assert set(roles.loc[roles["role"] == "responsible", "task_code"]) == set(tasks.index)
    names = _read(demo_engine, "select code, name from departments").set_index("code")["name"]
    assert set(roles["department_code"]) <= set(names.index)
    assert (names["D04"], names[tasks.loc["T31", "lead_department_code"]]) == ("县信访局", "县信访局")
    assert (len(names), names["D01"], names["D23"]) == (23, "县委政法委", "县卫生健康局")


def test_the_plan_stands_in_words_and_percent_from_may_to_december(tasks: pd.DataFrame, progress: pd.DataFrame) -> None:
    assert len(progress) == (26 * 14 + 9) * 8
    assert progress["planned_work"].str.len().min() >= 2
    ordered = progress.sort_values("month").groupby(["region_code", "task_code"])
    assert ordered["planned_pct"].apply(lambda plan: plan.is_monotonic_increasing).all()
    last = ordered["planned_pct"].last()
    assert (last == 100).all()
    due = tasks["due_on"].reindex(progress["task_code"]).to_numpy()
    assert (progress.loc[due < progress["month"], "planned_pct"] == 100).all()


def test_reports_are_whole_percents_to_date_and_end_in_august(progress: pd.DataFrame) -> None:
    reported = progress.dropna(subset="actual_pct")
    assert reported["month"].max() == pd.Timestamp(2020, 8, 1)
    assert (reported["actual_pct"] % 1 == 0).all()
    assert reported["actual_pct"].between(0, 100).all()
    assert reported["reported_on"].notna().all()
    assert (reported["reported_on"] <= AS_OF).all()
    assert (reported["reported_on"] >= reported["month"]).all()
    late = (reported["reported_on"] >= reported["month"] + pd.Timedelta(days=25)).mean()
    assert 0.01 < late < 0.2


def test_every_light_stands_somewhere_and_most_are_green(lights: pd.Series) -> None:
    assert set(lights) == LIGHTS
    assert lights.isin({"done", "on_track"}).mean() > 0.6
    assert lights.isin(RED).mean() < 0.15


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_the_cells_that_show_the_rarer_lights_do_so_whatever_the_seed(seed: int) -> None:
    frames = dict(part for _, part in zip(range(12), demo_frames(seed=seed), strict=False))
    tasks, progress = frames["tasks"].set_index("code"), frames["task_progress"]
    tasks = tasks.assign(**{name: pd.to_datetime(tasks[name]) for name in ("starts_on", "due_on")})
    dated = progress.assign(**{name: pd.to_datetime(progress[name]) for name in ("month", "reported_on")})
    lights = _lights(tasks, dated)
    told = {
        ("T11", "330822116"): "overdue",
        ("T12", "330822108"): "unreported_again",
        ("T15", "330822213"): "unreported",
        ("T18", "330822104"): "made_up",
        ("T20", "330822116"): "far_behind",
        ("T22", "330822002"): "due_soon",
        ("T25", "330822"): "behind",
        ("T28", "330822"): "not_started",
    }
    assert lights[list(told)].to_dict() == told


def test_one_task_is_behind_in_many_townships_and_one_township_in_many_tasks(lights: pd.Series) -> None:
    is_behind = lights.isin(RED | {"behind", "unreported"})
    by_task, by_town = is_behind.groupby("task_code").sum(), is_behind.groupby("region_code").sum()
    assert by_task.idxmax() == "T29"
    assert by_task["T29"] >= 7
    assert by_town.idxmax() == "330822111"
    assert lights.loc[:, "330822111"].isin(RED).sum() >= 5
    assert by_town["330822109"] == 0


def test_red_reports_name_their_bottleneck_and_some_lack_a_countermeasure(
    lights: pd.Series, progress: pd.DataFrame
) -> None:
    august = progress[progress["month"] == pd.Timestamp(2020, 8, 1)].set_index(["task_code", "region_code"])
    red = august[lights.reindex(august.index).isin({"far_behind", "overdue"})]
    assert red["bottleneck"].notna().all()
    assert 0 < red["countermeasure"].isna().sum() < len(red) / 2


def test_the_campaigns_task_reports_what_its_cases_say(demo_engine: Engine, progress: pd.DataFrame) -> None:
    ledger = _read(demo_engine, "select * from cases where campaign_code = 'BRGJ2020' and township_code = '330822111'")
    newest = ledger.sort_values("episode").drop_duplicates("case_no", keep="last")
    share = round(100 * newest["closed_on"].notna().mean())
    row = progress[(progress["task_code"] == "T31") & (progress["region_code"] == "330822111")]
    assert row.loc[row["month"] == pd.Timestamp(2020, 8, 1), "actual_pct"].tolist() == [share]


def test_the_stated_milestones_are_as_published(demo_engine: Engine) -> None:
    steps = _read(demo_engine, "select * from milestones order by task_code, seq", ("due_on", "done_on"))
    centre = steps[steps["task_code"] == "T06"]
    assert dict(zip(centre["title"], centre["done_on"].notna(), strict=True)) == {
        "三定方案下文": True, "硬件升级改造": True, "运行机制健全": False, "内设机构人员到位": False,
    }  # fmt: skip
    command = steps[steps["task_code"] == "T26"].set_index("title")
    assert command.loc["公开招标公告", "done_on"].date() == date(2020, 8, 21)
    assert command.loc["应用系统上线", "due_on"].strftime("%Y-%m") == "2020-10"
    assert command["done_on"].notna().sum() == 1
    assert set(steps["task_code"]) == {f"T{i:02d}" for i in range(1, 36)}
    assert set(steps["region_code"]) == {"330822"}
    assert not (steps["done_on"] > AS_OF).any()
