"""Who may write the goals of a campaign: asked of the live viewer on every call."""

import pytest
from sqlalchemy import Engine

import auth
from actions import entries
from analysis.scope import Viewer
from errors import Refused, SignedOut
from state.audit import newest_acts

LEADER = Viewer("wang", "县领导", "leader", "a" * 64)
OFFICE = Viewer("zhao", "行动办", "office", "b" * 64)
DEPARTMENT = Viewer("sun", "县信访局", "department", "c" * 64, department_code="D04")
TOWNSHIP = Viewer("li", "球川镇", "township", "d" * 64, township_code="330822111")


def _as(monkeypatch: pytest.MonkeyPatch, viewer: Viewer | None) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: viewer)


def test_the_office_writes_and_everybody_reads(own_state: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    _as(monkeypatch, OFFICE)
    entries.write_goal("BRGJ2020", 1, "化解率达标", "")
    for viewer in (LEADER, OFFICE, DEPARTMENT, TOWNSHIP):
        _as(monkeypatch, viewer)
        assert [(each.number, each.goal, each.author) for each in entries.goals("BRGJ2020")] == [
            (1, "化解率达标", "行动办")
        ]
    with own_state.connect() as connection:
        act = newest_acts(connection)[0]
    assert (act.action, act.account, act.subject) == ("goal_written", "zhao", "BRGJ2020 1")


@pytest.mark.usefixtures("own_state")
@pytest.mark.parametrize("viewer", [LEADER, DEPARTMENT, TOWNSHIP])
def test_nobody_else_writes(monkeypatch: pytest.MonkeyPatch, viewer: Viewer) -> None:
    _as(monkeypatch, viewer)
    with pytest.raises(Refused):
        entries.write_goal("BRGJ2020", 1, "化解率达标", "")
    assert entries.goals("BRGJ2020") == []


@pytest.mark.usefixtures("own_state")
def test_a_stranger_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _as(monkeypatch, None)
    with pytest.raises(SignedOut):
        entries.goals("BRGJ2020")
    with pytest.raises(SignedOut):
        entries.write_goal("BRGJ2020", 1, "化解率达标", "")


@pytest.mark.usefixtures("own_state")
@pytest.mark.parametrize("texts", [("联系13812345678", ""), ("化解率达标", "330822196001011234")])
def test_personal_data_is_refused(monkeypatch: pytest.MonkeyPatch, texts: tuple[str, str]) -> None:
    _as(monkeypatch, OFFICE)
    with pytest.raises(Refused, match="个人信息"):
        entries.write_goal("BRGJ2020", 1, *texts)
    assert entries.goals("BRGJ2020") == []
