"""复制链接 in a real browser: the filters, and the as-of date in full, which the address bar leaves out."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
"""As in a browser that came by plain HTTP."""


def _copied(page: Page) -> str:
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="链接已复制")).to_be_visible()
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
    page.focus("#paste")
    page.keyboard.press("Control+V")
    text = page.input_value("#paste")
    page.evaluate("document.querySelector('#paste').remove()")
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()
    return text


def test_a_copied_link_holds_the_filters_and_the_day(page: Page, sign_in: Callable[..., Page]) -> None:
    page.add_init_script(WITHOUT_CLIPBOARD)
    sign_in(page, path="/ledger?township=天马&state=在办")
    link = urlsplit(_copied(page))
    assert link.path == "/ledger"
    assert parse_qs(link.query) == {"township": ["天马"], "state": ["在办"], "as_of": ["2020-08-31"]}
    assert "as_of" not in urlsplit(page.url).query


def test_a_day_that_was_chosen_is_copied_as_it_is(page: Page, sign_in: Callable[..., Page]) -> None:
    page.add_init_script(WITHOUT_CLIPBOARD)
    sign_in(page, path="/backlog?as_of=2020-07-31")
    assert parse_qs(urlsplit(_copied(page)).query)["as_of"] == ["2020-07-31"]
