"""Who may write what beside a figure: asked of the live viewer, by the page's own guarded callables too."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine

import auth
from actions import entries
from analysis.scope import Viewer
from auth import guarded
from errors import Refused, SignedOut
from state.annotations import Annotation, Place
from state.audit import newest_acts

QIUCHUAN = "330822111"
HERE, NEXT_DOOR = (Place(code, "K06", date(2020, 2, 1)) for code in (QIUCHUAN, "330822108"))
LEADER = Viewer("wang", "县领导", "leader", "a" * 64)
OFFICE = Viewer("zhao", "行动办", "office", "b" * 64)
DEPARTMENT = Viewer("sun", "县信访局", "department", "c" * 64, department_code="D04")
TOWNSHIP = Viewer("li", "球川镇", "township", "d" * 64, township_code=QIUCHUAN)

pytestmark = pytest.mark.usefixtures("own_state")
As = Callable[[Viewer | None], None]


@pytest.fixture
def as_(monkeypatch: pytest.MonkeyPatch) -> As:
    return lambda viewer: monkeypatch.setattr(auth, "current_viewer", lambda: viewer)


@pytest.fixture
def explained(as_: As) -> None:
    """Both places carry a reason of the office's."""
    as_(OFFICE)
    for place in (HERE, NEXT_DOOR):
        entries.explain(place, "疫情影响", is_excluded=True)


def _stored() -> dict[Place, Annotation]:
    return {each.place: each for each in entries.annotations()}


def test_the_office_sets_reason_and_exclusion_under_its_name(as_: As) -> None:
    as_(OFFICE)
    entries.explain(HERE, "疫情影响", is_excluded=True)
    found = _stored()[HERE]
    assert (found.reason, found.is_excluded, found.author, found.reply) == ("疫情影响", True, "行动办", None)


@pytest.mark.parametrize("viewer", [LEADER, DEPARTMENT, TOWNSHIP], ids=lambda viewer: viewer.role)
def test_nobody_else_sets_withdraws_or_changes_a_reason(explained: None, as_: As, viewer: Viewer) -> None:
    before = _stored()
    as_(viewer)
    for place in (HERE, NEXT_DOOR, Place(QIUCHUAN, "K05", date(2020, 2, 1))):
        with pytest.raises(Refused):
            entries.explain(place, "本镇自行剔除", is_excluded=False)
        with pytest.raises(Refused):
            entries.withdraw(place)
    assert _stored() == before


def test_a_township_replies_to_what_is_said_of_itself(explained: None, as_: As) -> None:
    as_(TOWNSHIP)
    entries.reply(HERE, "已补办")
    found = _stored()
    assert (found[HERE].reply, found[HERE].replier) == ("已补办", "球川镇")
    assert (found[HERE].reason, found[HERE].is_excluded, found[HERE].author) == ("疫情影响", True, "行动办")
    assert found[NEXT_DOOR].reply is None


@pytest.mark.parametrize("viewer", [TOWNSHIP, OFFICE, LEADER, DEPARTMENT], ids=lambda viewer: viewer.role)
def test_nobody_replies_for_another_township(explained: None, as_: As, viewer: Viewer) -> None:
    as_(viewer)
    with pytest.raises(Refused):
        entries.reply(NEXT_DOOR, "已补办")
    assert _stored()[NEXT_DOOR].reply is None


def test_the_guarded_callables_ask_again_who_is_looking(explained: None, as_: As) -> None:
    before = _stored()
    as_(TOWNSHIP)
    with pytest.raises(Refused):
        guarded(entries.explain)(HERE, "本镇自行剔除", is_excluded=False)
    with pytest.raises(Refused):
        guarded(entries.reply)(NEXT_DOOR, "代为答复")
    as_(OFFICE)
    made_by_the_office = guarded(entries.explain)
    as_(TOWNSHIP)
    with pytest.raises(SignedOut):
        made_by_the_office(HERE, "借用行动办的按钮", is_excluded=False)
    assert _stored() == before


def test_personal_data_is_written_by_nobody(explained: None, as_: As) -> None:
    before = _stored()
    with pytest.raises(Refused, match="个人信息"):
        entries.explain(HERE, "来电13800000000", is_excluded=True)
    as_(TOWNSHIP)
    with pytest.raises(Refused, match="个人信息"):
        entries.reply(HERE, "证号33082219700101001X")
    assert _stored() == before


def test_a_reply_to_what_was_withdrawn_says_so(explained: None, as_: As) -> None:
    entries.withdraw(HERE)
    as_(TOWNSHIP)
    with pytest.raises(Refused, match="已被撤回"):
        entries.reply(HERE, "已补办")


def test_without_a_viewer_nothing_is_read_or_written(explained: None, as_: As) -> None:
    as_(None)
    with pytest.raises(SignedOut):
        entries.annotations()
    for write in (
        lambda: entries.explain(HERE, "疫情影响", is_excluded=True),
        lambda: entries.reply(HERE, "已补办"),
        lambda: entries.withdraw(HERE),
    ):
        with pytest.raises(SignedOut):
            write()


def test_every_entry_leaves_its_line_and_a_refused_one_none(own_state: Engine, as_: As) -> None:
    as_(OFFICE)
    entries.explain(HERE, "疫情影响", is_excluded=True)
    with pytest.raises(Refused, match="请先填写说明"):
        entries.explain(NEXT_DOOR, "", is_excluded=True)
    as_(TOWNSHIP)
    entries.reply(HERE, "已补办")
    with pytest.raises(Refused):
        entries.withdraw(HERE)
    as_(OFFICE)
    entries.withdraw(HERE)
    with own_state.connect() as connection:
        acts = [(act.account, act.action, act.subject) for act in reversed(newest_acts(connection))]
    subject = f"K06 {QIUCHUAN} 2020-02"
    assert acts == [
        ("zhao", "annotation_written", subject),
        ("li", "annotation_replied", subject),
        ("zhao", "annotation_withdrawn", subject),
    ]
