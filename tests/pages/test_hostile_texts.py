"""Markup in every text column of the shared database: no page hands it to the browser as markup."""

import shutil
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from database import tables
from navigation import PAGES, Page

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FIXED = {
    "level", "kind", "stream", "platform", "direction", "period", "scope", "origin", "reset", "computed_from",
    "closing_method", "short_name", "source",
}  # fmt: skip
"""Columns whose values the code compares; the labels of the filters, which must stay apart; the mark of a demo."""


@pytest.fixture(scope="module")
def demo_url(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo county, with markup behind every text that is no key and no fixed value."""
    copy = tmp_path_factory.mktemp("hostile") / "demo.db"
    shutil.copy(demo_url.removeprefix("sqlite:///"), copy)
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        for table in tables.METADATA.sorted_tables:
            for column in table.columns:
                if is_free(column):
                    connection.execute(table.update().where(column.is_not(None)).values({column: column + HOSTILE}))
    engine.dispose()
    return f"sqlite:///{copy}"


def is_free(column: sa.Column[object]) -> bool:
    is_text = isinstance(column.type, sa.String)
    return is_text and not column.primary_key and not column.name.endswith("code") and column.name not in FIXED


def shown(app: AppTest) -> Iterator[tuple[str, str]]:
    """Yield whatever the page hands over as markup: HTML blocks, and Markdown where HTML is let through."""
    for block in app.get("html"):
        yield "html", block.proto.body
    for text in app.markdown:
        if text.proto.allow_html:
            yield "markdown", text.value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_no_page_hands_over_markup_from_a_text_column(open_page: Callable[..., AppTest], page: Page) -> None:
    app = open_page(page.path, "office")
    assert not app.exception, [e.message for e in app.exception]
    for kind, body in shown(app):
        for part in ("<img src=x onerror", "<script>alert"):
            at = body.find(part)
            assert at < 0, f"{kind}: {body[max(0, at - 200) : at + 60]}"


def test_the_texts_are_there_to_be_found(open_page: Callable[..., AppTest]) -> None:
    app = open_page("pages/tasks/tasks.py", "office")
    assert any("&lt;img src=x onerror" in body for _, body in shown(app))
