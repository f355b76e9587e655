from datetime import date

import pandas as pd
import pytest

from analysis.annotations import LONGEST, Note, chart_marks, excluded_months, notes_of, problem
from state import annotations as stored
from state.annotations import Annotation, Place

MAY, JUNE = date(2020, 5, 1), date(2020, 6, 1)


def _said(region: str, kpi: str, month: date, **more: object) -> Annotation:
    fields = {"reason": "疫情影响", "is_excluded": True, "author": "行动办", "written_at": None}
    fields |= {"reply": None, "replier": None, "replied_at": None, **more}
    return Annotation(Place(region, kpi, month), **fields)


ALL = [
    _said("a", "K06", JUNE, reply="已补办", replier="甲镇"),
    _said("a", "K06", MAY, is_excluded=False),
    _said("a", "K05", MAY),
    _said("b", "K06", MAY),
]


def test_the_notes_of_a_series_come_by_month() -> None:
    assert notes_of(ALL, "a", "K06") == [
        Note(MAY, "疫情影响", False, "行动办", "", ""),
        Note(JUNE, "疫情影响", True, "行动办", "已补办", "甲镇"),
    ]


def test_only_months_marked_so_are_left_out() -> None:
    assert excluded_months(ALL) == {("a", "K06", JUNE), ("a", "K05", MAY), ("b", "K06", MAY)}


def test_marks_stand_at_their_months_with_reason_and_author() -> None:
    months = pd.Series(pd.date_range("2020-01-01", periods=6, freq="MS").astype("datetime64[s]"))
    before = Note(date(2017, 1, 1), "记录之前", False, "行动办", "", "")
    long = Note(JUNE, "连续强降雨造成房屋受损集中调解", False, "行动办", "", "")
    marks = chart_marks([before, Note(date(2020, 2, 1), "疫情", True, "行动办", "", ""), long], months)
    assert marks["mark"].tolist() == ["疫情（行动办）", "连续强降雨造成房屋受损集中…（行动办）"]
    assert marks["month"].tolist() == [pd.Timestamp("2020-02-01"), pd.Timestamp("2020-06-01")]
    assert marks["line"].tolist() == [0, 1]
    assert marks["is_late"].tolist() == [False, True]
    assert chart_marks([], months).dtypes.astype(str).tolist() == ["datetime64[s]", "str", "int64", "bool"]


@pytest.mark.parametrize(
    "text", ["", " \n ", "长" * (LONGEST + 1), "请致电13812345678", "证件33082219700101001x", "证件330822197001010010"]
)
def test_what_may_not_be_written_is_said(text: str) -> None:
    assert problem(text)


@pytest.mark.parametrize("text", ["疫情影响", "长" * LONGEST, "处置2020年8月31日前的114件", "单号20200831123456789012"])
def test_what_may_be_written_has_no_problem(text: str) -> None:
    assert problem(text) == ""


def test_the_longest_text_is_the_same_on_screen_and_in_store() -> None:
    assert LONGEST == stored.LONGEST
