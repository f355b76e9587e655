"""The light of a task in a region at a month: the rule table, its words and its shapes.

Source: DOMAIN "Lights".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.months import month_end
from analysis.rules import BEHIND_POINTS, DUE_SOON_DAYS

Level = Literal["green", "yellow", "red", "grey", "none"]
Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]
Names = npt.NDArray[np.str_]
Codes = npt.NDArray[np.int8]

_DIGITS = 6  # percentages are compared to a millionth of a point, so that 64.1 - 54.1 is 10 points
_WIDTH = "U20"


class Light(StrEnum):
    """The state of a task in a region, from the calmest to the gravest."""

    NOT_STARTED = "not_started"
    DONE = "done"
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    MADE_UP = "made_up"
    BEHIND = "behind"
    UNREPORTED = "unreported"
    FAR_BEHIND = "far_behind"
    UNREPORTED_AGAIN = "unreported_again"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Mark:
    """How a light is shown: its word, its shape, the level its colour stands for, and its word in a narrow cell."""

    word: str
    shape: str
    level: Level
    short: str


LIGHTS: dict[Light, Mark] = {
    Light.DONE: Mark("已完成", "✓", "green", "完成"),
    Light.ON_TRACK: Mark("正常", "●", "green", "正常"),
    Light.DUE_SOON: Mark("临期", "▲", "yellow", "临期"),
    Light.MADE_UP: Mark("已补齐", "▲", "yellow", "补齐"),
    Light.BEHIND: Mark("滞后", "▲", "yellow", "滞后"),
    Light.FAR_BEHIND: Mark("严重滞后", "■", "red", "严重"),
    Light.OVERDUE: Mark("逾期", "■", "red", "逾期"),
    Light.UNREPORTED: Mark("未报送", "○", "grey", "未报"),
    Light.UNREPORTED_AGAIN: Mark("连续未报", "■", "red", "连未报"),
    Light.NOT_STARTED: Mark("未到启动期", "—", "none", "未启动"),
}

RED = frozenset(light for light, mark in LIGHTS.items() if mark.level == "red")
CODES: dict[str, int] = {light.value: code for code, light in enumerate(Light)}
"""Lights as numbers, for many cells at once."""

NO_LIGHT = -1
_NAMES = [light.value for light in Light]
_SILENT = (Light.UNREPORTED, Light.UNREPORTED_AGAIN)


def light(
    planned_pct: float | None,
    actual_pct: float | None,
    *,
    starts_on: date | None,
    due_on: date | None,
    month: date,
    previous: Light | str | None,
) -> Light:
    """Return the light of one task in one region at the end of one month: the first rule that fits.

    Parameters
    ----------
    planned_pct, actual_pct : float or None
        Cumulative, 0 to 100, at the month's end; no plan and no report at all means that the task has no row there.
    starts_on, due_on : date or None
        Of the task; None: begun always, due never.
    month : date
        Any day of the month.
    previous : Light or None
        The same cell's light of the month before.

    Source: DOMAIN "Lights".
    """
    chosen = lights(
        np.array([planned_pct], dtype=np.float64),
        np.array([actual_pct], dtype=np.float64),
        starts_on=np.array([starts_on], dtype="datetime64[D]"),
        due_on=np.array([due_on], dtype="datetime64[D]"),
        month=month,
        previous=np.array(["" if previous is None else str(previous)], dtype=_WIDTH),
    )
    return Light(chosen[0])


def lights(
    planned_pct: Floats, actual_pct: Floats, *, starts_on: Days, due_on: Days, month: date, previous: Names
) -> Names:
    """Return the lights of many cells at the end of one month, as `light` does for one.

    Parameters
    ----------
    planned_pct, actual_pct : float64 arrays
        One value per cell, NaN for no plan and no report.
    starts_on, due_on : datetime64[D] arrays
    previous : str array
        Each cell's light of the month before, "" for none.
    """
    before = np.array([CODES.get(name, NO_LIGHT) for name in previous.tolist()], dtype=np.int8)
    codes = _codes(planned_pct, actual_pct, starts_on=starts_on, due_on=due_on, month=month, previous=before)
    return np.array(_NAMES, dtype=_WIDTH)[codes]


def light_history(planned: pd.DataFrame, actual: pd.DataFrame, starts_on: pd.Series, due_on: pd.Series) -> pd.DataFrame:
    """Return the lights of many cells over consecutive months, each month knowing the one before.

    Parameters
    ----------
    planned, actual : pd.DataFrame
        One row per cell, one column per month (datetime64, rising, without gaps); NaN for no plan and no report.
    starts_on, due_on : pd.Series
        Of each cell's task, in the same order of rows.

    Returns
    -------
    pd.DataFrame
        Shaped like `planned`: the value of a `Light` (str).
    """
    codes = light_codes(planned, actual, starts_on, due_on)
    columns = {month: light_names(codes[:, i]) for i, month in enumerate(planned.columns)}
    return pd.DataFrame(columns, index=planned.index)


def light_codes(planned: pd.DataFrame, actual: pd.DataFrame, starts_on: pd.Series, due_on: pd.Series) -> Codes:
    """Return what `light_history` does, as numbers: the values of CODES, shaped like `planned`."""
    starts, due = (days.to_numpy(dtype="datetime64[D]") for days in (starts_on, due_on))
    found = np.empty(planned.shape, dtype=np.int8)
    previous = np.full(len(planned), NO_LIGHT, dtype=np.int8)
    plans, actuals = planned.to_numpy(dtype=np.float64), actual.to_numpy(dtype=np.float64)
    for i, month in enumerate(planned.columns):
        day = pd.Timestamp(month).date()
        previous = _codes(plans[:, i], actuals[:, i], starts_on=starts, due_on=due, month=day, previous=previous)
        found[:, i] = previous
    return found


def light_names(codes: Codes) -> Any:
    """Return the lights' values of their numbers, as an array of texts for a frame."""
    return pd.array(_NAMES, dtype="str").take(codes)


