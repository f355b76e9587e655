from typing import Any

import pandas as pd
import pytest

from components import theme
from components.charts import backlog_chart, bump_chart, campaign_chart, ranking_chart

DAYS = pd.to_datetime(["2020-06-12", "2020-08-31"]).astype("datetime64[s]")
PROGRESS = pd.DataFrame(
    {"day": DAYS, "opened": [101, 114], "closed": [27, 92], "rate": [0.2673, 0.807], "pace": [0.267, 0.69]}
)
RANKED = pd.DataFrame(
    {
        "township": ["白石", "天马", "何家"],
        "rank": [2.0, 1.0, float("nan")],
        "rank_low": [1.0, 1.0, float("nan")],
        "rank_high": [2.0, 2.0, float("nan")],
        "score": [80.0, 90.0, float("nan")],
        "coverage": [1.0, 1.0, 0.5],
        "band": ["差距不明显", "差距不明显", "暂不排名"],
    }
)
WEEKLY = pd.DataFrame(
    {"week_end": DAYS, "label": ["6月12日", "8月31日"], "open": [74, 22], "opened": [0, 13], "closed": [0, 65]}
)
LINES = pd.DataFrame(
    {
        "township": ["天马", "天马", "白石", "白石", "何家", "何家"],
        "month": list(DAYS) * 3,
        "month_label": ["2020年6月", "8月"] * 3,
        "rank": [1.0, 2.0, 2.0, 1.0, 3.0, float("nan")],
        "score": [90.0, 80.0, 85.0, 88.0, 60.0, float("nan")],
        "place": ["第1名", "第2名", "第2名", "第1名", "第3名", "—"],
        "is_chosen": [False, False, True, True, False, False],
    }
)
CHANGES = pd.DataFrame({"month_label": ["8月"], "month": DAYS[1:], "scheme": ["S2020"]})
CHARTS = {
    "campaign": campaign_chart(PROGRESS, finding="").to_dict(),
    "ranking": ranking_chart(RANKED, places=14, finding="").to_dict(),
    "backlog": backlog_chart(WEEKLY, opened="交办", closed="化解", waiting="未化解", finding="").to_dict(),
}


def _encodings(chart: dict[str, Any]) -> list[dict[str, Any]]:
    return [layer["encoding"] for layer in chart["layer"]]


@pytest.mark.parametrize("name", CHARTS)
def test_charts_wear_the_registered_theme(name: str) -> None:
    config = CHARTS[name]["config"]
    assert config["axisX"]["labelAngle"] == 0
    assert config["axisY"]["labelAngle"] == 0
    assert "Noto Sans CJK SC" in config["font"]
    assert not {"background", "labelColor"} & {*config, *config["axis"]}, "ground and text colours belong to the page"


@pytest.mark.parametrize("name", CHARTS)
def test_every_title_and_every_tooltip_is_chinese(name: str) -> None:
    for encoding in _encodings(CHARTS[name]):
        titles = [tip["title"] for tip in encoding["tooltip"]]
        titles += [encoding[c]["title"] for c in ("x", "y") if encoding.get(c, {}).get("title")]
        assert all(any("一" <= letter <= "鿿" for letter in title) for title in titles), titles


@pytest.mark.parametrize("name", CHARTS)
def test_hues_come_from_the_eight(name: str) -> None:
    used = {hue for encoding in _encodings(CHARTS[name]) for hue in encoding["color"]["scale"]["range"]}
    assert used <= set(theme.HUES)
    assert len(theme.HUES) <= 8


def test_the_campaign_stands_on_the_whole_scale_beside_its_pace() -> None:
    pace, actual = _encodings(CHARTS["campaign"])
    assert (actual["y"]["field"], pace["y"]["field"]) == ("rate", "pace")
    assert actual["y"]["scale"]["domain"] == [0, 1]
    assert {"化解（件）", "交办（件）"} <= {tip["title"] for tip in actual["tooltip"]}


