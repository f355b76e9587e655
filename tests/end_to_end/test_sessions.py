"""In a real browser: signing in and out, links, filters, restarts, revoked and foreign sessions."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from auth import COOKIE
from driver.browser import ready
from driver.server import Server
from navigation import PAGES
from state.tables import SESSIONS

pytestmark = pytest.mark.browser

NewContext = Callable[[], BrowserContext]
SignIn = Callable[..., Page]
STEMS = {page.title: "" if page.is_default else page.path.rsplit("/", 1)[-1].removesuffix(".py") for page in PAGES}
SECTIONS = {page.title: page.section for page in PAGES}
FIRST_OF_EACH_KIND = {(page.is_default, page.roles): page.title for page in reversed(PAGES)}.values()


def choose_township(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(re.compile("township="))
    ready(page)


def township_in_url(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("township", [])


def end_all_sessions(server: Server) -> None:
    engine = sa.create_engine(f"sqlite:///{server.folder / 'state.db'}")
    with engine.begin() as connection:
        connection.execute(sa.delete(SESSIONS))
    engine.dispose()


def test_the_leader_signs_in_and_sees_the_published_figures(sign_in: SignIn, page: Page) -> None:
    main = sign_in(page).get_by_test_id("stMain")
    for figure in ("114", "92", "80.7%", "54个百分点", "26.73%"):
        expect(main).to_contain_text(figure)


def test_signing_in_from_a_deep_link_ends_on_that_link_with_its_filters(sign_in: SignIn, page: Page) -> None:
    sign_in(page, path="/backlog?township=球川&as_of=2020-07-31")
    assert urlsplit(page.url).path == "/backlog"
    assert township_in_url(page) == ["球川"]
    expect(page.locator("footer.gov-foot")).to_contain_text("2020年7月31日")


def open_from_menu(page: Page, title: str) -> None:
    page.get_by_role("button", name=SECTIONS[title], exact=True).click()
    page.get_by_role("menuitem", name=title).click()


def test_a_filter_follows_from_page_to_page_survives_reload_and_is_cleared_by_one_click(
    sign_in: SignIn, page: Page
) -> None:
    sign_in(page)
    choose_township(page, "招贤")
    chip = page.get_by_role("button", name=re.compile("当前筛选"))
    for title in ("考核排名", "任务清单", "积案化解", "总体情况"):
        open_from_menu(page, title)
        page.wait_for_url(re.compile(f"/{STEMS[title]}(\\?|$)"))
        ready(page)
        assert township_in_url(page) == ["招贤"], title
        expect(chip).to_contain_text("招贤")
    page.reload()
    ready(page)
    expect(chip).to_contain_text("招贤")
    chip.click()
    expect(chip).to_have_count(0)
    assert township_in_url(page) == []


def test_a_shared_link_shows_another_person_the_same_filter(
    sign_in: SignIn, page: Page, new_context: NewContext
) -> None:
    sign_in(page, path="/backlog")
    choose_township(page, "球川")
    link = page.url
    other = sign_in(new_context().new_page(), "office", "/backlog?" + urlsplit(link).query)
    expect(other.get_by_role("button", name=re.compile("当前筛选"))).to_contain_text("球川")


def test_an_unknown_township_or_date_in_a_link_is_named_and_the_default_shown(sign_in: SignIn, page: Page) -> None:
    sign_in(page, path="/?township=桃花源&as_of=1999-01-01")
    said = page.get_by_test_id("stMain")
    expect(said).to_contain_text("桃花源")
    expect(said).to_contain_text("1999-01-01")
    expect(said).to_contain_text("114")


@pytest.mark.parametrize("title", FIRST_OF_EACH_KIND)
def test_a_page_is_whole_as_the_first_one_opened_after_a_restart(
    server: Server, sign_in: SignIn, page: Page, title: str
) -> None:
    server.restart()
    sign_in(page, "office", f"/{STEMS[title]}")
    assert urlsplit(page.url).path == f"/{STEMS[title]}"
    page.get_by_role("button", name=SECTIONS[title], exact=True).click()
    expect(page.get_by_role("menuitem", name=title)).to_be_visible()
    expect(page.locator("h1").first).to_be_visible()
    assert page.get_by_role("dialog").count() == 0


def test_signing_out_in_one_tab_ends_the_other(sign_in: SignIn, page: Page) -> None:
    sign_in(page)
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    other.get_by_role("button", name="退出登录").click()
    other.wait_for_url(re.compile("/sign-in"))
    page.wait_for_url(re.compile("/sign-in"))
    page.goto(page.url.split("/sign-in")[0] + "/backlog")
    expect(page.get_by_label("密码")).to_be_visible()


def test_a_revoked_session_leaves_for_the_sign_in_page_and_shows_no_further_figure(
    server: Server, sign_in: SignIn, page: Page
) -> None:
    sign_in(page, path="/backlog")
    end_all_sessions(server)
    page.get_by_test_id("stSidebar").get_by_role("button", name="球川", exact=True).click()
    page.wait_for_url(re.compile("/sign-in"))
    expect(page.get_by_label("账号")).to_be_visible()


def test_a_reconnect_with_another_users_cookie_sees_nothing_of_the_first(
    sign_in: SignIn, page: Page, new_context: NewContext
) -> None:
    sockets: list[WebSocketRoute] = []

    def keep(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket(re.compile("/_stcore/stream"), keep)
    sign_in(page)
    choose_township(page, "招贤")
    other = sign_in(new_context().new_page(), "township")
    stolen = [cookie for cookie in other.context.cookies() if cookie["name"] == COOKIE]
    page.context.add_cookies(stolen)
    sockets[-1].close()  # the page reconnects and names the first user's Streamlit session
    expect(page.get_by_test_id("stSidebar")).to_contain_text("球川镇（演示）", timeout=60_000)
    expect(page.get_by_test_id("stSidebar")).not_to_contain_text("县领导（演示）")
    assert len(sockets) > 1  # the chosen township stays: it stands in this browser's own URL, and figures are open
