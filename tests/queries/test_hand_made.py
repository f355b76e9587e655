"""The lights of the demo county against tables that were made and read by hand (hand_made/), on both databases."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from analysis.lights import LIGHTS
from analysis.scope import Scope
from queries.regions import county, townships
from queries.task_months import cell_months, task_months
from queries.tasks import task_matrix, task_summary

HERE = Path(__file__).parent / "hand_made"
ENDS = {6: date(2020, 6, 30), 7: date(2020, 7, 31), 8: date(2020, 8, 31)}


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(HERE / name, dtype={"任务": "str"})


def _month(table: pd.DataFrame, month: int, keys: list[str]) -> pd.DataFrame:
    """Return one month of a hand-made table: plan, actual, word, by its keys."""
    columns = [f"{month}月计划", f"{month}月实际", f"{month}月亮灯"]
    return table.set_index(keys)[columns].set_axis(["planned", "actual", "word"], axis=1).sort_index()


def _words(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    shown = frame.assign(word=[LIGHTS[light].word for light in frame["light"]])
    return shown.set_index(keys).sort_index()


def _scope(connection, as_of: date) -> tuple[Scope, dict[str, str]]:
    places = pd.concat([townships(connection), county(connection)])
    return Scope(as_of, frozenset(townships(connection)["code"])), dict(
        zip(places["code"], places["short_name"], strict=True)
    )


@pytest.mark.parametrize("month", ENDS)
def test_every_cell_has_the_light_of_the_hand_made_table(demo_engine: Engine, month: int) -> None:
    expected = _month(_table("cells.csv"), month, ["任务", "地区"])
    with demo_engine.connect() as connection:
        scope, names = _scope(connection, ENDS[month])
        found = task_matrix(connection, scope)
    found = _words(found.assign(place=found["region_code"].map(names)), ["task_code", "place"])
    assert len(found) == len(expected) == 373
    assert found["planned_pct"].tolist() == expected["planned"].tolist(), "the table is not of this county"
    assert found["actual_pct"].fillna(-1).tolist() == expected["actual"].fillna(-1).tolist()
    assert found["word"].tolist() == expected["word"].tolist()


@pytest.mark.parametrize("month", ENDS)
def test_every_task_has_the_light_of_the_hand_made_table(demo_engine: Engine, month: int) -> None:
    expected = _month(_table("tasks.csv"), month, ["任务"])
    with demo_engine.connect() as connection:
        found = _words(task_summary(connection, _scope(connection, ENDS[month])[0]), ["task_code"])
    assert found.index.tolist() == expected.index.tolist()
    assert found["actual_pct"].tolist() == pytest.approx(expected["actual"].tolist(), abs=1e-3)
    assert found["word"].tolist() == expected["word"].tolist()


def test_the_months_before_are_as_the_last_day_knows_them(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        scope, names = _scope(connection, ENDS[8])
        cells, tasks = cell_months(connection, scope), task_months(connection, scope)
    newest = cells[cells["month"] == "2020-08-01"]
    newest = _words(newest.assign(place=newest["region_code"].map(names)), ["task_code", "place"])
    assert newest["word"].tolist() == _month(_table("cells.csv"), 8, ["任务", "地区"])["word"].tolist()
    newest = _words(tasks[tasks["month"] == "2020-08-01"], ["task_code"])
    assert newest["word"].tolist() == _month(_table("tasks.csv"), 8, ["任务"])["word"].tolist()
    known = cells.assign(place=cells["region_code"].map(names)).set_index(["task_code", "place", "month"])["light"]
    assert known[("T19", "招贤", pd.Timestamp("2020-06-01"))] == "on_track", "the report of June came in July"


def test_the_hand_made_table_holds_every_row_of_the_rule_table() -> None:
    table = _table("cells.csv")
    words = {word for month in ENDS for word in table[f"{month}月亮灯"]}
    assert words == {mark.word for mark in LIGHTS.values()}
