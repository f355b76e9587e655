"""The titles over the tables of one task's page: what hinders it where, and how its months went.

Source: DOMAIN "Lights".
"""

import pandas as pd

from analysis.task_book import MEAN, NO_COUNTERMEASURE, NOT_SHOWN, Book, latest_cells
from analysis.wording import MISSING, number


def texts_title(book: Book, regions: pd.DataFrame) -> str:
    """Say in how many places something hinders the task this month, and how many have no countermeasure.

    Parameters
    ----------
    regions
        `analysis.task_book.region_rows`; places whose texts the viewer may not read are not counted.
    """
    readable = regions[regions["bottleneck"] != NOT_SHOWN]
    when = f"{book.month.month}月"
    if readable.empty:
        return f"{when}瓶颈性问题和对策措施{NOT_SHOWN}"
    hindered = int((readable["bottleneck"] != "").sum())
    without = int((readable["countermeasure"] == NO_COUNTERMEASURE).sum())
    if book.place != MEAN:
        told = "有瓶颈性问题" if hindered else "没有填报瓶颈性问题"
        return f"{book.place}{when}{told}{'，未提出对策' if without else ''}"
    told = f"{hindered}个填报了瓶颈性问题" if hindered else "都没有填报瓶颈性问题"
    rest = f"，{without}个落后而未提出对策" if without else ""
    return f"{when}{len(readable)}个乡镇（街道）{told}{rest}"


def cells_title(book: Book) -> str:
    """Say between which percentages the townships stand this month, over the small pictures of them."""
    actual = latest_cells(book)["actual_pct"].dropna()
    when, missing = f"{book.month.month}月", len(latest_cells(book)) - len(actual)
    late = f"，{missing}个未报送" if missing else ""
    if actual.empty:
        return f"各乡镇（街道）{when}都未报送"
    low, high = (number(value) for value in (actual.min(), actual.max()))
    return f"{len(actual)}个乡镇（街道）{when}进度{f'都是{low}%' if low == high else f'{low}%至{high}%'}{late}"


def has_texts(regions: pd.DataFrame) -> bool:
    """Whether any place has a bottleneck or a countermeasure to show, or one that the viewer may not read."""
    return bool((regions[["bottleneck", "countermeasure"]] != "").any(axis=None))


def months_title(book: Book, rows: pd.DataFrame) -> str:
    """Say in how many months the plan was met, and what comes next.

    Parameters
    ----------
    rows
        `analysis.task_book.month_rows`; a month planned at 0 is no month of the plan.
    """
    begun = rows[(rows["light"] != "") & (rows["planned_pct"] > 0)]
    met = int((begun["gap"].round(1) >= 0).sum())
    said = f"{book.place}{len(begun)}个月中{met}个月达到计划" if len(begun) else f"{book.place}还没有到计划月份"
    later = rows[rows["light"] == ""].head(1).to_dict("records")
    return said if not later else f"{said}；{_next(later[0]['month'], later[0]['planned_pct'], later[0]['work'])}"


def _next(month: pd.Timestamp, planned: float, work: str) -> str:
    doing = "" if work == MISSING or "；" in work else f"（{work}）"
    return f"{month.month}月计划{number(planned, digits=1)}%{doing}"
