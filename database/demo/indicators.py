"""The reported indicators: K11, K18 and K19 by township and month, 政企通 and the city ranks of the county."""

from datetime import date

import numpy as np
import pandas as pd

from database.demo.days import DEMO_AS_OF, FIRST_DAY, Counts, Numbers, random
from database.demo.regions import COUNTY, Places

PAID_OUT = {
    "K22": (1180.50, 1645.72, 2310.08, 3204.66, 4120.95, 4988.17, 5671.40, 6283.34),
    "K22A": (96, 104, 118, 132, 149, 163, 177, 189),
    "K22B": (141, 168, 246, 351, 466, 573, 665, 747),
    "K22C": (58, 67, 92, 124, 156, 188, 214, 236),
}
"""政企通 to date, by month of 2020 from January: only August is published, the way there is invented."""

CITY_RANKS = {"K23": 2, "K23A": 2}
"""First half of 2020, in the city."""

HALF_YEAR = date(2020, 6, 1)

UNREPORTED = frozenset({("K11", "330822111", date(2020, 8, 1)), ("K18", "330822116", date(2020, 7, 1))})
"""What was never reported, whatever the seed."""

OUTLIER, OUTLIER_SINCE = "330822115", date(2019, 9, 1)
"""The township that settles a third as many disputes before suit as it might, and since when."""

MISSING_SHARE = 0.006


def reported_values(places: Places, seed: int) -> pd.DataFrame:
    """Return what townships and the county report.

    Returns
    -------
    pd.DataFrame
        One row per region, indicator and month with the columns of table `kpi_values`; what is not reported has no row.
        K11 names n and N, K19 its sample as denominator.
    """
    months = pd.date_range(FIRST_DAY, DEMO_AS_OF, freq="MS", unit="s")
    rng = random(seed, "indicators")
    parts = [
        _before_suit(places, months, rng),
        _score("K18", places, months, (80, 95), 2.0, None, rng),
        _score("K19", places, months, (92, 97), 0.6, 120, rng),
    ]
    frame = pd.concat(parts, ignore_index=True)
    is_missing = rng.random(len(frame)) < MISSING_SHARE
    keys = zip(frame["kpi_code"], frame["region_code"], frame["month"].dt.date, strict=True)
    is_missing |= np.fromiter((key in UNREPORTED for key in keys), bool, len(frame))
    frame = frame[~is_missing].assign(published_on=lambda rows: _published(rows["month"]))
    return pd.concat([frame, _county()], ignore_index=True)


def _grid(code: str, places: Places, months: pd.DatetimeIndex) -> pd.DataFrame:
    towns = np.repeat(np.array(places.townships, object), len(months))
    month = np.tile(months.to_numpy(), len(places.townships))
    return pd.DataFrame({"region_code": towns, "kpi_code": code, "month": month})


def _before_suit(places: Places, months: pd.DatetimeIndex, rng: np.random.Generator) -> pd.DataFrame:
    """K11: disputes settled before suit, of those and the suits that were filed; better every year."""
    frame = _grid("K11", places, months)
    size = np.repeat(places.population, len(months)) / 10_000
    year = np.tile(months.year.to_numpy(), len(places.townships)) - 2018
    total: Counts = rng.poisson(size * 9.5)
    share: Numbers = 0.15 + 0.15 * np.repeat(places.quality, len(months)) - 0.02 * (2 - year)
    settled = rng.binomial(total, np.clip(share, 0.05, 0.9))
    settled = np.where(_is_outlier(frame), settled // 3, settled)
    value = 100 * settled / np.where(total > 0, total, np.nan)
    return frame.assign(numerator=settled, denominator=total, value=value)


def _is_outlier(frame: pd.DataFrame) -> pd.Series:
    """Tell where few disputes are settled before suit, so that one township lies outside the funnel."""
    return (frame["region_code"] == OUTLIER) & (frame["month"] >= pd.Timestamp(OUTLIER_SINCE))


def _score(
    code: str,
    places: Places,
    months: pd.DatetimeIndex,
    ends: tuple[float, float],
    noise: float,
    sample: int | None,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw a score between its floor and goal by the township's quality, to one decimal."""
    frame = _grid(code, places, months)
    low, high = ends
    middle = low + (high - low) * (0.1 + 0.85 * np.repeat(places.quality, len(months)))
    value = np.round(np.clip(middle + rng.normal(0, noise, len(frame)), 60, 99.8), 1)
    asked = None if sample is None else rng.integers(sample - 20, sample + 30, len(frame)).astype(float)
    return frame.assign(value=value, denominator=asked)


def _county() -> pd.DataFrame:
    figures = [
        (code, date(2020, month, 1), float(value), float(value))
        for code, values in PAID_OUT.items()
        for month, value in enumerate(values, start=1)
    ]
    figures += [(code, HALF_YEAR, float("nan"), float(rank)) for code, rank in CITY_RANKS.items()]
    frame = pd.DataFrame(figures, columns=["kpi_code", "month", "numerator", "value"])
    month = pd.to_datetime(frame["month"]).astype("datetime64[s]")
    return frame.assign(region_code=COUNTY, month=month, published_on=_published(month))


def _published(month: pd.Series) -> pd.Series:
    """Return the day a month's figure was published: its last."""
    return month + pd.offsets.MonthEnd(1)
