import pandas as pd
import pytest

from analysis.findings import most, rising_finding, where_finding

LABELS = {"a": "天马", "b": "招贤", "c": "球川", "d": "芳村", "e": "同弓"}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([3, 4, 6, 1, 0], "球川（6件）、招贤（4件）、天马（3件）"),
        ([0, 4, 0, 0, 0], "招贤（4件）"),
        ([0, 0, 0, 0, 0], ""),
        ([2, 2, 2, 2, 0], "4个并列（各2件）"),
        ([5, 2, 2, 2, 0], "天马（5件）"),
        ([5, 5, 2, 2, 1], "天马（5件）、招贤（5件）"),
        ([5, 4, 4, 0, 0], "天马（5件）、招贤（4件）、球川（4件）"),
        ([1200, 0, 0, 0, 0], "天马（1,200件）"),
    ],
)
def test_the_largest_are_named_and_a_tie_never_in_part(counts: list[int], said: str) -> None:
    assert most(list(LABELS.values()), counts) == said


def test_a_table_of_nothing_names_nothing() -> None:
    assert most([], []) == ""
    assert where_finding([], [], what="未化解") == "没有未化解的"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([3, 4, 6, 1, 0], "未化解14件，分布在4处，最多的是球川（6件）、招贤（4件）、天马（3件）"),
        ([2, 2, 0, 2, 0], "未化解6件，分布在3处，各2件"),
        ([0, 0, 4, 0, 0], "未化解4件，分布在1处，最多的是球川（4件）"),
        ([0, 0, 0, 0, 0], "没有未化解的"),
    ],
)
def test_the_title_says_how_much_where_and_most_of_it(counts: list[int], said: str) -> None:
    assert where_finding(list(LABELS.values()), counts, what="未化解") == said


def test_one_place_is_said_alone() -> None:
    assert where_finding(["招贤"], [4], what="未化解") == "招贤未化解4件"


def _weeks(histories: dict[str, list[int]], *, is_cut: bool = False) -> pd.DataFrame:
    length = len(next(iter(histories.values()), []))
    ends = pd.date_range("2020-08-02", periods=length, freq="7D")
    rows = [
        {"week_end": end, "township_code": code, "open": value, "is_partial": is_cut and i == length - 1}
        for code, values in histories.items()
        for i, (end, value) in enumerate(zip(ends, values, strict=True))
    ]
    return pd.DataFrame(rows, columns=["week_end", "township_code", "open", "is_partial"])


def _said(histories: dict[str, list[int]], *, is_cut: bool = False, period: str = "周") -> str:
    series = _weeks(histories, is_cut=is_cut)
    return rising_finding(series, LABELS, end="week_end", measure="open", what="未化解", period=period)


@pytest.mark.parametrize(
    ("histories", "said"),
    [
        ({"a": [3, 2, 2, 1], "b": [1, 2, 3, 4]}, "招贤连续3周未化解上升"),
        ({"a": [1, 1, 2, 3], "b": [1, 2, 3, 4]}, "招贤连续3周、天马连续2周未化解上升"),
        ({"a": [1, 2, 3, 3], "b": [4, 4, 3, 4]}, "没有乡镇（街道）连续2周未化解上升"),
        ({"a": [1, 2, 2, 2], "b": [2, 2, 2, 2]}, "没有乡镇（街道）连续2周未化解上升"),
        ({code: [1, 2, 3, 4] for code in LABELS}, "天马连续3周、招贤连续3周、球川连续3周等5个乡镇（街道）未化解上升"),
        ({"a": [4, 3, 2, 1]}, ""),
        ({"a": [1, 2, 3], "county": [1, 2, 3]}, "天马连续2周未化解上升"),
        ({"a": [1, 2], "b": [1, 2]}, ""),
        ({}, ""),
    ],
)
def test_a_rise_lasts_from_the_second_period_on(histories: dict[str, list[int]], said: str) -> None:
    assert _said(histories) == said


def test_a_cut_period_counts_for_nothing() -> None:
    assert _said({"a": [1, 2, 3, 4, 0], "b": [1, 1, 1, 1, 9]}, is_cut=True) == "天马连续3周未化解上升"


def test_months_are_counted_in_their_own_word() -> None:
    assert _said({"a": [1, 2, 3], "b": [3, 2, 1]}, period="月") == "天马连续2个月未化解上升"
