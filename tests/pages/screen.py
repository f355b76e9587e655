"""What stands on a page that AppTest has run, as its reader sees it."""

import re
from collections.abc import Callable
from html import unescape

from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]


def raw(app: AppTest) -> str:
    """Return our own blocks as they are sent, entities and all, once the page has run without an error."""
    assert not app.exception, [e.message for e in app.exception]
    blocks = "\n".join(block.proto.body for block in app.get("html"))
    return re.sub(r"<style>.*?</style>", "", blocks, flags=re.S)


def html_of(app: AppTest) -> str:
    """Return our own blocks with their entities resolved."""
    return unescape(raw(app))


def text_of(app: AppTest) -> str:
    """Return what a reader sees of our own blocks and of Streamlit's texts."""
    shown = [*app.title, *app.subheader, *app.info, *app.warning, *app.error]
    return "\n".join([*(str(each.value) for each in shown), re.sub(r"<[^>]+>", " ", html_of(app))])


def tables_of(app: AppTest, look: str = "gov-table", *, gap: str = "") -> list[list[list[str]]]:
    """Return the cells of each table of this look, headings first, the total row included.

    `gap` stands between two elements of one cell.
    """
    found = re.findall(rf"<table class=['\"]{look}['\"]>.*?</table>", raw(app), flags=re.S)
    return [[_cells(row, gap) for row in re.findall(r"<tr.*?</tr>", table, flags=re.S)] for table in found]


def _cells(row: str, gap: str) -> list[str]:
    cells = re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", gap, cell)).split()) for cell in cells]
