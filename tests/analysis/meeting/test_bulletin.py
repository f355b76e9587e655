"""The bulletin's clauses at their edges: figures made by hand, a clause with a zero dropped, nobody on both lists."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from analysis.breakdown import COUNTS
from analysis.lights import Light
from analysis.meeting.bulletin import bulletin_text, demands, of_townships, overall, unreported_units, where
from analysis.meeting.figures import Figures
from analysis.meeting.material import Material, Rows
from analysis.scope import Rights

NAMES = {"01": "天马街道", "02": "白石镇", "03": "何家乡", "04": "招贤镇"}
EMPTY = pd.DataFrame()
UNUSED = (
    "in_campaign", "all_cases", "summary", "work_groups", "ranking", "kpis", "weak_links", "aged", "streams",
    "county_values", "steps", "ages", "history", "indicators",
)  # fmt: skip
CAMPAIGN = pd.DataFrame(
    {
        "code": ["BR"],
        "name": ["信访积案化解百日攻坚"],
        "starts_on": pd.to_datetime(["2020-06-12"]),
        "ends_on": pd.to_datetime(["2020-09-19"]),
        "baseline_on": pd.to_datetime(["2020-06-12"]),
        "goal_rate": [80.0],
        "is_demo_goal": [True],
    }
)


def counted(**rows: Any) -> pd.DataFrame:
    """Return `backlog_at` of townships: code=(opened, closed) or (opened, closed, {other counts})."""
    found = []
    for code, (opened, closed, *more) in ((key[1:], value) for key, value in rows.items()):
        own = {**dict.fromkeys(COUNTS, 0), "opened": opened, "closed": closed, "open": opened - closed}
        own |= {"substantive": closed, "led_opened": opened, "led_closed": closed, **(more[0] if more else {})}
        found.append({"township_code": code, **own, "rate": closed / opened if opened else float("nan")})
    return pd.DataFrame(found)


def without_rows(*names: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in names})


def figures(
    now: pd.DataFrame, *, chosen: frozenset[str] = frozenset(NAMES), campaign: str = "", **other: Any
) -> Figures:
    weeks = {"township_code": [], "week_end": pd.to_datetime([]), "is_partial": []} | {name: [] for name in COUNTS}
    townships = pd.DataFrame({"code": list(NAMES), "name": list(NAMES.values()), "short_name": None, "kind": "镇"})
    cells = pd.DataFrame(
        {name: pd.Series(dtype="str") for name in ("light", "scope", "region_code", "lead_department_code")}
    )
    frames = dict.fromkeys(UNUSED, EMPTY)
    known = {
        "as_of": date(2020, 8, 31), "release": 1, "published_at": datetime(2020, 9, 1), "source": "", "is_demo": True,  # noqa: DTZ001
        "county": "常山县", "chosen": chosen, "campaign": campaign, "townships": townships, "campaigns": CAMPAIGN,
        "now": now, "then": now, "before": now, "weekly": pd.DataFrame(weeks), "matrix": cells,
        "departments": pd.DataFrame({"code": ["D1"], "name": ["县民政局"]}),
    }  # fmt: skip
    return Figures(**{**frames, **known, **other})


def test_all_resolved_says_neither_open_nor_overdue_and_asks_for_no_deadline() -> None:
    done = figures(counted(_01=(6, 6), _02=(7, 7)))
    assert overall(done) == "全县共交办信访积案13件，已化解13件，化解率100.0%。已化解案件中，实体化解13件。"
    assert demands(done) == "对已化解案件开展回访，防止反弹。"


def test_nothing_overdue_and_no_rebound_leave_their_clauses_out_and_each_stands_where_there_is_one() -> None:
    calm = overall(figures(counted(_01=(6, 4))))
    assert "超期" not in calm
    assert "反弹" not in calm
    assert "；未化解2件。" in calm
    late = overall(figures(counted(_01=(6, 4, {"overdue": 1, "reopened": 3, "substantive": 3, "lawful": 1}))))
    assert "；未化解2件，其中超期1件。" in late
    assert "已化解案件中，实体化解3件，依法终结1件；化解后反弹3件次。" in late


def test_zero_denominators_give_sentences_without_a_rate() -> None:
    nothing = figures(counted(_01=(0, 0), _02=(0, 0)))
    assert overall(nothing) == "全县没有交办信访积案。"
    assert of_townships(nothing) == "2个乡镇（街道）基数小，不列名次。"
    assert demands(nothing) == ""
    unresolved = overall(figures(counted(_01=(3, 0))))
    assert unresolved == "全县共交办信访积案3件；未化解3件。"


def test_the_week_s_closings_are_the_difference_of_two_days() -> None:
    now, before = counted(_01=(9, 7)), counted(_01=(8, 4))
    assert "近7日化解3件。" in overall(figures(now, before=before))
    assert "近7日" not in overall(figures(now, before=now))


def test_one_township_is_told_by_its_own_figures_and_nobody_else_s() -> None:
    own = figures(counted(_02=(3, 1), _01=(30, 30)).head(1), chosen=frozenset({"02"}))
    assert where(own) == "白石镇"
    assert of_townships(own) == "各乡镇（街道）化解情况（化解/交办）：白石镇（1/3）。"


def test_of_many_chosen_three_are_named() -> None:
    chosen = frozenset(NAMES) - {"04"}
    townships = pd.DataFrame(
        {"code": [*NAMES, "05"], "name": [*NAMES.values(), "新昌乡"], "short_name": None, "kind": "镇"}
    )
    assert where(figures(counted(_01=(1, 1)), chosen=chosen)) == "天马街道、白石镇、何家乡"
    assert where(figures(counted(_01=(1, 1)), chosen=frozenset(NAMES), townships=townships)) == (
        "天马街道、白石镇、何家乡等4个乡镇（街道）"
    )


def test_clearly_apart_they_are_named_high_and_low_and_nobody_twice() -> None:
    said = of_townships(figures(counted(_01=(40, 40), _02=(50, 48), _03=(40, 4), _04=(4, 4))))
    assert said.startswith(
        "交办5件及以上的3个乡镇（街道）中，化解率较高的有：天马街道（40/40）；较低的有：何家乡（4/40）。"
    )
    assert said.endswith("其余1个乡镇（街道）基数小，不列名次。")
    assert said.count("天马街道") == said.count("何家乡") == 1
    assert "倒数" not in said


def test_ties_in_overlapping_intervals_are_told_as_finished_and_below_the_mean() -> None:
    said = of_townships(figures(counted(_01=(6, 6), _02=(6, 6), _03=(6, 4), _04=(6, 4, {"department_opened": 2}))))
    assert "已全部化解的有：天马街道（6/6）、白石镇（6/6）；低于全县平均的有：" in said
    assert "招贤镇（4/6，未化解中县级机关主办2件）、何家乡（4/6）" in said
    same = of_townships(figures(counted(_01=(6, 3), _02=(6, 3))))
    assert same == "交办5件及以上的2个乡镇（街道）中，化解率没有明显差距。"


def test_the_campaign_names_its_goal_its_rise_and_who_is_below_the_pace() -> None:
    now, then = counted(_01=(20, 18), _02=(20, 10)), counted(_01=(20, 5), _02=(20, 5))
    own = figures(now, then=then, before=then, campaign="BR")
    said = overall(own)
    assert said.startswith(
        "自6月12日动员会以来，全县共交办信访积案40件，已化解28件，化解率70.0%，较动员会时的25.00%上升45个百分点"
    )
    assert "未达到序时目标69.4%（演示目标）的有：白石镇（10/20）。" in of_townships(own)  # 25 + 55 x 80 / 99
    assert "对未化解的12件，逐案落实包案领导、责任单位和化解时限，确保9月19日前攻坚到位" in demands(own)


def test_without_a_rise_and_after_the_end_neither_is_said() -> None:
    now = counted(_01=(20, 5))
    later = figures(now, then=now, campaign="BR", as_of=date(2020, 10, 1))
    assert "较动员会时" not in overall(later)
    assert "限期攻坚到位" in demands(later)


@pytest.mark.parametrize(("units", "said"), [(1, "天马街道、县民政局要于9月5日前补报重点任务进展"), (0, "")])
def test_who_owes_a_report_is_asked_for_it(units: int, said: str) -> None:
    rows = [(Light.UNREPORTED, "township", "01", "D9"), (Light.UNREPORTED_AGAIN, "county", "330822", "D1"),
            (Light.OVERDUE, "township", "02", "D1")]  # fmt: skip
    cells = pd.DataFrame(rows if units else rows[2:], columns=["light", "scope", "region_code", "lead_department_code"])
    own = figures(counted(_01=(0, 0)), matrix=cells)
    assert unreported_units(own) == (["天马街道", "县民政局"] if units else [])
    assert demands(own).rstrip("。") == said
    assert unreported_units(replace(own, chosen=frozenset({"02"}))) == (["天马街道"] if units else [])


def test_the_whole_text_without_a_campaign_or_weak_links_has_one_annex() -> None:
    follow_ups = pd.DataFrame(
        {name: pd.Series(dtype="str") for name in ("reference", "status", "subject", "township_code")}
    )
    weak = pd.DataFrame()
    material = Material(figures(counted(_01=(6, 6)), weak_links=weak), Rows(EMPTY, EMPTY, follow_ups, {}), Rights())
    material.__dict__["issues"] = weak  # found elsewhere, tested there
    text = bulletin_text(material)
    assert text.title == "关于全县信访积案化解进展情况的通报"
    assert text.annexes == ("乡镇（街道）信访积案化解情况表",)
    assert (text.recipients, text.dated) == ("各乡镇（街道），县级机关各单位：", "2020年8月31日")
