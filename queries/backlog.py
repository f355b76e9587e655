"""How many cases were opened, closed and wait, where, since when; and the cases themselves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from analysis.backlog import AGE_BANDS, STATE_COLUMNS, flows, states_on
from analysis.months import month_ends, week_ends
from analysis.scope import Scope
from queries.backlog_states import (
    SERIES,
    STATE,
    counted_state,
    own_state,
    state_at,
    stored_series,
    without_townships,
)
from queries.campaigns import campaigns
from queries.cases import episodes, is_whole_stream, stream_of_campaign
from queries.frames import COUNT, DAY, FLAG, MEASURE, TEXT, empty_frame, read_frame
from queries.ledger import case_page
from queries.once import once
from queries.regions import whole_counties, whole_set
from queries.units import units

__all__ = ["ageing", "backlog_at", "backlog_by_month", "backlog_by_week", "campaign_at", "case_page"]

_FIGURES = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful")
_BY_LEAD = ("led_opened", "led_closed", "department_opened", "department_closed")
BACKLOG_AT = {
    "township_code": TEXT,
    **dict.fromkeys(_FIGURES, COUNT),
    "rate": MEASURE,
    **dict.fromkeys(_BY_LEAD, COUNT),
}
BACKLOG_BY_WEEK = {"township_code": TEXT, "week_end": DAY,
                   **dict.fromkeys(("opened", "reopened", "closed", "open", "overdue"), COUNT),
                   "is_partial": FLAG}  # fmt: skip
BACKLOG_BY_MONTH = {"month_end" if name == "week_end" else name: kind for name, kind in BACKLOG_BY_WEEK.items()}
AGEING = {"township_code": TEXT, "band": TEXT, "open": COUNT}
EPISODES = {"township_code": TEXT, "episode": COUNT, "opened_on": DAY, "due_on": DAY, "closed_on": DAY}
STORED_SERIES = {"township_code": TEXT, "day": DAY, **dict.fromkeys(SERIES, COUNT)}
DAYS_OF_A_WEEK = 7
_CAMPAIGN = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "closed_7_days",
             "baseline_opened", "baseline_closed")  # fmt: skip
_AGES = tuple(name for name in STATE if name.startswith("open_"))


def backlog_at(connection: Connection, scope: Scope, *, with_county: bool = False) -> pd.DataFrame:
    """Count the cases of each township to and at the as-of date; a case counts once.

    Parameters
    ----------
    with_county : bool
        Whether 县本级 comes last, under the county's code, where all townships of the county are asked for: with it
        the rows add up to the county. A region above a county is its whole already.

    Returns
    -------
    pd.DataFrame
        One row per township of `scope` (or per region compared, where `scope.region` lies above the counties: its code
        stands for the township's), zero-filled, in the fixed order: township_code (str); opened, closed, open (at
        the end of the day), overdue (open after the end of the due day), reopened (rebounds begun), substantive and
        lawful (实体化解, 依法终结: parts of closed), all int64, cases; rate = closed / opened (float64, NaN when none
        opened); led_opened, led_closed (乡镇主办), department_opened, department_closed (县级机关主办), int64. No
        townships: no rows.

    Source: table backlog_states, with the cases touched since the last stored day; for a campaign or a department the
    table cases. METHODS section 1.
    """
    state = _state(connection, scope, with_county=with_county)
    opened, still_open = state["opened_to_date"], state["open"]
    frame = pd.DataFrame(
        {
            "opened": opened,
            "closed": opened - still_open,
            "open": still_open,
            "overdue": state["overdue"],
            "reopened": state["reopened_to_date"],
            "substantive": state["substantive_to_date"],
            "lawful": state["lawful_to_date"],
            "rate": (opened - still_open) / opened.where(opened > 0),
            "led_opened": state["led_opened_to_date"],
            "led_closed": state["led_opened_to_date"] - state["led_open"],
        }
    )
    frame["department_opened"] = frame["opened"] - frame["led_opened"]
    frame["department_closed"] = frame["closed"] - frame["led_closed"]
    return frame.reset_index().astype(BACKLOG_AT)


def backlog_by_week(connection: Connection, scope: Scope, *, with_county: bool = False) -> pd.DataFrame:
    """Count what was opened, reopened and closed in each week, and what was open at its end, in each township.

    Parameters
    ----------
    with_county : bool
        As for `backlog_at`.

    Returns
    -------
    pd.DataFrame
        One row per (township, week), zero-filled, in the fixed order and by week: township_code (str), week_end
        (datetime64[s], a Sunday, or the as-of day with is_partial), opened (cases), reopened (rebounds), closed
        (episodes closed), open, overdue (int64; open = open before + opened + reopened - closed), is_partial (bool).
        A stream from its first stored week on, a campaign from the week it starts in. Without cases: no rows.

    Source: table backlog_states, flows being differences of two rows; table cases for a campaign or a department.
    """
    return _by_period(connection, scope, week_ends, with_county=with_county).astype(BACKLOG_BY_WEEK)


def backlog_by_month(connection: Connection, scope: Scope, *, with_county: bool = False) -> pd.DataFrame:
    """Count what was opened, reopened and closed in each month, and what was open at its end, in each township.

    Parameters
    ----------
    with_county : bool
        As for `backlog_at`.

    Returns
    -------
    pd.DataFrame
        As `backlog_by_week`, with month_end (datetime64[s], the last day, or the as-of day with is_partial) in place of
        week_end.

    Source: as `backlog_by_week`.
    """
    frame = _by_period(connection, scope, month_ends, with_county=with_county)
    return frame.rename(columns={"week_end": "month_end"}).astype(BACKLOG_BY_MONTH)


def ageing(connection: Connection, scope: Scope, *, with_county: bool = False) -> pd.DataFrame:
    """Count the open cases of each township by the days since they were first opened (交办后天数).

    Parameters
    ----------
    with_county : bool
        As for `backlog_at`.

    Returns
    -------
    pd.DataFrame
        One row per (township, band), zero-filled, in the fixed order and from the youngest band: township_code, band
        (str, 0-30天 to 180天以上), open (int64, cases).

    Source: table backlog_states, with the cases touched since the last stored day; METHODS section 1.
    """
    state = _state(connection, scope, with_county=with_county, with_ages=True)
    rows = state.index.repeat(len(AGE_BANDS))
    counts = state[list(_AGES)].to_numpy().ravel()
    frame = pd.DataFrame({"township_code": rows, "band": list(AGE_BANDS) * len(state), "open": counts})
    return frame.astype(AGEING)


def campaign_at(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count each campaign of the whole county, at its baseline day and at the as-of date.

    The township, stream and department filters do not apply: this is the county's own line.

    Returns
    -------
    pd.DataFrame
        One row per campaign begun by the as-of date (the scope's own one alone, where it has one), the newest first:
        the columns of `queries.campaigns.campaigns`; is_running (bool); opened, closed, open, overdue, reopened,
        substantive, lawful, closed_7_days (episodes closed in the last seven days), baseline_opened, baseline_closed
        (int64, cases).

    Source: tables campaigns and cases.
    """
    known = campaigns(connection)
    today = pd.Timestamp(scope.as_of)
    known = known[known["starts_on"] <= today]
    if scope.campaign is not None:
        known = known[known["code"] == scope.campaign]
    codes, dated = whole_set(connection, scope), zip(known["code"], known["baseline_on"], strict=True)
    rows = [_campaign(connection, scope, codes, code, baseline) for code, baseline in dated]
    counts = pd.DataFrame(rows, index=known.index, columns=list(_CAMPAIGN)).astype("int64")
    is_running = (known["ends_on"].isna() | (known["ends_on"] >= today)).rename("is_running")
    return pd.concat([known, is_running, counts], axis=1).reset_index(drop=True)


