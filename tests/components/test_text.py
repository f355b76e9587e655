"""Sentences on a page: escaped, and nothing where there is nothing to say."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    from components.text import finding, how_to_read, line, note

    finding("青石<b>第1名")
    line("化解率&满意率")
    note("")
    note("按<全县>计算")
    how_to_read("先看点", "再看<线>")


def test_sentences_are_escaped_and_an_empty_note_shows_nothing() -> None:
    app = AppTest.from_function(_page).run()
    assert not app.exception
    assert [element.proto.body for element in app.get("html")] == [
        "<p class='gov-finding'>青石&lt;b&gt;第1名</p>",
        "<p class='gov-line'>化解率&amp;满意率</p>",
        "<p class='gov-note'>按&lt;全县&gt;计算</p>",
        "<details class='gov-details gov-how'><summary>怎么看</summary><p>先看点</p><p>再看&lt;线&gt;</p></details>",
    ]
