"""信访积案化解百日攻坚: the campaign and its 114 cases, resolved as the interview says.

By case and its newest episode: 101 assigned and 27 resolved at the end of 2020-06-12 (推算), 114 and 92 at 2020-08-31.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from analysis.closing_methods import LAWFUL, SUBSTANTIVE
from database.demo.days import DEMO_AS_OF, random
from database.demo.departments import CODES
from database.demo.regions import COUNTY, PROFILES, Places

CAMPAIGN = "BRGJ2020"
STARTS_ON = date(2020, 6, 12)
ENDS_ON = date(2020, 9, 19)
LIMIT = timedelta(days=60)


@dataclass(frozen=True)
class Lot:
    """A township's cases: assigned and resolved when the campaign started, assigned later, still open at the as-of day.

    `open_before` of those open were assigned at the start, `open_later` later; `by_department` of all are led by a
    department; `again` lists rebounds: closed, opened again, closed again (None: still open).
    """

    at_start: int
    resolved_at_start: int
    later: int
    open_before: int
    open_later: int
    by_department: int
    again: tuple[tuple[date, date, date | None], ...] = ()


LOTS = {
    "330822001": Lot(17, 5, 2, 2, 1, 5, ((date(2020, 6, 22), date(2020, 7, 15), date(2020, 8, 12)),)),
    "330822002": Lot(10, 3, 1, 1, 0, 3),
    "330822003": Lot(12, 3, 1, 1, 1, 3),
    "330822104": Lot(4, 1, 0, 1, 0, 0),
    "330822108": Lot(8, 2, 4, 2, 2, 2, ((date(2020, 7, 3), date(2020, 8, 25), None),)),
    "330822109": Lot(11, 4, 1, 0, 0, 1),
    "330822111": Lot(11, 1, 2, 5, 1, 2, ((date(2020, 7, 10), date(2020, 8, 6), None),)),
    "330822115": Lot(8, 2, 1, 1, 1, 2, ((date(2020, 6, 29), date(2020, 7, 21), date(2020, 8, 19)),)),
    "330822116": Lot(7, 2, 1, 2, 0, 1),
    "330822200": Lot(3, 1, 0, 0, 0, 0),
    "330822211": Lot(2, 1, 0, 0, 0, 0),
    "330822213": Lot(4, 1, 0, 1, 0, 0),
    "330822219": Lot(1, 0, 0, 0, 0, 0),
    "330822221": Lot(3, 1, 0, 0, 0, 0),
}
"""Sums: 101 at the start, 27 resolved then, 13 later, 22 open. The split by township is invented."""

RISING = "330822108"
RISING_DAYS = (date(2020, 7, 20), date(2020, 7, 27), date(2020, 8, 11), date(2020, 8, 18))
QUIET_FROM = date(2020, 8, 7)
"""招贤镇 closes nothing after this day, while cases go on coming: its backlog rises three weeks running."""

BATCHES = (date(2020, 5, 11), date(2020, 5, 25), date(2020, 6, 5), date(2020, 6, 12))
LATER_DAYS = (date(2020, 6, 29), date(2020, 7, 13), date(2020, 7, 27), date(2020, 8, 10))

CATEGORIES = (
    ("征地拆迁", "县自然资源和规划局", 0.24),
    ("城乡建设", "县住房和城乡建设局", 0.16),
    ("劳动社保", "县人力社保局", 0.15),
    ("山林土地", "县农业农村局", 0.15),
    ("涉法涉诉", "县人民法院", 0.13),
    ("历史遗留", "县民政局", 0.11),
    ("医疗卫生", "县卫生健康局", 0.06),
)
CHANNELS = ("来访", "来信", "网上信访", "上级交办")
LEADERS = {
    "街道": ("党工委书记", "办事处主任", "党工委副书记"),
    "镇": ("党委书记", "镇长", "党委副书记"),
    "乡": ("党委书记", "乡长", "党委副书记"),
}
SUBSTANTIVE_SHARES = (0.44, 0.26, 0.14, 0.16)
LAWFUL_SHARES = (0.45, 0.25, 0.30)


def joined_elsewhere(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the backlog cases of invented counties that were open when the campaign was prepared into it, too."""
    is_invented = ~frame["township_code"].astype(str).str.startswith(COUNTY)
    is_open = frame["closed_on"].isna() | (frame["closed_on"] >= pd.Timestamp(BATCHES[0]))
    is_assigned = is_open.groupby(frame["case_no"]).transform("any")
    return frame.assign(campaign_code=pd.Series(CAMPAIGN, frame.index).where(is_invented & is_assigned, None))


def campaigns() -> pd.DataFrame:
    """Return the one campaign with the columns of table `campaigns`; its goal is not published (演示目标)."""
    return pd.DataFrame(
        [
            {
                "code": CAMPAIGN,
                "name": "信访积案化解百日攻坚",
                "starts_on": STARTS_ON,
                "ends_on": ENDS_ON,
                "baseline_on": STARTS_ON,
                "goal_rate": 80.0,
                "is_demo_goal": True,
            }
        ]
    )


