from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis.task_book import MEAN, NO_COUNTERMEASURE, NOT_SHOWN, Book
from analysis.task_titles import cells_title, has_texts, months_title, texts_title

NAN, EMPTY = float("nan"), pd.DataFrame()
BOOK = Book({}, MEAN, EMPTY, EMPTY, EMPTY, EMPTY, pd.Timestamp(2020, 8, 1))


def _regions(*texts: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(texts), columns=["bottleneck", "countermeasure"], dtype="str")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([("", ""), ("", "")], "8月2个乡镇（街道）都没有填报瓶颈性问题"),
        ([("缺人", "补人"), ("", "")], "8月2个乡镇（街道）1个填报了瓶颈性问题"),
        (
            [("缺人", NO_COUNTERMEASURE), (NOT_SHOWN, NOT_SHOWN)],
            "8月1个乡镇（街道）1个填报了瓶颈性问题，1个落后而未提出对策",
        ),
        ([("", NO_COUNTERMEASURE)], "8月1个乡镇（街道）都没有填报瓶颈性问题，1个落后而未提出对策"),
        ([(NOT_SHOWN, NOT_SHOWN)], "8月瓶颈性问题和对策措施仅本单位可见"),
    ],
)
def test_the_title_counts_the_texts_that_may_be_read(texts: list[tuple[str, str]], said: str) -> None:
    assert texts_title(BOOK, _regions(*texts)) == said


def test_one_place_alone_is_named() -> None:
    book = replace(BOOK, place="球川")
    assert texts_title(book, _regions(("缺人", NO_COUNTERMEASURE))) == "球川8月有瓶颈性问题，未提出对策"
    assert texts_title(book, _regions(("", ""))) == "球川8月没有填报瓶颈性问题"


def test_without_any_text_there_is_no_column_for_it() -> None:
    assert not has_texts(_regions(("", ""), ("", "")))
    assert has_texts(_regions(("", ""), ("", NO_COUNTERMEASURE)))
    assert has_texts(_regions((NOT_SHOWN, NOT_SHOWN)))


def _months(*rows: tuple[int, float, float, str, str]) -> pd.DataFrame:
    made: list[dict[str, Any]] = [
        {"month": pd.Timestamp(2020, m, 1), "planned_pct": p, "gap": gap, "light": light, "work": work}
        for m, p, gap, light, work in rows
    ]
    return pd.DataFrame(made, columns=["month", "planned_pct", "gap", "light", "work"])


def test_the_months_title_counts_the_months_of_the_plan_and_says_what_comes() -> None:
    begun = [(5, 0.0, 0.0, "not_started", "—"), (6, 15.0, 0.04, "on_track", "自查"), (7, 30.0, -0.4, "behind", "化解")]
    later = (9, 55.0, NAN, "", "命名")
    assert months_title(BOOK, _months(*begun, later)) == "全县平均2个月中1个月达到计划；9月计划55%（命名）"
    assert months_title(BOOK, _months(*begun)) == "全县平均2个月中1个月达到计划"
    assert months_title(BOOK, _months(begun[0], (9, 55.0, NAN, "", "甲（2个）；乙（1个）"))) == (
        "全县平均还没有到计划月份；9月计划55%"
    )


def test_a_month_without_a_report_did_not_meet_its_plan() -> None:
    assert months_title(BOOK, _months((8, 20.0, NAN, "unreported", "—"))) == "全县平均1个月中0个月达到计划"


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        ((46.0, 44.6, NAN), "2个乡镇（街道）8月进度45%至46%，1个未报送"),
        ((46.0, 45.8), "2个乡镇（街道）8月进度都是46%"),
        ((NAN,), "各乡镇（街道）8月都未报送"),
    ],
)
def test_the_townships_title_says_between_what_they_stand(actual: tuple[float, ...], said: str) -> None:
    cells = pd.DataFrame({"month": BOOK.month, "actual_pct": [*actual, 99.0]})
    cells.loc[len(actual), "month"] = pd.Timestamp(2020, 7, 1)
    assert cells_title(replace(BOOK, cells=cells)) == said
