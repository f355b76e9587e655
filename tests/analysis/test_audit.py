"""操作记录: every act that the code writes has a word; the trail is told in one sentence."""

import ast
import re
from datetime import UTC, datetime

import pandas as pd
import pytest

from analysis.audit import ACTIONS, KINDS, act_table, actions_of, audit_finding
from settings import ROOT
from state.audit import Act

WRITERS = {"record": 1, "entry": 1, "_named": 1, "_step": 0, "_audited": 0, "_note": 1}
FILES = sorted([*ROOT.glob("*.py"), *(ROOT / "actions").glob("*.py"), *(ROOT / "gate").glob("*.py")])


def written() -> set[str]:
    """Return every action that the code hands to the trail as a literal."""
    found = set()
    for path in FILES:
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf8"))) if isinstance(node, ast.Call)):
            place = WRITERS.get(ast.unparse(call.func).rsplit(".", 1)[-1])
            if place is not None and len(call.args) > place:
                constants = (node for node in ast.walk(call.args[place]) if isinstance(node, ast.Constant))
                found |= {node.value for node in constants if isinstance(node.value, str)}
    return {text for text in found if re.fullmatch(r"[a-z_]+", text)}


def test_every_act_that_is_written_has_a_word() -> None:
    found = written()
    assert {"sign_in", "exported", "refused", "import_written", "follow_up_recorded", "finalised"} <= found
    assert found <= set(ACTIONS)


def test_acts_are_shown_in_words_in_their_order() -> None:
    moment = datetime(2026, 3, 2, 9, 0, 1, 500, tzinfo=UTC)
    table = act_table([Act(moment, "wang", "10.0.0.1", "sign_in", ""), Act(moment, None, None, "novel", "x")])
    assert table["at"].tolist() == [pd.Timestamp("2026-03-02 09:00:01")] * 2
    assert table["action"].tolist() == ["登录", "novel"]
    assert table["account"].tolist() == ["wang", "（命令行或不存在的账号）"]
    assert table["address"].tolist() == ["10.0.0.1", ""]
    assert act_table([]).dtypes.to_dict() == table.dtypes.to_dict()


def test_the_finding_counts_by_kind() -> None:
    told = audit_finding({"sign_in": 1200, "sign_out": 34, "sign_in_failed": 5, "novel": 2}, 30)
    assert told == "近30天共1,241条操作记录：登录1,234次，登录失败5次，其他2次。"
    assert audit_finding({}, 7) == "近7天没有符合条件的操作记录。"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_names_its_actions(kind: str) -> None:
    actions = actions_of([kind])
    assert actions
    assert {ACTIONS[action][1] for action in actions} == {kind}


def test_no_kind_means_all() -> None:
    assert actions_of([]) is None
