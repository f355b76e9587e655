"""The backlog over weeks or months, with the year before beside it.

Source: METHODS section 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.breakdown import OWN_LABEL
from analysis.remembered import remembered
from analysis.streams import Stream
from analysis.wording import month, month_day

COUNTS = ("opened", "reopened", "closed", "open", "overdue")
_WEEKS_OF_A_YEAR = pd.Timedelta(weeks=52)


@dataclass(frozen=True)
class Period:
    """How time is cut: the word for one period, the frame's column with its last day, how many make the picture."""

    word: str
    end: str
    shown: int


WEEK, MONTH = Period("周", "week_end", 52), Period("月", "month_end", 24)
PERIODS = {"按周": WEEK, "按月": MONTH}


@remembered
def county_trend(series: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Add the townships up, period by period, and put the year before beside.

    Parameters
    ----------
    series : pd.DataFrame
        `queries.backlog.backlog_by_week` or `backlog_by_month` of all periods.

    Returns
    -------
    pd.DataFrame
        One row per period shown, rising: end (datetime64[s]), label (str, the week's last day as M月D日, the month as
        YYYY年M月), opened, reopened, closed, open, overdue (int64, cases), open_before (float64, open 52 weeks or a
        year earlier; NaN where there is none, and for a cut period). No rows for no rows.
    """
    sums = series.groupby(period.end)[list(COUNTS)].sum().rename_axis("end")
    cut = series.loc[series["is_partial"], period.end].unique()
    before = sums["open"].reindex(_year_before(sums.index, period)).set_axis(sums.index)
    sums["open_before"] = before.mask(sums.index.isin(cut)).astype("float64")
    shown = sums.tail(period.shown).reset_index()
    shown.insert(1, "label", pd.Series([_label(end, period) for end in shown["end"]], dtype="str"))
    return shown


@remembered
def township_trends(
    series: pd.DataFrame, period: Period, labels: Mapping[str, str], *, measure: str
) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Return one measure of each township over the periods shown, and over the same periods of the year before.

    Parameters
    ----------
    series : pd.DataFrame
        As for `county_trend`; rows of other regions than those of `labels` are 县本级, left out while it has no case.
    measure : {"opened", "closed", "open", "overdue"}

    Returns
    -------
    dict
        Label -> (now, before), in the fixed order; NaN before the records, and for the cut period's year before.
    """
    own = dict.fromkeys(series.loc[~series["township_code"].isin(list(labels)), "township_code"], OWN_LABEL)
    wide = series.pivot_table(index=period.end, columns="township_code", values=measure, aggfunc="sum")
    own = {code: label for code, label in own.items() if wide[code].any()}
    before = wide.reindex(_year_before(wide.index, period)).set_axis(wide.index)
    before[wide.index.isin(series.loc[series["is_partial"], period.end].unique())] = float("nan")
    now, then = wide.tail(period.shown).astype("float64"), before.tail(period.shown).astype("float64")
    known = {code: label for code, label in labels.items() if code in wide.columns}
    return {label: (tuple(now[code]), tuple(then[code])) for code, label in {**known, **own}.items()}


def trend_title(trend: pd.DataFrame, stream: Stream) -> str:
    """Say how what waits has changed over the periods shown (`county_trend`), as the title of their chart."""
    waiting, first, last = f"未{stream.closed}", trend.iloc[0], trend.iloc[-1]
    if len(trend) < 2 or first["open"] == last["open"]:
        return f"{waiting}{last['open']:,}件" + ("，与起点持平" if len(trend) > 1 else "")
    way = "降至" if last["open"] < first["open"] else "升至"
    return f"{waiting}由{first['label']}{first['open']:,}件{way}{last['open']:,}件"


def year_finding(trend: pd.DataFrame, stream: Stream, period: Period) -> str:
    """Say how the newest full period compares with the year before; "" where there is none."""
    known = trend[trend["open_before"].notna()]
    if known.empty:
        return ""
    last = known.iloc[-1]
    change = int(last["open"] - last["open_before"])
    said = "持平" if not change else f"{'多' if change > 0 else '少'}{abs(change):,}件"
    when = last["label"] if period is WEEK else f"{last['label']}末"
    return f"{when}未{stream.closed}{last['open']:,}件，上年同期{last['open_before']:,.0f}件，{said}。"


def _year_before(ends: pd.Index, period: Period) -> pd.DatetimeIndex:
    days = pd.DatetimeIndex(ends)
    if period is WEEK:
        return days - _WEEKS_OF_A_YEAR
    return days - pd.DateOffset(years=1) + pd.offsets.MonthEnd(0)


def _label(end: pd.Timestamp, period: Period) -> str:
    return month_day(end) if period is WEEK else month(end)
