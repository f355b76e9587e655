from math import nan

import pandas as pd

from analysis.rank_lines import movers, moves_finding, rank_lines, scheme_changes

LABELS = {"1": "天马", "2": "白石", "3": "何家", "4": "球川"}
KINDS = {"1": "街道", "2": "镇", "3": "乡", "4": "镇"}
MONTHS = pd.to_datetime(["2019-11-01", "2019-12-01", "2020-01-01"]).astype("datetime64[s]")
SCORES = {"1": [90, 80, 60], "2": [80, 70, 90], "3": [70, nan, 80], "4": [60, 60, 70]}


def _history() -> pd.DataFrame:
    rows = [(town, month, "S1" if month.year == 2019 else "S2", float(score))
            for town, scores in SCORES.items() for month, score in zip(MONTHS, scores, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["township_code", "month", "scheme", "score"])
    return frame.assign(rank=99.0, rank_low=nan, rank_high=nan)


def _ranks(lines: pd.DataFrame) -> dict[str, list[float]]:
    return {name: own["rank"].tolist() for name, own in lines.groupby("township", sort=False)}


def test_ranks_are_those_of_each_month() -> None:
    lines = rank_lines(_history(), LABELS, KINDS)
    assert {name: str(ranks) for name, ranks in _ranks(lines).items()} == {
        "天马": "[1.0, 1.0, 4.0]", "白石": "[2.0, 2.0, 1.0]", "何家": "[3.0, nan, 2.0]", "球川": "[4.0, 3.0, 3.0]",
    }  # fmt: skip
    assert lines["month_label"].tolist()[:3] == ["2019年11月", "12月", "2020年1月"]
    assert lines["place"].tolist()[:3] == ["第1名", "第1名", "第4名"]


def test_within_a_kind_only_its_own_are_ranked() -> None:
    assert _ranks(rank_lines(_history(), LABELS, KINDS, kind="镇")) == {"白石": [1, 1, 1], "球川": [2, 2, 2]}


def test_the_chosen_are_picked_out_else_those_who_moved_most() -> None:
    lines = rank_lines(_history(), LABELS, KINDS, chosen=frozenset({"4", "9"}))
    assert set(lines.loc[lines["is_chosen"], "township"]) == {"球川"}
    assert set(rank_lines(_history(), LABELS, KINDS).query("is_chosen")["township"]) == {"白石", "何家", "天马"}
    nobody = rank_lines(_history(), LABELS, KINDS, kind="镇", chosen=frozenset({"1"}))
    assert not nobody["is_chosen"].any()


def test_climbers_come_before_fallers_each_by_places() -> None:
    found = movers(rank_lines(_history(), LABELS, KINDS))
    assert found[["township", "climbed"]].to_numpy().tolist() == [["白石", 1], ["何家", 1], ["天马", -3]]


def test_the_moves_are_said_the_largest_climb_first() -> None:
    lines = rank_lines(_history(), LABELS, KINDS, chosen=frozenset({"1", "2"}))
    assert moves_finding(lines) == "2019年11月至2020年1月：白石由第2名升至第1名（▲1）；天马由第1名降至第4名（▼3）"
    assert moves_finding(rank_lines(_history(), LABELS, KINDS, kind="镇")) == "2019年11月至2020年1月：名次没有变化"
    still = rank_lines(_history(), LABELS, KINDS, kind="镇", chosen=frozenset({"4"}))
    assert moves_finding(still).endswith("球川保持第2名")
    assert moves_finding(lines.head(0)) == ""


def test_where_another_scheme_begins_is_found() -> None:
    lines = rank_lines(_history(), LABELS, KINDS)
    assert scheme_changes(lines)[["month_label", "scheme"]].to_numpy().tolist() == [["2020年1月", "S2"]]
    assert scheme_changes(lines[lines["scheme"] == "S1"]).empty
    assert scheme_changes(lines.head(0)).empty


def test_no_more_lines_are_picked_out_than_there_are_hues() -> None:
    many = pd.concat([_history().assign(township_code=str(i), score=float(i)) for i in range(12)])
    labels = {str(i): f"镇{i}" for i in range(12)}
    lines = rank_lines(many, labels, {}, chosen=frozenset(labels))
    assert lines.loc[lines["is_chosen"], "township_code"].nunique() == 8
