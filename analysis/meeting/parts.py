"""The parts a slide is made of: a chart as numbers, a table, and how the two stand together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from analysis.lights import Light
from analysis.meeting.tables import Column

Kind = Literal["columns", "stacked_bars", "bars", "lines"]
Tone = Literal["blue", "green", "orange", "red", "grey"] | Light
"""What a series is coloured by: a hue of the theme by name, or a light."""


@dataclass(frozen=True)
class Series:
    """One series of a chart: its name, a value per category (None for a missing one), its tone."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone
    is_dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart; `number_format` is that of values and axis, `top` the axis's end; dates are spaced by days."""

    kind: Kind
    heading: str
    categories: tuple[str | date, ...]
    series: tuple[Series, ...]
    number_format: str = "#,##0"
    top: float | None = None
    has_labels: bool = True


@dataclass(frozen=True)
class Table:
    """A table with its heading."""

    heading: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Content:
    """What stands under a slide's title: a chart, a table or both, the chart on `share` of the width; a line below.

    `brief` is the table where letters are large and the chart is not drawn: the chart's own rows, or fewer of them.
    """

    chart: Chart | None = None
    table: Table | None = None
    brief: Table | None = None
    share: float = 0.55
    note: str = ""


def series_of(name: str, values: Iterable[Any], tone: Tone, *, is_dashed: bool = False) -> Series:
    """Return a series of numbers, NaN as missing."""
    return Series(name, tuple(None if pd.isna(value) else float(value) for value in values), tone, is_dashed)