def _campaign(
    connection: Connection, scope: Scope, townships: list[str], code: str, baseline: pd.Timestamp
) -> list[int]:
    """Count one campaign over `townships`: the figures of _CAMPAIGN, in order."""
    stream = connection.scalar(stream_of_campaign(code)) or scope.stream
    wide = replace(scope, stream=stream, campaign=code, platform="", department=None)
    day = scope.as_of if pd.isna(baseline) else min(baseline.date(), scope.as_of)
    now, before, start = (
        counted_state(connection, wide, townships, at).sum()
        for at in (scope.as_of, scope.as_of - timedelta(days=DAYS_OF_A_WEEK), day)
    )
    closed = now["opened_to_date"] - now["open"]
    recent = now["closings_to_date"] - before["closings_to_date"]
    return [now["opened_to_date"], closed, now["open"], now["overdue"], now["reopened_to_date"],
            now["substantive_to_date"], now["lawful_to_date"], recent, start["opened_to_date"],
            start["opened_to_date"] - start["open"]]  # fmt: skip


def _state(connection: Connection, scope: Scope, *, with_county: bool, with_ages: bool = False) -> pd.DataFrame:
    """Count the townships of a scope at its as-of date, and behind them 县本级 where it is asked for."""
    how = {"with_county": with_county, "with_ages": with_ages}
    return once(connection, ("state", scope, *how.values()), lambda: _counted_at(connection, scope, **how))


