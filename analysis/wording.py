"""How dates and figures are said in Chinese: pure formatters, the same on page, slide and bulletin."""

import math
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

MISSING = "—"
MINUS = "−"
CHINA = ZoneInfo("Asia/Shanghai")


def day(value: date) -> str:
    """Say a date without leading zeros: 2020年8月31日."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(utc: datetime) -> str:
    """Write a moment given in UTC as China's clock shows it: 2020年8月31日 09:05."""
    local = utc.replace(tzinfo=UTC).astimezone(CHINA)
    return f"{day(local)} {local:%H:%M}"


def month_day(value: date) -> str:
    """Say a date within its year: 8月31日."""
    return f"{value.month}月{value.day}日"


def day_as_of(value: date, as_of: date) -> str:
    """Say a date, with its year where that is not the as-of day's: 8月31日, 2019年8月31日."""
    return month_day(value) if value.year == as_of.year else day(value)


def month(value: date) -> str:
    """Say a month: 2020年8月."""
    return f"{value.year}年{value.month}月"


def number(value: float, *, digits: int = 0) -> str:
    """Say a number rounded half up, without trailing zeros: 6283.34, 54; — when missing."""
    if math.isnan(value):
        return MISSING
    text = f"{_rounded(value, digits):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", MINUS)


def percent(rate: float, *, digits: int = 1) -> str:
    """Say a rate of 0 to 1 with a fixed number of decimals: 0.80702 is 80.7%; — when missing."""
    return MISSING if math.isnan(rate) else f"{_rounded(rate * 100, digits):f}%".replace("-", MINUS)


def points(value: float, *, digits: int = 1) -> str:
    """Say a difference of rates, given in points: 53.97 is 54个百分点; — when missing."""
    return MISSING if math.isnan(value) else f"{number(value, digits=digits)}个百分点"


def change_in_points(value: float) -> str:
    """Say a change of a rate, given in points: 上升54个百分点, 下降2.5个百分点, 持平."""
    if math.isnan(value):
        return MISSING
    said = points(abs(value))
    if said == points(0.0):
        return "持平"
    return f"{'上升' if value > 0 else '下降'}{said}"


def against_pace(value: float) -> str:
    """Say how far ahead of or behind the pace line a rate is, in points: 领先序时10.9个百分点."""
    if math.isnan(value):
        return MISSING
    said = points(abs(value))
    if said == points(0.0):
        return "与序时持平"
    return f"{'领先' if value > 0 else '落后'}序时{said}"


def fraction(x: float, n: float) -> str:
    """Say n/N, with thousands separated as counts have them: 92/114, 1,256/1,318; — for what is missing."""
    return f"{_grouped(x)}/{_grouped(n)}"


def share(x: float, n: float, *, digits: int = 1) -> str:
    """Say a rate with what it is made of: 80.7%（92/114）; — where the denominator is 0."""
    return f"{percent(x / n, digits=digits)}（{fraction(x, n)}）" if n else MISSING


def place(rank: float, *, is_tied: bool = False) -> str:
    """Say a rank: 第2名, 并列第2; — when not ranked."""
    if math.isnan(rank):
        return MISSING
    return f"并列第{rank:.0f}" if is_tied else f"第{rank:.0f}名"


def places(low: float, high: float) -> str:
    """Say a rank interval: 第3–9名, or 第3名 when both ends agree."""
    if math.isnan(low) or math.isnan(high):
        return MISSING
    return place(low) if low == high else f"第{low:.0f}–{high:.0f}名"


def _grouped(count: float) -> str:
    return MISSING if math.isnan(count) else f"{_rounded(count, 0):,f}".replace("-", MINUS)


def _rounded(value: float, digits: int) -> Decimal:
    return Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
