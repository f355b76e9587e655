"""When it will be done: how long cases take, and by when the backlog will be cleared - or why nobody can say.

Source: METHODS section 1.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.forecast import NOT_FALLING, PROBABILITIES, WEEKS, Clearing, clearing_forecast
from analysis.remembered import remembered
from analysis.rules import MIN_DENOMINATOR
from analysis.survival import NO_MEDIAN, kaplan_meier, median_time
from analysis.wording import day as day_word
from analysis.wording import number, percent

AFTER_DAYS = (30, 60, 90, 180)
"""The lengths of time that a table tells of."""

SURE = {0.5: "五成", 0.85: "八成五", 0.95: "九成五"}
HOW_TO_READ = (
    "蓝线从100%开始，每有案件化解就下降一级；线在某天的高度，就是交办那么多天后仍未化解的比例，阴影是案件少带来的95%范围。",
    "灰色虚线是一半：蓝线与它相交的天数就是中位数。未化解的案件没有丢掉，按“至少已这么久”计入，否则用时会算得偏短。",
    "清零日期假定今后每周和最近12个整周中的任意一周一样；先用同样的办法回头检验历史，检验不过就只说方向，不报日期。",
)
COUNTY_ONLY = "一个乡镇（街道）案件少，推算不出可靠的日期，请看“积案结构”中的交办后天数；这里按全县推算。"


@dataclass(frozen=True)
class Times:
    """How long cases take: the curve (`analysis.survival.kaplan_meier`), its median in days (None: not reached).

    `cases` went in, `still_open` of them open at the as-of date, the longest for `longest` days; `wrong` were closed
    before they were opened and count nowhere.
    """

    curve: pd.DataFrame
    median: float | None
    longest: int
    cases: int
    still_open: int
    wrong: int

    @property
    def is_small(self) -> bool:
        """Whether there are too few cases to speak of the time that they take."""
        return self.cases < MIN_DENOMINATOR


@dataclass(frozen=True)
class Outlook:
    """The clearing of a backlog: the forecast, the last full week's end it starts from, what is open, means of `weeks`.

    The means are of the last full weeks, WEEKS at most.
    """

    clearing: Clearing
    week_end: date
    open_now: int
    weeks: int
    weekly_closed: float
    weekly_opened: float
    is_cohort: bool


@remembered
def closing_times(times: pd.DataFrame) -> Times:
    """Return the curve of the time to close, open cases counted as "at least this long".

    Parameters
    ----------
    times : pd.DataFrame
        `queries.case_times.case_times`.
    """
    right = times[times["days"] >= 0]
    repeated = right.loc[right.index.repeat(right["cases"])]
    curve = kaplan_meier(repeated["days"].to_numpy(), repeated["is_closed"].to_numpy())
    return Times(
        curve=curve,
        median=median_time(curve),
        longest=int(repeated["days"].max()) if len(repeated) else 0,
        cases=len(repeated),
        still_open=int((~repeated["is_closed"]).sum()),
        wrong=int(times.loc[times["days"] < 0, "cases"].sum()),
    )


@remembered
def curve_steps(times: Times) -> pd.DataFrame:
    """Return the curve as a step line from the day when all cases were open to the longest time known.

    Returns
    -------
    pd.DataFrame
        One row per step, rising: days (float64), still_open, lower, upper (float64, 0-1; the interval NaN at its ends).
        No rows when nothing was closed.
    """
    if times.curve.empty:
        return pd.DataFrame({name: np.array([], dtype="float64") for name in ("days", "still_open", "lower", "upper")})
    start = pd.DataFrame({"days": [0.0], "still_open": [1.0], "lower": [1.0], "upper": [1.0]})
    steps = times.curve.rename(columns={"time": "days", "survival": "still_open"})
    later = steps[["days", "still_open", "lower", "upper"]]
    end = later.tail(1).assign(days=float(times.longest))
    return pd.concat([start, later, end], ignore_index=True).drop_duplicates("days", keep="last", ignore_index=True)


@remembered
def after_days(times: Times) -> pd.DataFrame:
    """Return the share closed within each of AFTER_DAYS that a case has lived to, with its interval.

    Returns
    -------
    pd.DataFrame
        One row per length of time: within (30天内), closed (share), range (95 % interval), all str. No rows when
        nothing was closed.
    """
    rows = []
    reached = [days for days in AFTER_DAYS if days <= times.longest] if len(times.curve) else []
    for days in reached:
        known = times.curve[times.curve["time"] <= days]
        last = known.iloc[-1] if len(known) else pd.Series({"survival": 1.0, "lower": 1.0, "upper": 1.0})
        ends = [1 - last["upper"], 1 - last["lower"]]
        interval = "—" if np.isnan(ends).any() else f"{percent(ends[0])}–{percent(ends[1])}"
        rows.append((f"{days}天内", percent(1 - last["survival"]), interval))
    return pd.DataFrame(rows, columns=["within", "closed", "range"]).astype("str")


def times_finding(times: Times, *, closed: str) -> str:
    """Say after how many days half of the cases were closed, and what the figure rests on; `closed` is the verb."""
    if times.is_small:
        return f"只有{times.cases}件，基数小（不足{MIN_DENOMINATOR}件），不推算化解用时"
    said = NO_MEDIAN if times.median is None else f"一半案件在{number(times.median)}天内{closed}"
    return f"{said}（{times.cases:,}件，其中{times.still_open:,}件未{closed}，按“至少已这么久”计入）"


def wrong_note(times: Times) -> str:
    """Say how many cases were closed before they were opened; "" without any."""
    return f"另有{times.wrong}件的化解日期早于交办日期，未计入，请在“数据质量”中核对。" if times.wrong else ""


@remembered
def outlook(weekly: pd.DataFrame, *, is_cohort: bool) -> Outlook | None:
    """Forecast the clearing from the full weeks of the whole county; None before the first of them.

    Parameters
    ----------
    weekly : pd.DataFrame
        `queries.backlog.backlog_by_week` of every township and 县本级.
    is_cohort : bool
        A closed set, like a campaign's: its closures alone count.
    """
    full = weekly[~weekly["is_partial"]].groupby("week_end")[["opened", "reopened", "closed", "open"]].sum()
    if full.empty:
        return None
    arrivals = None if is_cohort else full["opened"] + full["reopened"]
    open_now = int(full["open"].iloc[-1])
    return Outlook(
        clearing=clearing_forecast(full["closed"], open_now, arrivals=arrivals),
        week_end=full.index[-1].date(),
        open_now=open_now,
        weeks=min(len(full), WEEKS),
        weekly_closed=float(full["closed"].tail(WEEKS).mean()),
        weekly_opened=float((full["opened"] + full["reopened"]).tail(WEEKS).mean()),
        is_cohort=is_cohort,
    )


def clearing_finding(found: Outlook, *, closed: str) -> str:
    """Say by when the backlog will be cleared, or the honest refusal; `closed` is the verb."""
    if not found.open_now:
        return f"截至{day_word(found.week_end)}已全部{closed}"
    if found.clearing.refusal:
        is_falling = found.clearing.refusal != NOT_FALLING
        return f"{'积压在减少；' if is_falling else ''}{found.clearing.refusal}"
    half = found.clearing.weeks[PROBABILITIES[0]]
    return f"按近{found.weeks}周的速度，预计{day_word(_after(found, half))}前后清零"


def direction(found: Outlook, *, opened: str, closed: str) -> str:
    """Say what the forecast rests on: what the last weeks brought and took away, and how often it held before."""
    went, came = number(found.weekly_closed, digits=1), number(found.weekly_opened, digits=1)
    way = f"近{found.weeks}周平均每周{closed}{went}件，{opened}{came}件；未{closed}{found.open_now:,}件"
    tested = found.clearing.tested
    return f"{way}。{tested.caption}。" if tested.forecasts else f"{way}。"


def clearing_dates(found: Outlook) -> pd.DataFrame:
    """Return by when the backlog will be cleared, and how sure that is.

    Returns
    -------
    pd.DataFrame
        One row per probability: sure (str, 五成), weeks (Int64), by (str, the date, 十年以上 where it is not reached).
        No rows where no date may be shown.
    """
    if found.clearing.refusal or not found.open_now:
        return pd.DataFrame({"sure": [], "weeks": [], "by": []}).astype({"sure": "str", "weeks": "Int64", "by": "str"})
    weeks = [found.clearing.weeks[probability] for probability in PROBABILITIES]
    dates = ["十年以上" if each is None else day_word(_after(found, each)) for each in weeks]
    words = [SURE[probability] for probability in PROBABILITIES]
    return pd.DataFrame({"sure": words, "weeks": weeks, "by": dates}).astype(
        {"sure": "str", "weeks": "Int64", "by": "str"}
    )


def _after(found: Outlook, weeks: int | None) -> date:
    return found.week_end + timedelta(weeks=weeks or 0)
