"""信访总量、诉讼总量 year on year, the townships' 平安 indicators, and the risks by level.

Source: METHODS section 5 (Spring Festival, 24 months, intervals); DOMAIN "Published facts" (2020: 疫情影响).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.findings import most
from analysis.levels import score_level
from analysis.remembered import remembered
from analysis.wording import MINUS, MISSING, month, percent, share
from analysis.year_on_year import MIN_MONTHS, SPRING_NOTE, TOO_SHORT, change_caption, count_ratio, year_on_year

EPIDEMIC_YEAR = 2020
EPIDEMIC_NOTE = "2020年受疫情影响，增减不能全部归于工作。"
RISK_LEVELS = ("重大", "较大", "一般")
UNGRADED = "未分级"
_RISK_COUNTS = ("opened", "closed_in_time", "late", "open", "overdue")


@dataclass(frozen=True)
class Change:
    """A year's total beside the same months of the year before; NaN `previous` where there is nothing to compare."""

    year: int
    last_month: int
    current: float
    previous: float
    words: str

    @property
    def span(self) -> str:
        """Its months in words: 2020年1—8月, 2019年全年."""
        return f"{self.year}年全年" if self.last_month == 12 else f"{self.year}年1—{self.last_month}月"


@remembered
def monthly_counts(series: pd.DataFrame) -> pd.Series:
    """Return the cases begun in each full month, over all regions.

    Parameters
    ----------
    series
        `queries.backlog.backlog_by_month`.

    Returns
    -------
    pd.Series
        Cases (float64) by the first day of the month, rising.
    """
    whole = series[~series["is_partial"]].groupby("month_end")["opened"].sum().astype("float64")
    days = pd.DatetimeIndex(whole.index).to_period("M").to_timestamp()
    return whole.set_axis(days)


@remembered
def year_changes(counts: pd.Series) -> list[Change]:
    """Compare each year's total with the same months of the year before, the newest first.

    January alone is not compared: the Spring Festival may lie in either of the two months.
    """
    found = []
    for year, own in counts.groupby(pd.DatetimeIndex(counts.index).year):
        last = int(own.index.max().month)
        before = counts[[day.year == year - 1 and day.month <= last for day in counts.index]]
        is_whole = len(own) == last and len(before) == last
        current, previous = float(own.sum()), float(before.sum()) if is_whole else math.nan
        found.append(Change(int(year), last, current, previous, _change_words(counts, current, previous, last)))
    return found[::-1]


def year_rows(changes: Sequence[Change]) -> pd.DataFrame:
    """Return the years as a table: span, current (cases), previous (float64), change_words, interval (str)."""
    return pd.DataFrame(
        {
            "span": [change.span for change in changes],
            "current": [change.current for change in changes],
            "previous": [change.previous for change in changes],
            "change_words": [_percent_change(change.current, change.previous) for change in changes],
            "interval": [_interval(change.current, change.previous) for change in changes],
        }
    )


@remembered
def month_rows(counts: pd.Series, *, shown: int = 12) -> pd.DataFrame:
    """Return the newest months year on year, January and February together, the newest first.

    Returns
    -------
    pd.DataFrame
        The columns of `year_rows`; no rows with less than 24 months of data.
    """
    table = year_on_year(counts).tail(shown).iloc[::-1]
    pairs = list(zip(table["current"], table["previous"], strict=True))
    spans = zip(table["first_month"], table["last_month"], strict=True)
    return pd.DataFrame(
        {
            "span": [month(a) if a == b else f"{month(a)[:-1]}—{b.month}月" for a, b in spans],
            "current": [current for current, _ in pairs],
            "previous": [previous for _, previous in pairs],
            "change_words": [_percent_change(*pair) for pair in pairs],
            "interval": [_interval(*pair) for pair in pairs],
        }
    )


@remembered
def compared(changes: Sequence[Change], counts: pd.Series) -> pd.DataFrame:
    """Return the years, and below them the newest months: the columns of `month_rows`."""
    months = month_rows(counts)
    return pd.concat([year_rows(changes)[list(months.columns)], months], ignore_index=True)


def totals_finding(named: Mapping[str, Sequence[Change]]) -> str:
    """Say how each total (by name) stands against the year before, the newest year of each."""
    newest = {name: changes[0] for name, changes in named.items() if changes}
    said = [
        f"{name}{change.span}{change.current:,.0f}件，{_short(change.current, change.previous)}"
        for name, change in newest.items()
    ]
    return "；".join(said) if said else "没有信访、诉讼记录"


def months_finding(name: str, rows: pd.DataFrame) -> str:
    """Say how the newest month stands against the year before, and in how many months the total fell.

    Parameters
    ----------
    rows
        `month_rows`.
    """
    if rows.empty:
        return f"{name}{TOO_SHORT}"
    newest = rows.iloc[0]
    fell = int(rows["change_words"].str.startswith("下降").sum())
    said = f"{name}{newest['span']}{newest['current']:,.0f}件，{_on_year(newest['change_words'])}"
    return f"{said}；近{len(rows)}期中{fell}期同比下降" if len(rows) > 1 else said


