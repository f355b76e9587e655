"""The presenter in a real browser: keys alone, no request for a slide, full screen, and back to where one was."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from driver.server import Server

SignIn = Callable[..., Page]
OPEN = ".gov-presenter .leaf:not([hidden])"


def _number(page: Page) -> str:
    return page.locator(".gov-presenter .page").inner_text()


def _present(server: Server, sign_in: SignIn, page: Page) -> None:
    sign_in(page, path="/meeting?as_of=2020-07-31")
    page.locator(".gov-start").click()
    expect(page.locator(OPEN)).to_be_visible(timeout=30_000)


def test_a_meeting_is_held_with_the_keyboard_alone(server: Server, sign_in: SignIn, page: Page) -> None:
    _present(server, sign_in, page)
    leaves = page.locator(".gov-presenter .leaf").count()
    assert leaves >= 12
    expect(page.locator(".gov-presenter footer")).to_contain_text("截至2020年7月31日 · 全县")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    frames: list[object] = []
    page.on("websocket", lambda socket: frames.append(socket))
    for key, shown in (
        ("ArrowRight", 2), ("Space", 3), ("PageDown", 4), ("ArrowLeft", 3), ("End", leaves), ("ArrowRight", leaves),
        ("Home", 1), ("PageUp", 1), ("5", 1), ("Enter", 5),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert _number(page) == f"{shown} / {leaves}"
    assert page.locator(OPEN).count() == 1
    page.keyboard.press("j")
    assert (page.locator(OPEN).get_attribute("data-key") or "").startswith("township:")
    page.keyboard.press("End")
    page.keyboard.press("j")
    assert (page.locator(OPEN).get_attribute("data-key") or "").startswith("township:"), (
        "from the last page to the first"
    )
    for _ in range(60):  # half an hour of turning: no mouse, nothing fetched, each page there at once
        page.keyboard.press("Space")
        if _number(page) == f"{leaves} / {leaves}":
            page.keyboard.press("Home")
    turn = (
        "root => { const t = performance.now();"
        " document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));"
        " root.getBoundingClientRect(); return performance.now() - t }"
    )
    assert sorted(page.locator(".gov-presenter").evaluate(turn) for _ in range(5))[2] < 300
    assert not [each for each in asked if not each.endswith("/session")]
    assert not frames


def test_nothing_of_the_page_below_shows_and_nothing_is_cut(server: Server, sign_in: SignIn, page: Page) -> None:
    _present(server, sign_in, page)
    covered = page.evaluate(
        "[[5, 5], [innerWidth - 5, 5], [5, innerHeight - 5]]"
        ".every(([x, y]) => document.elementFromPoint(x, y).closest('.gov-presenter'))"
    )
    assert covered
    for _ in range(page.locator(".gov-presenter .leaf").count()):
        cut = page.locator(OPEN).evaluate(
            "leaf => { const b = leaf.querySelector('.body');"
            " return b.scrollHeight > b.clientHeight + 1 || b.scrollWidth > b.clientWidth + 1 }"
        )
        assert not cut, page.locator(OPEN).inner_text()
        page.keyboard.press("ArrowRight")


def test_full_screen_timer_notes_and_black(server: Server, sign_in: SignIn, page: Page) -> None:
    _present(server, sign_in, page)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement && document.fullscreenElement.matches('.gov-presenter')")
    page.keyboard.press("f")
    page.wait_for_function("!document.fullscreenElement")
    expect(page.locator(OPEN)).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(".gov-presenter .clock")).to_have_text(re.compile("^剩余 (30:00|29:5\\d) / 30分钟$"))
    page.keyboard.press("+")
    expect(page.locator(".gov-presenter .clock")).to_contain_text("/ 35分钟")
    page.keyboard.press("n")
    expect(page.locator(".gov-presenter .say")).to_contain_text("现在汇报")
    page.keyboard.press("b")
    expect(page.locator(OPEN)).not_to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(OPEN)).to_be_visible()


def test_escape_leads_back_to_where_one_was_and_a_reload_stays(server: Server, sign_in: SignIn, page: Page) -> None:
    _present(server, sign_in, page)
    page.keyboard.press("ArrowRight")
    page.reload()
    expect(page.locator(OPEN)).to_be_visible()
    assert _number(page).startswith("2 / ")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/meeting\?as_of=2020-07-31"))
    expect(page.get_by_role("heading", name="会议材料")).to_be_visible()
