"""The registry of figures: every code that a card, a heading or a page names is in it, and every text is whole."""

import ast
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis import rules
from analysis.definitions import (
    DEFINITIONS,
    catalogue,
    definition,
    definition_table,
    definitions_at,
    definitions_finding,
    matching,
)
from analysis.time_limits import limits_in_force

ROOT = Path(__file__).parents[2]
INDICATOR = re.compile(r"K\d\d[A-Z]?")


def figures_named(tree: ast.Module) -> set[str]:
    """Return the codes in `figure="..."` and in `definitions("...", ...)`."""
    found = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        named = [keyword.value for keyword in call.keywords if keyword.arg == "figure"]
        if isinstance(call.func, ast.Name) and call.func.id == "definitions":
            named += call.args
        constants = [node for value in named for node in ast.walk(value) if isinstance(node, ast.Constant)]
        found |= {node.value for node in constants if isinstance(node.value, str) and node.value}
    return found


SOURCES = sorted(path for folder in ("components", "pages") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_figure_named_on_screen_is_in_the_registry(path: Path) -> None:
    named = figures_named(ast.parse(path.read_text("utf8")))
    unknown = {code for code in named if code not in DEFINITIONS and not INDICATOR.fullmatch(code)}
    assert not unknown


def test_the_search_for_codes_sees_cards_columns_and_foldable_lines() -> None:
    tree = ast.parse('Card("x", figure="a"); Column("y", figure="b" if z else "c"); definitions("d", "e"); other("f")')
    assert figures_named(tree) == {"a", "b", "c", "d", "e"}


def test_the_screen_names_many_figures() -> None:
    named = {code for path in SOURCES for code in figures_named(ast.parse(path.read_text("utf8")))}
    assert {"resolution_rate", "score", "light", "reporting", "check"} <= named


def test_codes_and_names_stand_once_and_every_part_is_filled() -> None:
    names = [each.name for each in DEFINITIONS.values()]
    assert len(names) == len(set(names))
    for code, each in DEFINITIONS.items():
        assert re.fullmatch(r"[a-z_]+", code)
        for part in ("name", "subject", "meaning", "formula", "period", "source", "unit", "direction", "department"):
            assert getattr(each, part).strip(), f"{code} has no {part}"
        assert "{" not in each.text
        assert not re.search(r"[a-z]+_[a-z]+", each.source), "tables are named in Chinese"


def test_thresholds_come_from_the_rules() -> None:
    assert f"落后计划{rules.BEHIND_POINTS:.0f}个百分点及以上为严重滞后" in definition("light").meaning
    assert f"每月{rules.REPORT_DUE_DAY}日前" in definition("reporting").meaning
    assert f"不足{rules.MIN_DENOMINATOR}件" in definition("small_base").meaning
    assert "0–30天、31–60天、61–90天、91–180天、180天以上" in definition("case_age").meaning
    assert "低于80%的暂不排名" in definition("coverage").meaning


def test_an_unknown_figure_is_an_error() -> None:
    with pytest.raises(KeyError):
        definition("no_such_figure")


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2020, 8, 31), "《信访条例》"),
        (date(2022, 4, 30), "《信访条例》"),
        (date(2022, 5, 1), "《信访工作条例》"),
        (date(2004, 1, 1), "《信访条例》"),
    ],
)
def test_the_time_limits_are_those_in_force_on_the_day(day: date, rule: str) -> None:
    assert limits_in_force(day).startswith(rule)
    assert definitions_at(day)["time_limit"].formula.startswith(rule)


def kpis(**values: object) -> pd.DataFrame:
    row: dict[str, object] = dict.fromkeys(
        ("name", "domain", "unit", "direction", "kind", "period", "reset", "formula", "source", "computed_from",
         "department", "weight", "goal", "floor"), float("nan"),
    )  # fmt: skip
    return pd.DataFrame([row | {"code": "K06"} | values])


def test_an_indicator_is_worded_from_its_row() -> None:
    frame = kpis(name="按期办结率", domain="信访事项", unit="%", direction="higher", period="flow", formula="甲 ÷ 乙",
                 source="信访信息系统", computed_from="petitions_closed_in_time", department="县信访局", weight=6.0,
                 goal=100.0, floor=90.5)  # fmt: skip
    shown = catalogue(frame, as_of=date(2020, 8, 31))[-1]
    assert (shown.code, shown.name, shown.subject) == ("K06", "按期办结率", "考核指标")
    assert shown.meaning == "信访事项、系统由台账计算"
    assert shown.period == "当月；考核按近12个月合并"
    assert shown.direction == "越高越好"
    assert shown.department == "县信访局"
    assert shown.rule == "权重6，目标值100，底线值90.5"


def test_what_an_indicator_leaves_open_stays_open() -> None:
    shown = catalogue(kpis(), as_of=date(2020, 8, 31))[-1]
    assert (shown.name, shown.formula, shown.department, shown.direction) == ("K06", "", "", "")
    assert shown.meaning == "由责任单位报送"
    assert shown.rule == "监测指标，不计权重"


def test_a_cumulative_indicator_says_when_it_starts_anew() -> None:
    by_campaign = catalogue(kpis(period="to_date", reset="campaign"), as_of=date(2020, 8, 31))[-1]
    never = catalogue(kpis(period="to_date", reset="never"), as_of=date(2020, 8, 31))[-1]
    assert (by_campaign.period, never.period) == ("累计（按专项行动）", "累计")


def test_a_search_finds_every_word_wherever_it_stands_and_the_named_one_first() -> None:
    known = list(DEFINITIONS.values())
    found = matching(known, "化解率")
    assert found[0].code == "resolution_rate"
    assert {"rise", "pace", "baseline_rate"} <= {each.code for each in found}
    assert "light" not in {each.code for each in found}
    assert [each.code for each in matching(known, " 化解率  专项行动 动员会当日 推算 ")] == ["baseline_rate"]
    assert matching(known, "OVERDUE")[0].code == "overdue"
    assert matching(known, "没有这样的字") == []
    assert matching(known, "") == known


def test_the_finding_counts_what_was_found() -> None:
    known = catalogue(kpis(name="按期办结率"), as_of=date(2020, 8, 31))
    assert definitions_finding(known, known) == f"共{len(known)}条：本看板数字{len(known) - 1}条、考核指标1条"
    assert definitions_finding(known[-1:], known) == "找到1条：考核指标1条"
    assert definitions_finding([], known).startswith("没有找到相符的口径")


def test_the_table_has_a_column_per_part() -> None:
    frame = definition_table(matching(DEFINITIONS.values(), "超期")[:1])
    assert frame.to_dict("records")[0]["name"] == "超期"
    assert list(definition_table([]).columns) == list(frame.columns)
