"""Every chart says its finding to who cannot see it, and every page draws its charts with that sentence beside them."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.annotations import chart_marks
from analysis.funnel_words import funnel_lines
from analysis.signal_words import chart_rows
from analysis.signals import signal_chart
from components import charts
from components.charts.text_alternative import text_alternative
from tests.components.assessment.test_funnel import ROWS
from tests.components.assessment.test_signals import SERIES
from tests.components.test_charts import CHANGES, LINES, PROGRESS, RANKED, WEEKLY
from tests.components.test_timetables import AS_OF, BOOKS, DUE, STEPS_SHOWN

BARS = pd.DataFrame({"township": ["天马"], "band": ["0–30天"], "open": [2], "start": [0], "end": [2], "middle": [1.0]})
STEPS = pd.DataFrame({"days": [0.0, 30.0], "still_open": [1.0, 0.4], "lower": [1.0, 0.2], "upper": [1.0, 0.6]})
RATES = pd.DataFrame({"label": ["7月", "8月"], "rate": [0.9, 0.98], "words": ["90%（9/10）", "98%（49/50）"]})
MONTHS = pd.DataFrame({"month": ["7月"], "planned_pct": [50.0], "actual_pct": [45.0]})
SIGNAL = chart_rows(signal_chart(SERIES, "K05", "a"), "件")
VERBS = {"opened": "交办", "closed": "化解", "waiting": "未化解"}
DRAWN: dict[str, Callable[[str], alt.LayerChart]] = {
    "ageing_chart": lambda said: charts.ageing_chart(BARS, bands=["0–30天"], finding=said),
    "backlog_chart": lambda said: charts.backlog_chart(WEEKLY, **VERBS, finding=said),
    "bump_chart": lambda said: charts.bump_chart(LINES, CHANGES, finding=said),
    "campaign_chart": lambda said: charts.campaign_chart(PROGRESS, finding=said),
    "closing_times_chart": lambda said: charts.closing_times_chart(STEPS, closed="化解", finding=said),
    "funnel_chart": lambda said: charts.funnel_chart(ROWS, funnel_lines(ROWS), finding=said),
    "milestone_chart": lambda said: charts.milestone_chart(STEPS_SHOWN, as_of=AS_OF, due_on=DUE, finding=said),
    "ranking_chart": lambda said: charts.ranking_chart(RANKED, places=14, finding=said),
    "signal_chart": lambda said: charts.signal_chart(
        SIGNAL, chart_marks([], SIGNAL["month"]), unit="件", is_share=False, finding=said
    ),
    "task_progress_chart": lambda said: charts.task_progress_chart(MONTHS, finding=said),
    "timeliness_chart": lambda said: charts.timeliness_chart(RATES, word="按期率", finding=said),
    "timetable_chart": lambda said: charts.timetable_chart(BOOKS, STEPS_SHOWN, as_of=date(2020, 8, 31), finding=said),
}


def test_no_chart_is_forgotten_here() -> None:
    assert sorted(DRAWN) == sorted(charts.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_says_its_finding_and_then_what_is_drawn_with_how_much_of_it(name: str) -> None:
    says = DRAWN[name]("天马领先。").to_dict()["description"]
    assert re.fullmatch(r"天马领先。图中为.*\d.*。", says), says
    assert not re.search("[A-Za-z]", says)


def _titles(part: object, *, of_channel: bool = False) -> Iterator[str]:
    """Yield the titles of axes, legends and tooltips, wherever they stand in a specification."""
    if isinstance(part, list):
        for each in part:
            yield from _titles(each, of_channel=of_channel)
    elif isinstance(part, dict):
        for name, each in part.items():
            if name == "title" and of_channel and isinstance(each, str):
                yield each
            elif name not in ("datasets", "config"):
                yield from _titles(each, of_channel=of_channel or name == "encoding")


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_names_its_axes_and_columns_in_chinese_and_is_worked_out_once(name: str) -> None:
    assert not [title for title in _titles(DRAWN[name]("").to_dict()) if title and not re.search("[一-鿿]", title)]
    assert DRAWN[name]("同") is DRAWN[name]("同"), "remembered"


def test_without_a_finding_what_is_drawn_is_said_alone() -> None:
    assert text_alternative("", "3个月的折线") == "图中为3个月的折线。"


def test_the_sentence_stands_beside_the_chart_and_leaves_the_specification_still() -> None:
    def page() -> None:
        from components.drawings import drawing
        from tests.components.test_text_alternatives import DRAWN

        for said in ("<b>甲</b>上升", "乙下降"):
            drawing(DRAWN["timeliness_chart"](said))

    shown = AppTest.from_function(page).run()
    assert not shown.exception
    first, second = (chart.proto.spec for chart in shown.get("vega_lite_chart"))
    assert first == second
    beside = [each.proto.body for each in shown.get("html")]
    assert 'data-says="&lt;b&gt;甲&lt;/b&gt;上升。图中为2个月的按期率折线。"' in beside[0]


def test_pages_draw_in_this_one_way() -> None:
    sources = [path for folder in ("pages", "components") for path in Path(folder).rglob("*.py")]
    assert [str(path) for path in sources if re.search("altair_chart|vega_lite_chart", path.read_text("utf8"))] == [
        "components/drawings.py"
    ]
