"""The indicators of what passes through in a month: petitions, disputes, suits, events, appeals, risks.

Judged figures count what the township leads itself. An in-time rate counts a case once, in the month of the earlier of
its due day and its end, in time when it ended by the due day; not yet due and open stays out, and so does a case
without a due day. A rebound has a due day of its own and counts by it. Source: COUNTY "KPIs", DOMAIN "Rates in use".
"""

import numpy as np
import pandas as pd

from database.kpis.basis import Basis, Floats, month_number
from database.states import NEVER, SUBSTANTIVE, UNSTATED, Days

FOUR_PLATFORMS = ("综治工作", "市场监管", "综合执法", "便民服务")
REPEAT_DAYS = 90
MONTHS_A_YEAR = 12
CIVIL_FIRST_INSTANCE = "民事一审"


def petitions_accepted_in_time(basis: Basis) -> tuple[Floats, Floats]:
    """Return petitions accepted by the day set for it / petitions that fell due for acceptance (K05)."""
    petitions = _first_episodes(basis.stream("petition"))
    return _in_time(basis, petitions, due=petitions["accept_due"].to_numpy(), done=petitions["accepted"].to_numpy())


def petitions_closed_in_time(basis: Basis) -> tuple[Floats, Floats]:
    """Return petitions closed by their due day / petitions due or closed (K06)."""
    return _closed_in_time(basis, basis.stream("petition"))


def petitions_settled_at_once(basis: Basis) -> tuple[Floats, Floats]:
    """Return first petitions that none repeated within 90 days of their close / first petitions closed (K07).

    A petition counts in the month in which those 90 days end: only then is it known.
    """
    petitions = _first_episodes(basis.stream("petition"))
    petitions = petitions[~petitions["is_repeat"] & (petitions["closed"] < NEVER)]
    known = petitions["closed"].to_numpy() + REPEAT_DAYS
    return basis.count(petitions, known, petitions["repeated"].to_numpy() > known), basis.count(petitions, known)


def petitions_satisfied(basis: Basis) -> tuple[Floats, Floats]:
    """Return petitions rated 满意 or 基本满意 / petitions rated, of those closed in the month (K08)."""
    petitions = basis.stream("petition")
    rating, closed = petitions["satisfaction"].to_numpy(), petitions["closed"].to_numpy()
    is_content = (rating == 1) | (rating == 2)
    return basis.count(petitions, closed, is_content), basis.count(petitions, closed, rating > 0)


def petitions_repeated(basis: Basis) -> tuple[Floats, Floats]:
    """Return repeat petitions / all petitions, of those opened in the month (K09)."""
    petitions = _first_episodes(basis.stream("petition"))
    opened = petitions["opened"].to_numpy()
    return basis.count(petitions, opened, petitions["is_repeat"].to_numpy()), basis.count(petitions, opened)


def disputes_settled(basis: Basis) -> tuple[Floats, Floats]:
    """Return disputes settled in substance / disputes whose mediation ended, in the month (K10).

    A dispute that does not say how it was closed is in neither.
    """
    disputes = basis.stream("dispute")
    method, closed = disputes["method"].to_numpy(), disputes["closed"].to_numpy()
    is_settled, is_stated = method == SUBSTANTIVE, method != UNSTATED
    return basis.count(disputes, closed, is_settled), basis.count(disputes, closed, is_stated)


def suits_per_resident(basis: Basis) -> tuple[Floats, Floats]:
    """Return new civil suits of first instance / residents of a twelfth of a year (K12).

    The ratio is thus annual: times 10,000 it is 万人成讼率. Suits that do not name their category count.
    """
    suits = basis.stream("litigation", is_led=False)
    suits = suits[suits["category"].isna() | (suits["category"] == CIVIL_FIRST_INSTANCE)]
    suits = _first_episodes(suits)
    opened = suits["opened"].to_numpy()
    exposure = np.where(basis.since_first(opened), basis.residents / MONTHS_A_YEAR, np.nan)
    return basis.count(suits, opened), exposure


def events_closed_in_time(basis: Basis) -> tuple[Floats, Floats]:
    """Return events of the four platforms closed by their due day / those due or closed (K13)."""
    events = basis.stream("event")
    return _closed_in_time(basis, events[events["platform"].isin(FOUR_PLATFORMS)])


def appeals_answered_in_time(basis: Basis) -> tuple[Floats, Floats]:
    """Return appeals answered by their due day / appeals due or answered (K14)."""
    return _closed_in_time(basis, basis.stream("appeal"))


def risks_cleared(basis: Basis) -> tuple[Floats, Floats]:
    """Return risks cleared by the month's end, late or not / risks due or cleared in the month (K15)."""
    risks = basis.stream("risk")
    due, closed = risks["due"].to_numpy(), risks["closed"].to_numpy()
    counted = np.where(due < NEVER, np.minimum(due, closed), NEVER)
    is_cleared = month_number(closed) == month_number(counted)
    return basis.count(risks, counted, is_cleared), basis.count(risks, counted)


def petitions_year_on_year(basis: Basis) -> tuple[Floats, Floats]:
    """Return (petitions of the month - those of the same month a year ago) / those of a year ago (K20).

    All petitions, whoever leads them; no figure where there was none a year ago.
    """
    petitions = _first_episodes(basis.stream("petition", is_led=False))
    opened = petitions["opened"].to_numpy()
    before = basis.count(petitions, _a_year_on(opened))
    before[before == 0] = np.nan
    return basis.count(petitions, opened) - before, before


def disputes_opened(basis: Basis) -> tuple[Floats, Floats]:
    """Return the disputes received in the month, whoever leads them (K21); a count has no denominator."""
    disputes = _first_episodes(basis.stream("dispute", is_led=False))
    opened = disputes["opened"].to_numpy()
    counts = np.where(basis.since_first(opened), basis.count(disputes, opened), np.nan)
    return counts, np.full(basis.months.size, np.nan)


def _first_episodes(cases: pd.DataFrame) -> pd.DataFrame:
    return cases[cases["is_first"]]


def _closed_in_time(basis: Basis, cases: pd.DataFrame) -> tuple[Floats, Floats]:
    return _in_time(basis, cases, due=cases["due"].to_numpy(), done=cases["closed"].to_numpy())


def _in_time(basis: Basis, cases: pd.DataFrame, *, due: Days, done: Days) -> tuple[Floats, Floats]:
    counted = np.where(due < NEVER, np.minimum(due, done), NEVER)
    return basis.count(cases, counted, done <= due), basis.count(cases, counted)


def _a_year_on(days: Days) -> Days:
    """Return a day of the same month of the next year: its first."""
    months = (month_number(days) + MONTHS_A_YEAR).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)
