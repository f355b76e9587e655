"""Every page in a browser set to English: as in its reference picture, Chinese to the last word, accessible (WCAG 2.2
AA), nothing off the side of a phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize

from driver.browser import ready, standing
from driver.server import Server
from navigation import PAGES
from state.demo import DEMO_PASSWORD
from tests.end_to_end.conftest import WAIT_MS
from tests.end_to_end.pictures import TOLERATED, differing_share, on_screen, share, tolerated

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 390, "height": 844}
MOVING = {"pages/data/audit.py", "pages/data/users.py", "pages/meeting/finalised.py"}
"""Pages that show what other tests have done: no picture of them holds still."""

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAMES = re.compile(
    r"Excel|Word|PowerPoint|PPT|PNG|SVG|CSV|XLSX|\.(csv|xlsx|docx|pptx)"
    r"|Kaplan-Meier|XmR|Ctrl|Esc|Home|End|PageUp|PageDown"
)
"""What stays Latin: formats, the names of methods, keys."""

ACCOUNTS = {"leader", "office", "department", "township"}
"""The demo accounts' own names, shown as data on 账号 and 操作记录."""

STREAMLITS_OWN = {"list", "listitem"}  # its menu; and the parts of its date box, see is_date_part

OPENERS = "input[role=combobox], [data-testid=stDateInput] button, [data-testid=stPopover] button, summary"

TEXTS = """() => {
  const skip = "[data-testid=stIconMaterial], [data-testid=stExpanderIcon], [aria-hidden=true], script, style, noscript"
  const names = ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"]
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node
    if (!element || element.closest(skip)) continue
    if (node === element) for (const name of names) found.push(node.getAttribute(name) ?? "")
    else found.push(node.data)
  }
  return found
}"""

LABELS = """[...document.querySelectorAll("[data-testid=stVegaLiteChart]")].map(
  (picture) => picture.getAttribute("role") === "img" ? picture.getAttribute("aria-label") : "")"""

SHIFTS = """window.shifts = 0; new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value
}).observe({ type: "layout-shift", buffered: true })"""
STEADY = 0.1
"""Cumulative layout shift that web.dev calls good: what stands keeps its place while the rest comes."""

HELD_BACK = """[...document.querySelectorAll("[data-testid=stMain] *")].filter((element) => {
  const style = getComputedStyle(element)
  return style.animationName === "gov-wait" && style.animationDuration === "3s"
}).length"""
"""How much waits for what stands above it to be drawn (components/governance.css): nothing, once all is."""

VIOLATIONS = """async (standards) => {
  const found = await axe.run(document, { runOnly: standards, resultTypes: ["violations"] })
  const told = (rule) => rule.nodes.map((node) => [rule.id, rule.impact, node.target.join(" "), node.html])
  return found.violations.flatMap(told)
}"""


@pytest.fixture(scope="module")
def office(browser: Browser, server: Server) -> Iterator[Page]:
    """The office, which may see every page, in a browser that asks for English."""
    context = browser.new_context(viewport=DESK, locale="en-US")
    context.add_init_script(SHIFTS)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(server.url)
    page.get_by_label("账号").fill("office")
    page.get_by_label("密码").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    yield ready(page)
    context.close()


@pytest.fixture(scope="module")
def tolerance(office: Page) -> float:
    """The share of a page that may differ from its reference picture."""
    blank = office.context.new_page()
    blank.set_viewport_size(DESK)
    passes = tolerated(blank)
    blank.close()
    return passes


@pytest.fixture
def faults(office: Page) -> Iterator[list[str]]:
    """What fails in the browser while a test runs: errors of scripts, refused loads, broken policies."""
    found: list[str] = []

    def on_error(error: Error) -> None:
        found.append(str(error))

    def on_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    office.on("pageerror", on_error)
    office.on("console", on_message)
    yield found
    office.remove_listener("pageerror", on_error)
    office.remove_listener("console", on_message)


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_a_page_is_as_it_was_chinese_accessible_and_within_the_screen(
    office: Page, faults: list[str], tolerance: float, server: Server, path: str
) -> None:
    office.set_viewport_size(DESK)
    office.goto(f"{server.url}/{Path(path).stem}")
    standing(office)
    assert office.evaluate("shifts") < STEADY
    assert office.evaluate(HELD_BACK) == 0
    assert office.get_by_role("dialog").count() == 0
    if path not in MOVING:
        assert differing_share(office, Path(path).stem) < tolerance
    assert english(office) == []
    assert serious_findings(office) == []
    office.set_viewport_size(PHONE)
    assert office.evaluate("document.documentElement.scrollWidth <= innerWidth")
    office.set_viewport_size(DESK)
    for said in office.evaluate(LABELS):
        assert re.search("图中为.*[0-9]", said or ""), "a chart says its finding to who cannot see it"
    own = office.locator("[data-testid=stMain]").locator(OPENERS).all()
    for opener in [*own, *office.get_by_test_id("stSidebar").locator("input[role=combobox]").all()]:
        if opener.is_visible() and opener.is_enabled():
            opener.click()
            assert english(office) == [], opener
            office.keyboard.press("Escape")
    assert faults == []


