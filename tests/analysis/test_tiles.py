from datetime import date

import pandas as pd
import pytest

from analysis.tiles import OPEN, OVERDUE, RATE, REDS, SCORE, TileFigures, legend, pace_today, tile_choices, tiles
from tests.judged import judged

NAN = float("nan")
RANKED = pd.DataFrame({"township_code": ["甲", "乙", "丙", "丁"], "score": [95.3, 80.04, 80.0, NAN],
                       "rank": [1.0, 2.0, 2.0, NAN],
                       "is_tied": [False, True, True, False],
                       "band": ["明显靠前", "差距不明显", "明显靠后", "暂不排名"]})  # fmt: skip
NOW = pd.DataFrame({"township_code": ["甲", "乙", "丙", "丁", "戊"], "opened": [10, 10, 4, 3, 0],
                    "closed": [8, 6, 2, 3, 0],
                    "open": [2, 7, 3, 0, 0],
                    "overdue": [0, 0, 0, 0, 0], "rate": [0.8, 0.6, 0.5, 1.0, NAN]})  # fmt: skip
MATRIX = pd.DataFrame({"scope": ["county", "township", "township", "township"], "region_code": ["县", "甲", "甲", "乙"],
                       "light": ["overdue", "overdue", "far_behind", "on_track"]})  # fmt: skip
TABLE = judged({("甲", "K01"): (18, 20), ("乙", "K01"): (8, 20), ("丙", "K01"): (3, 4), ("甲", "K21"): (9, NAN)},
               {"K01": 9.0, "K18": 1.0})  # fmt: skip
KNOWN = TileFigures(RANKED, TABLE, NOW, MATRIX, 0.7)


def _said(figure: str, known: TileFigures = KNOWN) -> list[tuple[str, str, str, str]]:
    return [(tile.value, tile.note, tile.shape, tile.word) for tile in tiles(figure, known)]


def test_scores_are_told_by_their_band() -> None:
    assert _said(SCORE) == [
        ("95.3", "第1名", "✓", "明显靠前"),
        ("80.0", "并列第2", "●", "差距不明显"),
        ("80.0", "并列第2", "▲", "明显靠后"),
        ("—", "暂不排名", "—", "暂不排名"),
    ]


def test_rates_are_told_against_the_pace_line_and_small_ones_are_not_judged() -> None:
    assert [word for *_, word in _said(RATE)] == [
        "不低于序时",
        "低于序时",
        "基数小（不足5件）",
        "已全部化解",
        "没有交办",
    ]
    assert _said(RATE)[0][:2] == ("80.0%", "8/10")


def test_without_a_pace_line_rates_are_told_against_the_county() -> None:
    known = TileFigures(RANKED, TABLE, NOW, MATRIX, NAN)  # 19/27 of the county
    assert [word for *_, word in _said(RATE, known)][:2] == ["不低于全县", "低于全县"]


def test_counts_are_shaded_in_equal_steps_to_the_largest() -> None:
    assert [(value, word) for value, _, _, word in _said(OPEN)] == [
        ("2", "1–3件"),
        ("7", "7–9件"),
        ("3", "1–3件"),
        ("0", "没有"),
        ("0", "没有"),
    ]
    assert {word for *_, word in _said(OVERDUE)} == {"没有"}
    assert [(tile.township_code, tile.value) for tile in tiles(REDS, KNOWN)] == [("甲", "2"), ("乙", "0")]


def test_an_indicator_is_told_by_its_level() -> None:
    assert _said("K01") == [
        ("90.0%", "第1名", "✓", "达到目标"),
        ("40.0%", "第2名", "■", "低于底线"),
        ("75.0%", "", "—", "不计分"),
    ]
    assert list(tile_choices(TABLE).items())[-2:] == [("K01", "信访积案化解率"), ("K18", "平安暗访得分")]
    with pytest.raises(ValueError, match="K99"):
        tiles("K99", KNOWN)


def test_the_legend_counts_each_level_the_best_first() -> None:
    assert legend(tiles(RATE, KNOWN)) == [
        ("✓", "已全部化解", "green", 1),
        ("●", "不低于序时", "green", 1),
        ("▲", "低于序时", "yellow", 1),
        ("○", "基数小（不足5件）", "grey", 1),
        ("—", "没有交办", "none", 1),
    ]


def test_the_pace_of_today_is_that_of_the_running_campaign() -> None:
    days = pd.to_datetime(["2020-06-01", "2020-01-01"]), pd.to_datetime(["2020-06-11", "2020-01-31"])
    rows = pd.DataFrame({"is_running": [True, False], "goal_rate": [80.0, 100.0], "starts_on": days[0],
                         "ends_on": days[1],
                         "baseline_opened": [10, 10], "baseline_closed": [2, 9]})  # fmt: skip
    assert pace_today(rows, date(2020, 6, 6)) == pytest.approx(0.5)  # half way from 20 % to 80 %
    assert pd.isna(pace_today(rows.assign(is_running=False), date(2020, 6, 6)))
    assert pd.isna(pace_today(rows.assign(goal_rate=NAN), date(2020, 6, 6)))
