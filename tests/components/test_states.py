"""Every chart and every component of HTML is right when normal, empty, of one row, of too many, and with gaps."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from components import charts
from components.charts.drawing import drawn_svg
from components.charts.empty_chart import EMPTY, NOTHING
from tests.components.chart_states import DRAWN, HOLLOW, LONG, STATES
from tests.components.markup_states import SHOWN

ROW_HEIGHT = 42
"""The tallest row of a chart that has a row per name; others are no taller than the screen."""
FRAME = 420
LONGEST_CUT = 24
"""Characters in a chart without a width of its own, as drawn here."""
KEYS = re.compile("Esc|Home|End|PageUp|PageDown|Ctrl")
WITHOUT_ROWS = {"assessment.heat.legend_html", "assessment.signals.verdicts_html", "tasks.task_book.facts_html"}
"""Components that do not show rows: nothing can be missing from them but a text."""
SILENT = {"assessment.signals.flagged_html", "tiles.tile_map_html", "outline_map.outline_map_html",
          "tasks.task_book.task_ways_html"}  # fmt: skip
"""Components of which nothing stands where there is nothing: what the page says besides is enough."""


def test_no_chart_and_no_component_is_forgotten_here() -> None:
    assert sorted(DRAWN) == sorted(charts.__all__)
    assert sorted(SHOWN) == sorted(_components())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_right_in_every_state(name: str, state: str) -> None:
    chart = DRAWN[name](STATES[state])
    spec = chart.to_dict()  # held against the schema
    assert (spec.get("name") == EMPTY) == (state in HOLLOW)
    svg = drawn_svg(json.dumps(spec))
    texts = [said for said in re.findall(r"<text[^>]*>([^<]*)</text>", svg) if said]
    assert texts
    assert not [said for said in texts if _is_wrong(said)]
    assert _height(chart, STATES[state].rows) <= max(FRAME, ROW_HEIGHT * STATES[state].rows)
    if state in HOLLOW:
        assert texts == [NOTHING] == [chart.description]
    for said in texts:
        assert LONG[:6] not in said or _is_cut(said), said


@pytest.mark.parametrize("name", sorted(set(DRAWN) - {"backlog_chart", "campaign_chart", "closing_times_chart",
                                                      "task_progress_chart", "timeliness_chart"}))  # fmt: skip
def test_a_name_that_a_chart_may_cut_is_whole_in_its_tooltip(name: str) -> None:
    spec = DRAWN[name](STATES["many"]).to_dict()
    told = {tip["field"] for part in _parts(spec) for tip in _listed(part.get("tooltip")) if "field" in tip}
    named = {field for rows in spec["datasets"].values() for field, said in rows[0].items() if LONG in str(said)}
    assert named & told or name == "signal_chart"
    for part in _parts(spec):
        if part.get("text", {}).get("field") in named:
            assert part["tooltip"], "what is written into the picture can be pointed at"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", SHOWN)
def test_a_component_is_right_in_every_state(name: str, state: str) -> None:
    html = SHOWN[name](STATES[state])
    texts = [said for said in re.findall(r">([^<]+)", html) if said.strip()]
    titles = re.findall(r'(?:title|alt|aria-label)="([^"]*)"', html)
    assert not [said for said in (*texts, *titles) if _is_wrong(KEYS.sub("", said))]
    if state == "empty" and name not in WITHOUT_ROWS:
        assert html == "" if name in SILENT else re.search("没有|待行动办填写", html)
    else:
        assert texts
    if state == "many" and name not in WITHOUT_ROWS | {"lights.counts_html"}:
        assert f"{LONG}01" in re.sub(r"(?<=\d)<span>", "", html), "whole, if not in its place then on pointing at it"


def _components() -> Iterator[str]:
    """Yield every public function of components/ that returns markup, by module and name."""
    root = Path("components")
    for path in root.rglob("*.py"):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for node in ast.parse(path.read_text("utf8")).body:
            if isinstance(node, ast.FunctionDef) and re.fullmatch(r"(?!nothing)[a-z].*_html", node.name):
                yield f"{module}.{node.name}"


def _is_wrong(said: str) -> bool:
    """Tell whether a text is English, or a missing value that was written out."""
    return bool(re.search(r"[A-Za-z]{3,}|\bNa[NT]\b|undefined", said))


def _is_cut(said: str) -> bool:
    return said.endswith("…") and len(said) <= LONGEST_CUT


def _height(chart: alt.LayerChart, rows: int) -> float:
    """Return how tall a chart's plot is: its own height, or its step times its rows."""
    height: Any = chart.height
    return height if isinstance(height, int | float) else height.step * rows


def _parts(spec: dict[str, Any], outer: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the encoding of every mark, with what it takes over from the layers around it."""
    own = {**(outer or {}), **spec.get("encoding", {})}
    for layer in spec.get("layer", []):
        yield from _parts(layer, own)
    if "mark" in spec:
        yield own


def _listed(tooltip: Any) -> list[dict[str, Any]]:
    return tooltip if isinstance(tooltip, list) else [tooltip] if tooltip else []