@pytest.mark.parametrize("stem", ["overview", "rankings", "tasks"])
@pytest.mark.parametrize(("name", "size", "scheme"), [("dark", DESK, "dark"), ("phone", PHONE, "light")])
def test_a_page_is_as_it_was_in_the_dark_and_on_a_phone_and_accessible_in_the_dark(
    office: Page,
    tolerance: float,
    server: Server,
    stem: str,
    name: str,
    size: ViewportSize,
    scheme: Literal["dark", "light"],
) -> None:
    office.set_viewport_size(size)
    office.emulate_media(color_scheme=scheme)
    office.goto(f"{server.url}/{stem}")
    standing(office)
    differing = differing_share(office, f"{stem}-{name}")
    office.emulate_media(color_scheme="dark")
    findings = serious_findings(office)
    office.emulate_media(color_scheme="light")
    assert differing < tolerance
    assert findings == []


@pytest.mark.parametrize("stem", ["overview", "services"])
def test_a_township_chosen_moves_nothing_but_its_figures(office: Page, server: Server, stem: str) -> None:
    office.set_viewport_size(DESK)
    office.goto(f"{server.url}/{stem}")
    standing(office)
    office.evaluate("shifts = 0")
    township = office.get_by_test_id("stSidebar").get_by_role("button", name="球川", exact=True)
    township.evaluate("(element) => element.click()")  # a click by hand would excuse every move after it
    office.wait_for_url("**township=**")
    standing(office)
    assert office.evaluate("shifts") < STEADY


@pytest.mark.parametrize("lost", [".gov-card", "[data-testid=stVegaLiteChart]", "[data-testid=stSidebar]"])
def test_what_is_lost_from_a_page_is_seen(office: Page, server: Server, lost: str) -> None:
    office.set_viewport_size(DESK)
    office.goto(f"{server.url}/backlog")
    before = on_screen(standing(office))
    office.locator(lost).first.evaluate("(element) => { element.style.visibility = 'hidden' }")
    assert share(on_screen(office), before) > TOLERATED


def test_menu_calendar_and_lost_connection_are_chinese(office: Page, server: Server) -> None:
    office.set_viewport_size(DESK)
    office.goto(server.url)
    ready(office)
    for opener in office.get_by_test_id("stTopNavSection").all():
        opener.click()
        assert english(office) == []
        office.keyboard.press("Escape")
    office.get_by_test_id("stSidebar").get_by_test_id("stDateInput").locator("button").first.focus()
    office.keyboard.press("Enter")  # also where a page shown narrow before has left the sidebar folded
    office.get_by_test_id("stDateInputCalendar").wait_for()
    assert "八月" in office.get_by_test_id("stDateInputCalendar").inner_text()
    assert english(office) == []
    office.keyboard.press("Escape")
    server.stop()
    office.get_by_text("连接中断").wait_for()
    assert english(office) == []
    server.start()


def test_a_refused_file_a_failed_download_and_a_chart_s_tools_are_chinese(office: Page, server: Server) -> None:
    office.goto(f"{server.url}/importing")
    ready(office)
    office.locator("input[type=file]").first.set_input_files(
        {"name": "台账.db", "mimeType": "application/octet-stream", "buffer": b"x"}
    )
    office.get_by_test_id("stFileUploader").get_by_text("不能上传这种文件").wait_for()
    assert english(office) == []
    office.goto(server.url)
    ready(office)
    office.get_by_test_id("stVegaLiteChart").first.hover()
    office.get_by_test_id("stElementToolbarButton").first.wait_for()
    assert english(office) == []
    office.route("**/media/**", lambda route: route.abort())
    office.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    office.wait_for_timeout(1500)
    assert english(office) == []
    office.unroute("**/media/**")


def english(page: Page) -> list[str]:
    """Return the texts, tooltips and labels in which a word of three Latin letters or more is left."""
    texts = {text.strip() for text in page.evaluate(TEXTS)} - ACCOUNTS
    texts = {text.split("（")[1] if text.split("（")[0] in ACCOUNTS else text for text in texts}
    return sorted(text for text in texts if re.search("[A-Za-z]{3}", NAMES.sub("", text)))


def serious_findings(page: Page) -> list[list[str]]:
    """Return what axe finds serious or critical and is not Streamlit's own."""
    page.evaluate(AXE)
    return [
        found
        for found in page.evaluate(VIOLATIONS, STANDARDS)
        if found[1] in ("serious", "critical") and found[0] not in STREAMLITS_OWN and not is_date_part(found)
    ]


def is_date_part(found: list[str]) -> bool:
    return found[0] == "target-size" and 'role="spinbutton"' in found[3]