def one_of(codes: Codes, lights: Iterable[Light]) -> npt.NDArray[np.bool_]:
    """Tell which numbers stand for one of some lights; for a few lights comparing is quicker than looking them up."""
    found = np.zeros(codes.shape, dtype=bool)
    for light in lights:
        found |= codes == CODES[light]
    return found


def _codes(
    planned_pct: Floats, actual_pct: Floats, *, starts_on: Days, due_on: Days, month: date, previous: Codes
) -> Codes:
    """Apply the rule table to many cells at the end of one month; lights are numbers, NO_LIGHT for none before."""
    end = np.datetime64(month_end(month), "D")
    soon = np.datetime64(month_end(month) + timedelta(days=DUE_SOON_DAYS), "D")
    is_silent = np.isnan(actual_pct)
    has_no_row = np.isnan(planned_pct) & is_silent
    is_idle = (planned_pct == 0) & (is_silent | (actual_pct == 0))
    gap = np.round(planned_pct - actual_pct, _DIGITS)
    rules: Sequence[tuple[npt.NDArray[np.bool_], Light]] = (
        (has_no_row | (starts_on > end) | is_idle, Light.NOT_STARTED),
        (actual_pct >= 100, Light.DONE),
        (due_on < end, Light.OVERDUE),
        (is_silent & one_of(previous, _SILENT), Light.UNREPORTED_AGAIN),
        (is_silent, Light.UNREPORTED),
        (gap >= BEHIND_POINTS, Light.FAR_BEHIND),
        (gap > 0, Light.BEHIND),
        (one_of(previous, RED), Light.MADE_UP),
        (due_on <= soon, Light.DUE_SOON),
    )
    fits, codes = [fits for fits, _ in rules], [np.int8(CODES[chosen]) for _, chosen in rules]
    return np.select(fits, codes, np.int8(CODES[Light.ON_TRACK]))
