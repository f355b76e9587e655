import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.rules import OVERVIEW_ITEMS
from analysis.weak_links import KIND_WORDS, Kind
from analysis.weak_links.briefing import weak_link_rows
from analysis.weak_links.kinds import findings
from components.tasks.weak_links import kind_filter, target, weak_links_html

LABELS = {"甲": "甲"}
FILTERS = {"township": ["乙", "丙"], "as_of": "2020-08-31"}


def _row(**row: object) -> dict[str, object]:
    full = findings([{"reference": "r", "kind": "red", "severity": 3, "size": 1.0, **row}]).to_dict("records")
    return dict(full[0])


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ({"task_code": "T1", "region_code": "甲"}, "task?task=T1&township=甲&as_of=2020-08-31"),
        ({"task_code": "T1"}, "task?task=T1&township=乙&township=丙&as_of=2020-08-31"),
        ({"region_code": "甲"}, "tasks?township=甲&as_of=2020-08-31"),
        ({"region_code": "甲", "stream": "petition_backlog"}, "backlog?township=甲&as_of=2020-08-31"),
        ({"region_code": "甲", "stream": "event"}, "backlog?township=甲&as_of=2020-08-31&stream=治理事件"),
        (
            {"region_code": "甲", "kpi_code": "K01", "title": "化解率", "kind": "signal"},
            "signals?kpi=化解率&place=甲&township=乙&township=丙&as_of=2020-08-31",
        ),
        (
            {"region_code": "330822", "kpi_code": "K01", "title": "化解率", "kind": "signal"},
            "signals?kpi=化解率&place=全县&township=乙&township=丙&as_of=2020-08-31",
        ),
        (
            {"region_code": "甲", "kpi_code": "K01", "title": "化解率", "kind": "funnel"},
            "funnel?kpi=化解率&township=甲&as_of=2020-08-31",
        ),
    ],
)
def test_each_leads_to_its_page_with_the_filters_that_apply(row: dict[str, object], address: str) -> None:
    from urllib.parse import unquote

    assert unquote(target(_row(**row), LABELS, FILTERS)) == address


def _told(**row: object) -> pd.DataFrame:
    found = findings([{"reference": "cell:T1:甲", "kind": "red", "severity": 3, "size": 1.0, **row}])
    about = {"bottleneck": "<人手>", "countermeasure": "未提出对策", "leaders": "", "decided": "另议"}
    return weak_link_rows(found.assign(**about))


def test_everything_is_escaped_and_severity_has_word_shape_and_colour() -> None:
    rows = _told(subject="甲镇：<b>1 任务</b>", evidence="落后<20>个百分点", owner="书记&镇长")
    html = weak_links_html(rows, LABELS, FILTERS)
    assert '<li class="red"><header><span class="light red"><span class="shape">■</span> 严重</span>' in html
    assert "甲镇：&lt;b&gt;1 任务&lt;/b&gt;</a>" in html
    assert "落后&lt;20&gt;个百分点" in html
    assert "书记&amp;镇长" in html
    assert "<b>瓶颈</b> &lt;人手&gt;" in html
    assert '<span class="none-yet"><b>对策</b> 未提出对策</span>' in html
    assert "<b>议定</b> 另议" in html
    assert "<人手>" not in html


def test_a_brief_list_leaves_out_what_is_being_done() -> None:
    html = weak_links_html(_told(), LABELS, FILTERS, is_brief=True)
    assert 'class="gov-weak brief"' in html
    assert "对策" not in html


def test_the_office_is_led_on_with_the_reference() -> None:
    assert "follow_ups" not in weak_links_html(_told(), LABELS, FILTERS)
    html = weak_links_html(_told(), LABELS, FILTERS, may_decide=True)
    assert "reference=cell%3AT1%3A%E7%94%B2" in html
    assert "记为议定事项" in html


def test_every_kind_has_its_own_word_and_can_be_chosen() -> None:
    assert len(set(KIND_WORDS.values())) == len(Kind)
    assert kind_filter().options == {kind.value: word for kind, word in KIND_WORDS.items()}
    assert kind_filter().is_many


def test_nothing_found_is_said_and_many_stand_one_below_the_other() -> None:
    assert weak_links_html(_told().head(0), LABELS, FILTERS) == "<p class='gov-note'>没有薄弱环节。</p>"
    many = pd.concat([_told()] * 300, ignore_index=True)
    assert weak_links_html(many, LABELS, FILTERS).count("<li ") == 300


def _overview(count: int) -> None:
    import pandas as pd

    from analysis.weak_links.kinds import findings
    from components.tasks.weak_links import foremost_links

    row = {"reference": "r", "kind": "red", "severity": 3, "size": 1.0}
    found = findings([row] * count) if count else pd.DataFrame()
    foremost_links(found, {}, {}, count=count)


def test_the_overview_shows_a_few_and_leads_to_all_or_says_nothing() -> None:
    assert not AppTest.from_function(_overview, args=(0,)).run().get("html")
    (shown,) = AppTest.from_function(_overview, args=(40,)).run().get("html")
    assert shown.proto.body.count("<li ") == OVERVIEW_ITEMS
    assert "全部薄弱环节（40个）" in shown.proto.body