def campaign_cases(places: Places, kinds: dict[str, str], seed: int) -> pd.DataFrame:
    """Return the campaign's cases.

    Parameters
    ----------
    kinds
        街道, 镇 or 乡 of each township, for the posts of case leaders.

    Returns
    -------
    pd.DataFrame
        One row per case and episode with columns of table `cases`, by township and case number.
    """
    rng = random(seed, "campaign")
    numbers = map("BR2020-{:03d}".format, count(1))
    rows: list[dict[str, Any]] = []
    for town, lot in LOTS.items():
        last = QUIET_FROM if town == RISING else DEMO_AS_OF - timedelta(days=4)
        drafts = [_dated(*draft, last, rng) for draft in _drafts(town, lot, rng)]
        led = set(rng.choice(len(drafts), lot.by_department, replace=False).tolist())
        for i, episodes in enumerate(drafts):
            rows += _rows(town, next(numbers), episodes, i in led, kinds[town], places, rng)
    return pd.DataFrame(rows)


def resolved_shares(cases: pd.DataFrame) -> dict[tuple[str, date], int]:
    """Return the percent resolved at the end of June, July and August 2020, by township and month (its first day)."""
    shares = {}
    for month_end in (date(2020, 6, 30), date(2020, 7, 31), DEMO_AS_OF):
        begun = cases[cases["opened_on"] <= month_end].drop_duplicates(["township_code", "case_no"], keep="last")
        is_closed = begun["closed_on"].map(lambda day: day is not None and day <= month_end)  # noqa: B023
        for town, share in is_closed.groupby(begun["township_code"]).mean().items():
            shares[str(town), month_end.replace(day=1)] = round(100 * share)
    return shares


Episodes = list[tuple[date, date | None]]


def _drafts(
    town: str, lot: Lot, rng: np.random.Generator
) -> Iterator[tuple[str, date, tuple[date, date, date | None] | None]]:
    """Yield each case of a township as its story, its day of assignment and its rebound."""
    later = RISING_DAYS if town == RISING else rng.choice(len(LATER_DAYS), lot.later)
    again = list(lot.again)
    reopened = sum(close is None for _, _, close in again)
    for _ in range(lot.resolved_at_start):
        yield "resolved_at_start", BATCHES[int(rng.integers(0, 2))], None
    for _ in range(lot.open_before - reopened):
        yield "open", BATCHES[int(rng.integers(0, 4))], None
    for rebound in again:
        yield "again", BATCHES[int(rng.integers(0, 3))], rebound
    rest = lot.at_start - lot.resolved_at_start - (lot.open_before - reopened) - len(again)
    for _ in range(rest):
        yield "resolved", BATCHES[int(rng.integers(0, 4))], None
    for i, pick in enumerate(sorted(later)):
        day = pick if isinstance(pick, date) else LATER_DAYS[int(pick)]
        yield ("open" if i >= lot.later - lot.open_later else "resolved"), day, None


def _dated(
    story: str, opened_on: date, rebound: tuple[date, date, date | None] | None, last: date, rng: np.random.Generator
) -> Episodes:
    """Return the episodes of a case; one that is resolved in the campaign is so by `last`, on a working day."""
    if rebound is not None:
        closed, reopened, closed_again = rebound
        return [(opened_on, closed), (reopened, closed_again)]
    if story == "open":
        return [(opened_on, None)]
    if story == "resolved_at_start":
        first, last = opened_on + timedelta(days=3), STARTS_ON
    else:
        first = max(opened_on + timedelta(days=6), STARTS_ON + timedelta(days=3))
    day = first + timedelta(days=round((last - first).days * float(rng.beta(1.5, 1.7))))
    return [(opened_on, max(first, day - timedelta(days=max(0, day.weekday() - 4))))]


def _rows(
    town: str, case_no: str, episodes: Episodes, is_led: bool, kind: str, places: Places, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    category, department, _ = CATEGORIES[int(rng.choice(len(CATEGORIES), p=[share for *_, share in CATEGORIES]))]
    leaders = (PROFILES[town].leader, *LEADERS[kind])
    fixed = {
        "township_code": town,
        "case_no": case_no,
        "stream": "petition_backlog",
        "campaign_code": CAMPAIGN,
        "village_code": _village(town, places, rng),
        "category": category,
        "channel": str(rng.choice(CHANNELS)),
        "lead_department_code": CODES[department] if is_led else None,
        "case_leader": leaders[int(rng.integers(0, len(leaders)))],
        "first_opened_on": episodes[0][0],
        "due_is_default": False,
    }
    is_extended = rng.random() < 0.4
    for number, (opened_on, closed_on) in enumerate(episodes, start=1):
        due_on = ENDS_ON if is_extended else min(opened_on + LIMIT, ENDS_ON)
        method = None if closed_on is None else _method(rng)
        yield {
            **fixed,
            "episode": number,
            "opened_on": opened_on,
            "due_on": due_on,
            "closed_on": closed_on,
            "closing_method": method,
        }


def _village(town: str, places: Places, rng: np.random.Generator) -> str | None:
    """Draw the village by its residents; one case in eight names none."""
    at = places.townships.index(town)
    own = slice(int(places.village_start[at]), int(places.village_start[at + 1]))
    share = places.village_population[own] / places.village_population[own].sum()
    code = places.village_codes[own][int(rng.choice(len(share), p=share))]
    return None if rng.random() < 0.12 else code


def _method(rng: np.random.Generator) -> str:
    if rng.random() < 0.78:
        return str(rng.choice(SUBSTANTIVE, p=SUBSTANTIVE_SHARES))
    return str(rng.choice(LAWFUL, p=LAWFUL_SHARES))
