import pickle
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from analysis import remembered as memory
from analysis.remembered import remembered

made: list[Any] = []


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    memory.forget()
    made.clear()
    yield
    memory.forget()


@remembered
def doubled(frame: pd.DataFrame, *, factor: int = 2) -> pd.DataFrame:
    made.append(factor)
    return frame * factor


@remembered
def tripled(frame: pd.DataFrame, *, factor: int = 2) -> pd.DataFrame:
    return frame * 3


@remembered
def written(value: float, write: Callable[[float], str]) -> list[str]:
    made.append(value)
    return [write(value)]


def frame(*values: float) -> pd.DataFrame:
    return pd.DataFrame({"x": list(values), "name": ["天马"] * len(values)}).set_index("name")


def test_equal_inputs_are_worked_out_once() -> None:
    assert doubled(frame(1, 2))["x"].tolist() == [2, 4]
    assert doubled(frame(1, 2))["x"].tolist() == [2, 4]
    assert made == [2]


def test_every_difference_counts() -> None:
    """A value, a missing value, a name, an index, a dtype, an argument, a function."""
    start = frame(1, 2)
    others = (frame(1, 3), frame(1, float("nan")), start.rename(columns={"x": "y"}), start.reset_index(drop=True))
    for other in (start, *others, start.astype("float64")):
        pd.testing.assert_frame_equal(doubled(other), other * 2)
    assert len(made) == 6
    assert doubled(start, factor=5)["x"].tolist() == [5, 10]
    assert tripled(start, factor=5)["x"].tolist() == [3, 6]


def test_what_a_caller_does_to_a_frame_stays_with_the_caller() -> None:
    mine = doubled(frame(1))
    mine["x"] = 99.0
    mine.loc["天马", "other"] = 1.0
    assert doubled(frame(1)).to_dict("list") == {"x": [2]}


def test_what_is_kept_does_not_grow_with_those_who_ask() -> None:
    """A shallow copy leaves a weak reference in every block of the frame it was taken of."""
    wide = pd.DataFrame({"a": [1], "b": [1.0], "c": [True], "d": [1j], "e": [pd.Timestamp("2020-01-01")]})
    kept = remembered(lambda: wide.copy())
    kept()
    before = sys.getallocatedblocks()
    for _ in range(400):
        kept()
    assert sys.getallocatedblocks() - before < 1200, "three a call"


def test_what_is_changed_afterwards_is_another_input() -> None:
    given = frame(1)
    doubled(given)
    given.loc["天马", "x"] = 7
    assert doubled(given)["x"].tolist() == [14]


def _writer(unit: str) -> Callable[[float], str]:
    return lambda value: f"{value}{unit}"


def test_a_nameless_function_counts_by_what_it_is_made_of() -> None:
    assert written(1, _writer("件")) == written(1, _writer("件")) == ["1件"]
    assert made == [1]
    assert written(1, _writer("项")) == ["1项"]
    assert written(1, lambda value: f"{value + 1}件") == ["2件"]


def test_a_function_of_a_script_is_refused() -> None:
    """What it names may be another thing in the next run."""
    inside: dict[str, Any] = {"__name__": "__main__"}
    exec("write = lambda value: unit", inside)
    with pytest.raises(pickle.PicklingError):
        written(1, inside["write"])


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "KEPT_RESULTS", 2)
    for value in (1, 2, 1, 3, 1, 2):  # 2 was asked for the longest ago when 3 came
        doubled(frame(value))
    assert len(made) == 4
    memory.forget()
    made.clear()
    monkeypatch.setattr(memory, "KEPT_BYTES", len(memory._content(((frame(1),), {}))))
    for value in (1, 1, 2, 2, 1):
        doubled(frame(value))
    assert len(made) == 3


def test_a_fault_is_not_remembered() -> None:
    with pytest.raises(TypeError):
        doubled(pd.DataFrame({"x": [object()]}))
    with pytest.raises(TypeError):
        doubled(pd.DataFrame({"x": [object()]}))
