"""A chart as the page sends it: its specification with its data beside it, made once for each chart."""

from collections import OrderedDict
from threading import Lock
from typing import Any

import altair as alt
import pandas as pd

KEPT = 256
PARTS = ("layer", "hconcat", "vconcat", "concat")

_kept: "OrderedDict[int, tuple[alt.LayerChart | alt.Chart, dict[str, Any]]]" = OrderedDict()
"""By the identity of a chart, which is held so that the identity stays its own."""
_lock = Lock()


def chart_spec(chart: alt.LayerChart | alt.Chart) -> dict[str, Any]:
    """Return the specification of a chart, without its description, and its frames as `datasets` by name.

    The names are numbers in the order of drawing, so that the specification keeps still while only the data change,
    and the browser puts the new data in place. The same chart (of a function that is `remembered`) is written out
    once; what comes back is shared and left alone.
    """
    with _lock:
        found = _kept.get(id(chart))
        if found is not None:
            _kept.move_to_end(id(chart))
            return found[1]
    spec = _written(chart)
    with _lock:
        _kept[id(chart)] = chart, spec
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return spec


def _written(chart: alt.LayerChart | alt.Chart) -> dict[str, Any]:
    frames: list[pd.DataFrame] = []
    named = _with_names(chart, frames)
    named.description = alt.Undefined
    spec: dict[str, Any] = named.to_dict(validate=False)  # tests hold every chart against the schema: 15 ms a chart
    return {**spec, "datasets": {_name(i): frame for i, frame in enumerate(frames)}}


def _with_names(chart: Any, frames: list[pd.DataFrame]) -> Any:
    """Return a copy of a chart and its parts that names its frames, which are gathered in `frames`."""
    copy = chart.copy(deep=False)
    if isinstance(copy.data, pd.DataFrame):
        places = [i for i, frame in enumerate(frames) if frame is copy.data]
        if not places:
            frames.append(copy.data)
        copy.data = alt.NamedData(_name(places[0] if places else len(frames) - 1))
    for part in PARTS:
        children = copy._get(part)
        if children is not alt.Undefined:
            copy[part] = [_with_names(child, frames) for child in children]
    return copy


def _name(number: int) -> str:
    return f"data-{number}"
