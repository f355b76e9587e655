"""薄弱环节 and 议定事项 on the demo county: what each role reads, and what it may write."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

import auth
import cache
from actions import entries
from analysis.scope import Role, Scope
from errors import Refused
from queries.regions import townships
from queries.weak_links import pressing_cases
from state.follow_ups import Decision
from tests.pages.conftest import VIEWERS

OVERVIEW, WEAK_LINKS = "pages/overview/overview.py", "pages/tasks/weak_links.py"
FOLLOW_UPS = "pages/meeting/follow_ups.py"
ZHAOXIAN, QIUCHUAN = "330822108", "330822111"
MINE = Decision(
    subject="招贤镇：信访积案", promise="9月10日前化解1件超期积案", owner="招贤镇党委书记", raised_on=date(2020, 8, 24),
    due_on=date(2020, 8, 28), township_code=ZHAOXIAN, reference=f"backlog:{ZHAOXIAN}",
)  # fmt: skip
OTHERS = replace(MINE, subject="球川镇：信访积案", township_code=QIUCHUAN, reference=f"backlog:{QIUCHUAN}")
COUNTYS = replace(MINE, subject="平台接口改造", owner="县大数据中心", township_code=None, due_on=date(2020, 12, 31))
Open = Callable[..., AppTest]


def _html(app: AppTest) -> str:
    assert not app.exception, [e.message for e in app.exception]
    blocks = "\n".join(unescape(block.proto.body) for block in app.get("html"))
    return re.sub(r"<style>.*?</style>", "", blocks, flags=re.S)


def _items(app: AppTest, name: str = "gov-weak") -> list[str]:
    """Return the text of each item of a list of ours."""
    lists = re.findall(rf'<[ou]l class="{name}[^"]*">(.*?)</[ou]l>', _html(app), flags=re.S)
    items = re.findall(r"<li.*?</li>", "".join(lists), flags=re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", item)).strip() for item in items]


def _finding(app: AppTest) -> str:
    return re.findall(r"<p class='gov-finding'>(.*?)</p>", _html(app))[0]


def _decide(monkeypatch: pytest.MonkeyPatch, *decisions: Decision) -> list[int]:
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["office"])
    return [entries.record_follow_up(decision) for decision in decisions]


@pytest.mark.parametrize("role", get_args(Role))
def test_every_role_sees_the_same_weak_links(open_page: Open, role: Role) -> None:
    app = open_page(WEAK_LINKS, role)
    assert re.fullmatch(r"全县薄弱环节\d+个：严重\d+个、较重\d+个、关注\d+个", _finding(app))
    items = _items(app)
    assert len(items) == 10
    assert "整项任务滞后 29 推进“慢城通”与四平台对接 14个乡镇（街道）中10个未达序时" in items[0]
    assert "整个乡镇滞后 球川镇 25项已启动任务中13项未达序时" in items[1]
    assert app.get("download_button")


def test_all_of_them_stand_behind_the_switch(open_page: Open) -> None:
    app = open_page(WEAK_LINKS, view="全部")
    count = int(re.findall(r"薄弱环节(\d+)个", _finding(app))[0])
    items = _items(app)
    assert len(items) == count > 40
    words = [next(word for word in ("严重", "较重", "关注") if f" {word} " in f" {item} ") for item in items]
    assert words == sorted(words, key=["严重", "较重", "关注"].index)


def test_each_leads_to_where_it_can_be_seen(open_page: Open) -> None:
    html = _html(open_page(WEAK_LINKS, view="全部"))
    links = re.findall(r'<header>.*?<a class="gov-link" href="([^"]+)"', html, flags=re.S)
    assert len(links) == len(_items(open_page(WEAK_LINKS, view="全部")))
    assert {link.split("?")[0] for link in links} == {"task", "tasks", "backlog", "signals", "funnel"}
    assert all("as_of=2020-08-31" in link for link in links)
    assert any(link.startswith("task?task=T29&") for link in links)


def test_texts_of_others_are_not_told_to_a_township(open_page: Open) -> None:
    full, own = (_items(open_page(WEAK_LINKS, role, view="全部")) for role in ("leader", "township"))
    assert len(full) == len(own)
    told = {item.split(" 时间")[0]: item for item in full}
    for item in own:
        whole = told[item.split(" 时间")[0]]
        if "招贤镇" in item.split(" 时间")[0]:
            assert item == whole
        elif re.search(r" (整项任务滞后|临期)", item):
            assert "处中" not in item  # of a task in many townships it reads what it wrote itself
        elif not re.search(r" 指标(变差|差异)", item):  # what explains an indicator is open to all
            assert "对策 仅相关单位可见" in item
            assert "包案领导" not in item
    assert sum("包案领导" in item for item in full) > 5


def test_a_department_reads_the_texts_of_the_tasks_it_leads(open_page: Open) -> None:
    items = _items(open_page(WEAK_LINKS, "department", view="全部"))
    (own,) = (item for item in items if "紫港街道：9 提升初信初访" in item)
    (foreign,) = (item for item in items if "何家乡：16 " in item)
    assert "对策 合并账号，先行打通事件和诉求两类" in own
    assert "对策 仅相关单位可见" in foreign


def test_a_township_may_not_fetch_the_cases_of_others(demo_county: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["township"])
    own = Scope(date(2020, 8, 31), frozenset({ZHAOXIAN}))
    assert set(cache.fetch(pressing_cases, own)["township_code"]) == {ZHAOXIAN}
    with pytest.raises(Refused):
        cache.fetch(pressing_cases, replace(own, townships=frozenset(cache.fetch(townships)["code"])))


def test_filters_choose_and_change_no_judgement(open_page: Open) -> None:
    whole = _items(open_page(WEAK_LINKS, view="全部"))
    app = open_page(WEAK_LINKS, township="招贤", view="全部")
    own = _items(app)
    assert _finding(app).startswith("招贤薄弱环节")
    strip = [re.sub(r"^\S+ ", "", item) for item in whole]
    assert {re.sub(r"^\S+ ", "", item) for item in own} <= set(strip)
    assert 5 < len(own) < len(whole)
    assert any("29 推进" in item for item in own)
    assert not any("球川镇：" in item for item in own)
    kinds = _items(open_page(WEAK_LINKS, kind="停滞", view="全部"))
    assert [item.split("停滞 ")[1].split(" ")[0] for item in kinds] == ["东案乡：35"]
    led = _items(open_page(WEAK_LINKS, department="县大数据中心", view="全部"))
    assert led
    assert all("县大数据中心" in item for item in led)


def test_where_nothing_is_wrong_it_says_so(open_page: Open) -> None:
    app = open_page(WEAK_LINKS, township="青石", kind="红灯")
    assert [each.value for each in app.info] == ["所选范围内没有薄弱环节。"]


@pytest.mark.parametrize("role", get_args(Role))
def test_only_the_office_is_led_on_to_write_a_decision_down(open_page: Open, role: Role) -> None:
    html = _html(open_page(WEAK_LINKS, role))
    links = re.findall(r'href="follow_ups\?([^"]+)"', html)
    assert len(links) == (10 if role == "office" else 0)


def test_the_overview_shows_the_first_five_worst_first(open_page: Open) -> None:
    app = open_page(OVERVIEW)
    items = _items(app)
    assert len(items) == 5
    assert [item.split(" 责任 ")[0] for item in items] == [
        item.split(" 时间 ")[0] for item in _items(open_page(WEAK_LINKS))[:5]
    ]
    assert any(re.match(r"全县薄弱环节\d+个", each.value) for each in app.subheader)
    assert "全部薄弱环节（" in _html(app)
    assert not _items(app, "gov-decided")


def test_the_overview_starts_with_what_a_meeting_decided_and_is_late(
    open_page: Open, demo_county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decide(monkeypatch, MINE, OTHERS, COUNTYS)
    html = _html(open_page(OVERVIEW))
    assert "议定事项：议定3项，已销号0项，逾期2项，办理中1项" in html
    assert html.index("议定3项") < html.index("gov-cards")
    assert [item.split(" ")[2] for item in _items(open_page(OVERVIEW), "gov-decided")] == [
        "招贤镇：信访积案",
        "球川镇：信访积案",
    ]
    (own,) = _items(open_page(OVERVIEW, "township"), "gov-decided")
    assert "招贤镇：信访积案" in own


def test_a_decision_stands_beside_its_weak_link(
    open_page: Open, demo_county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decide(monkeypatch, OTHERS)
    said = "议定 9月10日前化解1件超期积案（8月28日前，招贤镇党委书记，逾期）"
    (item,) = (item for item in _items(open_page(WEAK_LINKS, view="全部")) if "球川镇：信访积案" in item)
    assert said in item
    (item,) = (item for item in _items(open_page(WEAK_LINKS, "township", view="全部")) if "球川镇：信访积案" in item)
    assert said not in item  # another township's follow-up is not its to read


@pytest.mark.parametrize(("role", "count"), [("leader", 3), ("office", 3), ("department", 3), ("township", 1)])
def test_each_role_reads_the_follow_ups_it_may(
    open_page: Open, demo_county: None, monkeypatch: pytest.MonkeyPatch, role: Role, count: int
) -> None:
    _decide(monkeypatch, MINE, OTHERS, COUNTYS)
    app = open_page(FOLLOW_UPS, role)
    items = _items(app, "gov-decided")
    assert len(items) == count
    assert _finding(app).startswith(f"议定{count}项")
    assert any("招贤镇：信访积案" in item for item in items)
    labels = [each.label for each in app.expander]
    forms = {"office": ["记录新的议定事项", "修改或销号"], "township": ["答复：招贤镇：信访积案"]}
    assert labels == forms.get(role, [])


def test_the_office_writes_down_what_a_link_brings_along(open_page: Open) -> None:
    app = open_page(FOLLOW_UPS, "office", reference=f"backlog:{QIUCHUAN}")
    assert "针对薄弱环节“球川镇：信访积案”：全部未化解信访积案7件中3件超期" in _html(app)
    assert [each.value for each in app.text_input] == ["球川镇：信访积案", "球川镇党委书记"]
    app.text_area[0].set_value("9月10日前化解3件超期积案")
    app.date_input(key=f"follow_up_due_on_0_backlog:{QIUCHUAN}").set_value(date(2020, 9, 10))
    app.button[-1].click().run()
    (item,) = _items(app, "gov-decided")
    assert "办理中 球川镇：信访积案 球川 9月10日前化解3件超期积案 责任 球川镇党委书记 时限 9月10日（还剩10天）" in item
    (kept,) = entries.follow_ups()
    assert (kept.decision.reference, kept.decision.raised_on) == (f"backlog:{QIUCHUAN}", date(2020, 8, 31))


def test_the_office_marks_done(open_page: Open, demo_county: None, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = _decide(monkeypatch, MINE)
    app = open_page(FOLLOW_UPS, "office")
    app.date_input(key=f"follow_up_done_on_change_{number}").set_value(date(2020, 8, 30))
    next(each for each in reversed(app.button) if each.label == "保存").click().run()
    assert _finding(app) == "议定1项，已销号1项，逾期0项，办理中0项"
    assert entries.follow_ups()[0].decision == replace(MINE, done_on=date(2020, 8, 30))


@pytest.mark.parametrize("text", ["", "请联系13812345678"])
def test_what_may_not_be_written_is_told_and_not_kept(open_page: Open, text: str) -> None:
    app = open_page(FOLLOW_UPS, "office", reference=f"backlog:{QIUCHUAN}")
    app.text_area[0].set_value(text)
    app.button[-1].click().run()
    assert "说明" in app.warning[0].value
    assert entries.follow_ups() == []


def test_a_day_before_the_meeting_is_told_and_not_kept(open_page: Open) -> None:
    app = open_page(FOLLOW_UPS, "office", reference=f"backlog:{QIUCHUAN}")
    app.text_area[0].set_value("办结")
    app.date_input(key=f"follow_up_due_on_0_backlog:{QIUCHUAN}").set_value(date(2020, 8, 30))
    app.button[-1].click().run()
    assert app.warning[0].value == "办理时限、销号日期不能早于议定日期。"
    assert entries.follow_ups() == []


def test_a_township_answers_its_own(open_page: Open, demo_county: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _decide(monkeypatch, MINE, OTHERS)
    app = open_page(FOLLOW_UPS, "township")
    app.text_area[0].set_value("已化解，正在归档")
    app.button[-1].click().run()
    (item,) = _items(app, "gov-decided")
    assert "答复 已化解，正在归档（招贤镇）" in item
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["office"])
    assert [each.reply for each in entries.follow_ups()] == ["已化解，正在归档", None]


def test_a_weak_link_that_is_gone_leaves_the_form_blank(open_page: Open) -> None:
    app = open_page(FOLLOW_UPS, "office", reference="cell:T99:330822001")
    assert "链接中的薄弱环节在所选日期已不存在" in _html(app)
    assert [each.value for each in app.text_input] == ["", ""]


def test_no_english_word_is_left_on_either_page(
    open_page: Open, demo_county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decide(monkeypatch, MINE, COUNTYS)
    for path in (WEAK_LINKS, FOLLOW_UPS):
        html = re.sub(r"<details.*?</details>", "", _html(open_page(path, "office", view="全部")), flags=re.S)
        text = re.sub(r"<[^>]+>", " ", html)
        assert not set(re.findall(r"[A-Za-z]{3,}", text)), path