def _counted_at(connection: Connection, scope: Scope, *, with_county: bool, with_ages: bool) -> pd.DataFrame:
    compared = units(connection, scope)
    codes = compared.codes
    state = state_at(connection, scope, codes, scope.as_of, with_ages=with_ages, parts=compared.parts)
    counties = whole_counties(connection, codes) if with_county and not compared.parts else {}
    if not counties:
        return state
    return pd.concat([state, own_state(connection, scope, counties, scope.as_of, with_ages=with_ages)])


def _by_period(
    connection: Connection, scope: Scope, ends: Callable[[date, date], list[date]], *, with_county: bool
) -> pd.DataFrame:
    """Count flows and states over the calendar of period ends, closing with the as-of day where a period is cut."""
    compared = units(connection, scope)
    codes = compared.codes
    counties = whole_counties(connection, codes) if with_county and not compared.parts else {}
    read = _stored_periods if is_whole_stream(scope) else _counted_periods
    states, calendar = read(connection, scope, [*codes, *counties], ends, counties)
    if not calendar or not codes:
        return empty_frame(BACKLOG_BY_WEEK)
    frame = flows(states).rename_axis(["township_code", "week_end"]).reset_index()
    frame = frame[frame["week_end"].isin(pd.DatetimeIndex(calendar))].reset_index(drop=True)
    last = pd.Timestamp(scope.as_of)
    is_cut = not ends(scope.as_of, scope.as_of)
    return frame.assign(is_partial=is_cut & (frame["week_end"] == last))


def _stored_periods(
    connection: Connection,
    scope: Scope,
    townships: list[str],
    ends: Callable[[date, date], list[date]],
    counties: Mapping[str, Sequence[str]],
) -> tuple[pd.DataFrame, list[date]]:
    """Pick the period ends from the stored days; the last row is counted for the as-of day itself."""
    stored = without_townships(read_frame(connection, stored_series(scope, townships), STORED_SERIES), counties)
    calendar = _calendar(stored["day"].min(), scope.as_of, ends)
    days = pd.DatetimeIndex(calendar, dtype="datetime64[s]")
    index = pd.MultiIndex.from_product([townships, days], names=["township_code", "day"])
    filled = stored.set_index(["township_code", "day"]).reindex(index, fill_value=0)
    if calendar:
        now = _state(connection, scope, with_county=bool(counties))[list(SERIES)]
        filled.loc[(slice(None), days[-1]), :] = now.to_numpy()
    return filled[list(STATE_COLUMNS)], calendar


def _counted_periods(
    connection: Connection,
    scope: Scope,
    townships: list[str],
    ends: Callable[[date, date], list[date]],
    _: Mapping[str, Sequence[str]],
) -> tuple[pd.DataFrame, list[date]]:
    """Count a campaign or a department from its episodes, with the day before the first as a start to step from."""
    compared = units(connection, scope)
    found = read_frame(connection, episodes(scope, list(compared.parts) or townships), EPISODES)
    found["township_code"] = compared.unit_of(found["township_code"])
    starts = campaigns(connection).set_index("code")["starts_on"]
    first = starts.get(scope.campaign, pd.NaT) if scope.campaign is not None else pd.NaT
    first = found["opened_on"].min() if pd.isna(first) else first
    calendar = _calendar(first, scope.as_of, ends)
    before = [first.date() - timedelta(days=1)] if calendar else []
    days = pd.DatetimeIndex([*before, *calendar], dtype="datetime64[s]")
    return states_on(found, days, townships), calendar


def _calendar(first: pd.Timestamp, last: date, ends: Callable[[date, date], list[date]]) -> list[date]:
    """Return the period ends from `first` to `last`, and `last` itself."""
    if pd.isna(first) or first.date() > last:
        return []
    days = ends(first.date(), last)
    return days if days and days[-1] == last else [*days, last]