def test_the_backlog_starts_at_zero_and_speaks_the_words_of_its_stream() -> None:
    opened, closed, waiting = _encodings(CHARTS["backlog"])
    assert [e["y"]["field"] for e in (opened, closed, waiting)] == ["opened", "closed", "open"]
    assert all(e["y"]["scale"]["zero"] for e in (opened, closed, waiting))
    assert waiting["color"]["scale"]["domain"] == ["未化解", "交办", "化解"]


def test_the_year_before_and_what_is_overdue_are_drawn_where_they_are_known() -> None:
    words = {"opened": "交办", "closed": "化解", "waiting": "未化解", "finding": ""}
    more = WEEKLY.assign(overdue=[0, 3], open_before=[float("nan"), 60.0])
    drawn = _encodings(backlog_chart(more, **words, period="月").to_dict())
    assert [e["y"]["field"] for e in drawn] == ["opened", "closed", "open_before", "overdue", "open"]
    assert drawn[-1]["color"]["scale"]["domain"] == ["未化解", "交办", "化解", "上年同期未化解", "其中超期"]
    assert {"上年同期未化解（件）", "其中超期（件）", "本月化解（件）"} <= {tip["title"] for tip in drawn[0]["tooltip"]}
    unknown = backlog_chart(more.assign(open_before=float("nan")), **words).to_dict()
    assert "上年同期未化解" not in _encodings(unknown)[0]["color"]["scale"]["domain"]


def test_ranks_stand_in_order_with_their_range_and_a_shape_for_the_word() -> None:
    ranges, dots = _encodings(CHARTS["ranking"])
    assert dots["y"]["sort"] == ["天马", "白石"], "without a rank no place in the picture"
    assert (ranges["x"]["field"], ranges["x2"]["field"]) == ("rank_low", "rank_high")
    assert dots["shape"]["scale"]["domain"] == ["明显靠前", "差距不明显", "明显靠后"]
    assert dots["x"]["scale"]["domain"] == [1, 14]


def test_the_same_specification_serves_light_and_dark() -> None:
    def luminance(hue: str) -> float:
        parts = [int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for hue in theme.HUES:
        for ground in ("#ffffff", "#10161e"):
            high, low = sorted((luminance(hue), luminance(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 3, (hue, ground)


def test_the_first_place_stands_on_top_and_the_chosen_lie_over_the_others() -> None:
    chart = bump_chart(LINES, CHANGES, finding="").to_dict()
    rule, note, ranks = chart["layer"]
    grey, bold, names = ranks["layer"]
    assert ranks["encoding"]["y"]["scale"] == {"domain": [1, 3], "reverse": True, "nice": False, "padding": 12}
    assert [layer["transform"][0]["filter"] for layer in (grey, bold)] == ["!datum.is_chosen", "datum.is_chosen"]
    for lines in (grey, bold):
        assert lines["encoding"]["color"] == {"field": "hue", "type": "nominal", "scale": None}
        assert lines["encoding"]["detail"]["field"] == "township", "two townships in grey are two lines"
    (drawn,) = (rows for rows in chart["datasets"].values() if "hue" in rows[0])
    assert {(row["township"], row["hue"]) for row in drawn} == {
        ("白石", theme.BLUE),
        ("天马", theme.GREY),
        ("何家", theme.GREY),
    }
    assert ranks["encoding"]["x"]["sort"] == ["2020年6月", "8月"]
    assert (names["mark"]["type"], names["transform"][0]["filter"]) == ("text", "datum.month_label == '8月'")
    assert (rule["mark"]["type"], note["mark"]["text"]) == ("rule", "新考核方案")
    assert {tip["title"] for tip in ranks["encoding"]["tooltip"]} == {"乡镇（街道）", "月份", "名次", "得分"}


def test_without_another_scheme_no_line_says_so() -> None:
    assert len(bump_chart(LINES, CHANGES.head(0), finding="").to_dict()["layer"]) == 1


def test_a_history_of_one_month_is_a_chart_too() -> None:
    one = LINES[LINES["month_label"] == "8月"]
    assert bump_chart(one, CHANGES.head(0), finding="").to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"] == [
        1,
        2,
    ]
