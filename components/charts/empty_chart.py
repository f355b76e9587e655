"""What stands in place of a chart that has nothing to draw: a sentence, on the page, the slide and the picture."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import altair as alt
import pandas as pd

P = ParamSpec("P")
EMPTY = "empty"
"""The name of such a chart: a page writes its description instead of drawing it."""
NOTHING = "没有可以画图的数据。"
_HEIGHT = 60

Draw = Callable[Concatenate[pd.DataFrame, P], alt.LayerChart]


def drawn_where_known(*measures: str) -> Callable[[Draw[P]], Draw[P]]:
    """Let a chart be a sentence where none of these columns of its rows holds a value: empty axes say nothing."""

    def decorate(draw: Draw[P]) -> Draw[P]:
        @wraps(draw)
        def call(rows: pd.DataFrame, /, *args: P.args, **kwargs: P.kwargs) -> alt.LayerChart:
            is_known = any(rows[measure].notna().any() for measure in measures)
            return draw(rows, *args, **kwargs) if is_known else _sentence()

        return call

    return decorate


def _sentence() -> alt.LayerChart:
    words = alt.Chart(pd.DataFrame({"said": [NOTHING]})).mark_text(fontSize=15).encode(alt.Text("said:N"))
    return alt.LayerChart(layer=[words], name=EMPTY, height=_HEIGHT, description=NOTHING)