def both_fell(named: Mapping[str, Sequence[Change]]) -> str:
    """Name the newest full year in which both totals fell (两下降); "" without one."""
    falls = [
        {change.year for change in changes if change.last_month == 12 and change.current < change.previous}
        for changes in named.values()
    ]
    years = set.intersection(*falls) if falls else set()
    return f"{max(years)}年信访总量、诉讼总量两下降。" if years else ""


def notes(changes: Sequence[Change]) -> str:
    """Return what has to stand under a comparison: Spring Festival, and the epidemic where a year of it is shown."""
    is_epidemic = any(EPIDEMIC_YEAR in (change.year, change.year - 1) for change in changes)
    return f"{SPRING_NOTE}。{EPIDEMIC_NOTE if is_epidemic else ''}"


@remembered
def safety_rows(judged: pd.DataFrame, labels: Mapping[str, str], domain: str) -> pd.DataFrame:
    """Return the townships' 平安 indicators in the fixed order, one column of words and one of the level for each.

    Parameters
    ----------
    judged
        `queries.rankings.kpi_table`.

    Returns
    -------
    pd.DataFrame
        One row per township that has any: township (label), and for each indicator its code (str, 93.3（样本118）) and
        `<code>_level` (a `Level`).
    """
    own = judged[judged["domain"] == domain]
    rows: dict[str, dict[str, str]] = {}
    for row in own.to_dict("records"):
        sample = "" if pd.isna(row["denominator"]) else f"（样本{row['denominator']:,.0f}）"
        value = MISSING if pd.isna(row["value"]) else f"{row['value']:.1f}{sample}"
        line = rows.setdefault(row["township_code"], {})
        line |= {row["kpi_code"]: value, f"{row['kpi_code']}_level": score_level(row["score"], row["state"]).value}
    return pd.DataFrame([{"township": label, **rows[code]} for code, label in labels.items() if code in rows])


@remembered
def risk_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Add the townships up by level, the gravest first.

    Parameters
    ----------
    found
        `queries.services.risk_levels`.

    Returns
    -------
    pd.DataFrame
        One row per level that has any, 未分级 last: level (str), opened, closed_in_time, late, open, overdue (int64),
        in_time (str, rate and x/n).
    """
    sums = found.assign(level=found["level"].replace("", UNGRADED)).groupby("level")[list(_RISK_COUNTS)].sum()
    order = [*RISK_LEVELS, *sorted(set(sums.index) - {*RISK_LEVELS, UNGRADED}), UNGRADED]
    rows = sums.loc[[level for level in order if level in sums.index]].reset_index()
    pairs = zip(rows["closed_in_time"], rows["closed_in_time"] + rows["late"], strict=True)
    return rows.assign(in_time=[share(x, n) for x, n in pairs])


def risk_finding(rows: pd.DataFrame) -> str:
    """Say how many risks are open, and of which level most of them: the title over `risk_rows`."""
    waiting = most(rows["level"], rows["open"])
    return f"风险隐患未销号{rows['open'].sum():,}件，最多的是{waiting}" if waiting else "没有未销号的风险隐患"


def _change_words(counts: pd.Series, current: float, previous: float, last: int) -> str:
    if math.isnan(previous) or counts.notna().sum() < MIN_MONTHS:
        return TOO_SHORT
    return "一月单独不作比较，待二月一并" if last == 1 else change_caption(current, previous)


def _short(current: float, previous: float) -> str:
    """Say a change without what it is made of, and whether chance would explain it."""
    said = _percent_change(current, previous)
    if said == MISSING:
        return TOO_SHORT
    found = count_ratio(int(current), int(previous))
    return f"同比{said}" + ("（在偶然波动范围内）" if found.low <= 1 <= found.high else "")


def _on_year(words: str) -> str:
    return "上年同期没有" if words == MISSING else f"同比{words}"


def _percent_change(current: float, previous: float) -> str:
    if math.isnan(current) or math.isnan(previous) or not previous:
        return MISSING
    ratio = current / previous - 1
    return "持平" if not ratio else f"{'上升' if ratio > 0 else '下降'}{percent(abs(ratio))}"


def _interval(current: float, previous: float) -> str:
    """Say the interval of the change: −9.8%至−1.2%."""
    if math.isnan(current) or math.isnan(previous) or not previous:
        return MISSING
    found = count_ratio(int(current), int(previous))
    ends = [f"{(ratio - 1) * 100:+.1f}%".replace("-", MINUS) for ratio in (found.low, found.high)]
    return "至".join(ends)
