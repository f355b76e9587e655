"""The one look: texts in the page's own colour, and a style sheet that the browser keeps."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

from components import theme
from components.charts import campaign_chart

CHARTS = sorted((Path(theme.__file__).parent / "charts").glob("*.py"))


def test_texts_in_charts_take_the_page_s_own_colour_light_or_dark() -> None:
    assert theme.chart_theme()["config"]["text"]["color"] == "currentColor"


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_texts_on_the_ground_have_no_colour_of_their_own(path: Path) -> None:
    colours = [
        ast.unparse(keyword.value)
        for node in ast.walk(ast.parse(path.read_text("utf8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mark_text"
        for keyword in node.keywords
        if keyword.arg == "color"
    ]
    assert set(colours) <= {"'white'"}  # within a bar, whose hue is the same on both grounds


def test_the_theme_reaches_every_chart() -> None:
    rows = pd.DataFrame(
        {"day": [pd.Timestamp("2020-08-31")], "opened": [1], "closed": [1], "rate": [1.0], "pace": [0.8]}
    )
    assert campaign_chart(rows, finding="").to_dict()["config"]["text"]["color"] == "currentColor"


def test_the_style_sheet_holds_nothing_that_the_browser_s_cleaner_takes_for_a_tag() -> None:
    inside = theme.stylesheet().removeprefix("<style>").removesuffix("</style>")
    assert not re.search(r"<[/\w!]", inside)


def test_paper_is_white_on_the_dark_page_too() -> None:
    printed = theme.stylesheet().split("@media print {", 1)[1]
    assert "color-scheme: light !important" in printed
    assert "background: white !important" in printed
