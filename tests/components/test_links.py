from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from analysis.streams import STREAMS
from components.links import address, link_mark, rows_link, standing_link
from database.kpis import COMPUTED
from navigation import PAGES, Page


def _page(stem: str) -> Page | None:
    return next((page for page in PAGES if page.path.endswith(f"/{stem}.py")), None)


def _split(target: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(target)
    return parts.path, parse_qs(parts.query)


def test_an_address_holds_its_filters_whatever_they_say() -> None:
    path, query = _split(address("standing", township="甲&乙=?", as_of="2020-08-31"))
    assert (path, query) == ("standing", {"township": ["甲&乙=?"], "as_of": ["2020-08-31"]})


def test_a_township_leads_to_its_explanation() -> None:
    path, query = _split(standing_link("招贤", date(2020, 8, 15)))
    assert _page(path) is not None
    assert query == {"township": ["招贤"], "as_of": ["2020-08-15"]}


@pytest.mark.parametrize("source", COMPUTED)
def test_every_computed_indicator_leads_to_a_page_that_can_take_its_filters(source: str) -> None:
    words, target = rows_link(source, "K01", "招贤", date(2020, 7, 1))
    path, query = _split(target)
    page = _page(path)
    assert words
    assert page is not None
    assert set(query) <= set(page.filters)
    assert query["as_of"] == ["2020-07-31"]
    assert set(query.get("stream", [])) <= {stream.name for stream in STREAMS.values()}


def test_indicators_lead_to_their_own_stream() -> None:
    streams = {
        source: _split(rows_link(source, "", "招贤", date(2020, 8, 1))[1])[1].get("stream") for source in COMPUTED
    }
    assert streams["backlog_resolution_rate"] is None
    assert streams["petitions_repeated"] == ["信访事项（初信初访）"]
    assert streams["events_closed_in_time"] == ["治理事件"]
    assert streams["suits_per_resident"] == ["诉讼"]
    assert _split(rows_link("tasks_on_schedule", "", "招贤", date(2020, 8, 1))[1])[0] == "tasks"


@pytest.mark.parametrize("source", [None, float("nan"), "something_else"])
def test_a_reported_indicator_leads_to_its_definition(source: object) -> None:
    words, target = rows_link(source, "K18", "招贤", date(2020, 8, 1))
    assert words == "报送口径"
    assert _split(target) == ("definitions", {"figure": ["K18"]})


def test_links_are_escaped_and_stay_in_the_tab() -> None:
    mark = link_mark(("<i>", 'x?a=1&b="'))
    assert mark == '<a class="gov-link" href="x?a=1&amp;b=&quot;" target="_self">&lt;i&gt;</a>'
