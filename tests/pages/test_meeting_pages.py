"""会议材料, 放映 and 会议定稿: what each role sees, may keep and may freeze, and that a frozen meeting stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import auth
import cache
from actions import meetings
from analysis.meeting.plan import Item, Topic, default_plan
from analysis.meeting.slides import slides
from analysis.scope import Role, Scope, Viewer
from errors import Refused, SignedOut
from queries.regions import townships
from state.audit import newest_acts
from tests.pages.conftest import VIEWERS

DAY = date(2020, 8, 31)
PLAN = (Item(Topic.COVER), Item(Topic.RANKING))
OTHERS: list[Role] = ["leader", "department", "township"]

Open = Callable[..., AppTest]
As = Callable[[Viewer | None], None]


@pytest.fixture
def as_(demo_county: None, monkeypatch: pytest.MonkeyPatch) -> As:
    return lambda viewer: monkeypatch.setattr(auth, "current_viewer", lambda: viewer)


@pytest.fixture
def scope(as_: As) -> Scope:
    as_(VIEWERS["office"])
    return Scope(DAY, frozenset(cache.fetch(townships)["code"]), campaign="BRGJ2020")


@pytest.fixture
def number(scope: Scope) -> int:
    return meetings.finalise("8月推进会", meetings.material(scope), PLAN)


def _acts() -> list[tuple[str, str]]:
    with auth.state().connect() as connection:
        return [(act.action, act.subject) for act in newest_acts(connection)]


def test_leader_and_office_keep_agendas_and_others_do_not(as_: As) -> None:
    for role in ("leader", "office"):
        as_(VIEWERS[role])
        meetings.save_agenda("月度推进会", PLAN)
    assert [(each.name, each.slides) for each in meetings.agendas()] == [("月度推进会", ("cover", "ranking"))]
    for role in ("department", "township"):
        as_(VIEWERS[role])
        assert len(meetings.agendas()) == 1
        for attempt in (lambda: meetings.save_agenda("别的", PLAN), lambda: meetings.remove_agenda("月度推进会")):
            with pytest.raises(Refused):
                attempt()
    as_(VIEWERS["leader"])
    meetings.remove_agenda("月度推进会")
    assert meetings.agendas() == []
    assert [action for action, _ in _acts()] == ["agenda_removed", "agenda_saved", "agenda_saved"]


@pytest.mark.parametrize(("name", "plan"), [("", PLAN), ("电话13812345678", PLAN), ("月度", ())])
def test_a_refused_agenda_leaves_no_trace(as_: As, name: str, plan: Any) -> None:
    as_(VIEWERS["office"])
    with pytest.raises(Refused):
        meetings.save_agenda(name, plan)
    assert (meetings.agendas(), _acts()) == ([], [])


@pytest.mark.parametrize("role", OTHERS)
def test_the_office_alone_freezes(scope: Scope, as_: As, role: Role) -> None:
    shown = meetings.material(scope)
    as_(VIEWERS[role])
    with pytest.raises(Refused):
        meetings.finalise("会", shown, PLAN)
    as_(None)
    with pytest.raises(SignedOut):
        meetings.finalise("会", shown, PLAN)
    as_(VIEWERS["office"])
    assert (meetings.snapshots(), _acts()) == ([], [])


def test_a_frozen_meeting_stands_when_the_figures_move_on(
    scope: Scope, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = slides(meetings.material(scope), default_plan())
    read = meetings.meeting_figures

    def moved_on(*given: Any, **named: Any) -> Any:
        figures = read(*given, **named)
        return replace(figures, release=99, now=figures.now.assign(closed=figures.now["closed"] + 1))

    monkeypatch.setattr(meetings, "meeting_figures", moved_on)
    assert slides(meetings.material(scope), default_plan()) != before
    meeting = meetings.reopened(str(number))
    assert slides(meeting.material, default_plan()) == before
    assert (meeting.title, meeting.slides, meeting.snapshot.release) == ("8月推进会", ("cover", "ranking"), 1)
    assert _acts() == [("finalised", "8月推进会")]


def test_a_township_reopens_its_own_rows_alone(number: int, as_: As) -> None:
    as_(VIEWERS["township"])
    found = meetings.reopened(str(number)).material
    assert set(found.rows.texts["region_code"]) == {VIEWERS["township"].township_code}
    assert set(found.rows.cases["township_code"]) <= {VIEWERS["township"].township_code}


@pytest.mark.parametrize("asked", ["", "0", "x", "1 OR 1=1"])
def test_a_meeting_that_is_not_there_is_told(as_: As, asked: str) -> None:
    as_(VIEWERS["leader"])
    with pytest.raises(Refused, match="没有这次会议"):
        meetings.reopened(asked)


@pytest.mark.parametrize("role", list(VIEWERS))
def test_the_meeting_page_shows_the_conclusions_and_the_documents(open_page: Open, role: Role) -> None:
    app = open_page("pages/meeting/meeting.py", role)
    assert not app.exception
    body = "".join(block.proto.body for block in app.get("html"))
    assert "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点" in body
    assert "presenter?plan=cover" in body
    forms = {expander.label for expander in app.expander}
    assert ("会议定稿" in forms) == (role == "office")
    assert ("保存为议程" in forms) == (role in ("leader", "office"))


def test_pictures_are_drawn_on_a_click_and_offered_until_the_question_changes(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.pictures.drawn_charts", lambda figures: [])
    app = open_page("pages/meeting/meeting.py", "leader")
    assert "下载图片（PNG、SVG）" not in _downloads(app)
    app.button(key="draw_pictures").click().run()
    assert not app.exception
    assert "下载图片（PNG、SVG）" in _downloads(app)
    app.session_state["township"] = ["330822108"]
    app.run()
    assert "下载图片（PNG、SVG）" not in _downloads(app)


def _downloads(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("download_button")]


def test_the_slides_of_an_agenda_are_taken_up_in_its_order(open_page: Open, as_: As) -> None:
    as_(VIEWERS["office"])
    meetings.save_agenda("短会", (Item(Topic.RANKING), Item(Topic.COVER)))
    app = open_page("pages/meeting/meeting.py", "office")
    next(button for button in app.button if button.label == "议程：短会").click()
    app.run()
    assert app.multiselect(key="plan").value == ["ranking", "cover"]
    assert any("幻灯片2项内容" in heading.value for heading in app.subheader)


def test_the_office_freezes_on_the_page_and_reopens(open_page: Open) -> None:
    app = open_page("pages/meeting/meeting.py", "office")
    app.text_input(key="meeting_title").set_value("8月推进会")
    next(button for button in app.button if button.label == "定稿").click()
    app.run()
    assert not app.exception
    (kept,) = meetings.snapshots()
    assert kept.title == "8月推进会"
    frozen = open_page("pages/meeting/finalised.py", "leader", snapshot=f"{kept.id} 8月推进会（截至2020年8月31日）")
    body = "".join(block.proto.body for block in frozen.get("html"))
    assert "同为截至2020年8月31日，数据批次1：没有变化" in body


def test_the_changes_since_a_meeting_stand_on_the_page(open_page: Open, number: int) -> None:
    app = open_page("pages/meeting/finalised.py", "township", as_of="2020-07-31")
    assert not app.exception
    body = "".join(block.proto.body for block in app.get("html"))
    assert "截至2020年8月31日 → 截至2020年7月31日" in body
    assert "全县化解" in body


def test_without_a_frozen_meeting_the_page_says_how_one_comes(open_page: Open) -> None:
    app = open_page("pages/meeting/finalised.py", "township")
    assert [each.value for each in app.info] == ["还没有定稿的会议。行动办可以在“会议材料”中定稿。"]


def test_documents_hold_within_rights_and_a_final_one_bears_no_watermark(scope: Scope, number: int, as_: As) -> None:
    as_(VIEWERS["township"])
    draft, final = meetings.document(scope, PLAN, "bulletin"), meetings.frozen_document(str(number), "bulletin")
    assert "送审稿" in _headers(draft)
    assert "送审稿" not in _headers(final)


def _headers(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as file:
        return "".join(file.read(name).decode() for name in file.namelist() if "header" in name)


def test_frames_thaw_for_pages_as_they_were(scope: Scope, number: int) -> None:
    found = meetings.reopened(str(number)).material
    pd.testing.assert_frame_equal(found.figures.ranking, meetings.material(scope).figures.ranking)
