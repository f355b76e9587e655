from math import nan

import pandas as pd

from analysis.rankings import chosen, ranked_rows, ranking_title

LABELS = {"1": "天马", "2": "白石", "3": "何家", "4": "球川"}
RANKING = pd.DataFrame(
    {
        "township_code": ["1", "2", "3", "4"],
        "month": pd.Timestamp(2020, 8, 1),
        "scheme": "S2020",
        "rank": [1.0, 2.0, 2.0, nan],
        "rank_change": [2.0, -1.0, nan, nan],
        "rank_low": [1.0, 1.0, 3.0, nan],
        "rank_high": [1.0, 3.0, 3.0, nan],
        "score": [90.0, 80.0, 80.0, nan],
    }
)


def test_places_changes_and_bands_are_worded() -> None:
    rows = ranked_rows(RANKING, LABELS)
    assert list(rows["township"]) == ["天马", "白石", "何家", "球川"]
    assert list(rows["place"]) == ["第1名", "并列第2", "并列第2", "—"]
    assert list(rows["change"]) == ["▲2", "▼1", "新列入", "—"]
    assert list(rows["interval"]) == ["第1名", "第1–3名", "第3名", "—"]
    assert list(rows["band"]) == ["明显靠前", "差距不明显", "明显靠后", "暂不排名"]  # thirds of the three ranked


def test_an_unmoved_place_is_said_so() -> None:
    assert list(ranked_rows(RANKING.assign(rank_change=0.0), LABELS)["change"])[:3] == ["持平"] * 3


def test_choosing_townships_keeps_their_places() -> None:
    rows = chosen(ranked_rows(RANKING, LABELS), frozenset({"2"}))
    assert rows[["township", "place", "band"]].to_numpy().tolist() == [["白石", "并列第2", "差距不明显"]]


def test_the_title_names_month_and_scheme() -> None:
    schemes = pd.DataFrame({"code": ["S2018", "S2020"], "name": ["旧方案", "2020年考核方案"]})
    assert ranking_title(RANKING, schemes) == "考核排名 · 2020年8月 · 2020年考核方案"
    assert ranking_title(RANKING.assign(scheme=""), schemes) == "考核排名 · 2020年8月 · 没有生效的考核方案"
    assert ranking_title(RANKING.head(0), schemes) == "考核排名"
