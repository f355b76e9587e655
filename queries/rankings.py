"""The composite ranking, and the indicators it is made of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.kpis import COLUMNS, judged_kpis
from analysis.months import add_months, month_end, month_of, months_between
from analysis.ranks import competition_rank
from analysis.rules import POOLED_MONTHS
from analysis.scope import Scope
from database.tables import departments, kpi_scores, kpi_weights, kpis, schemes
from queries.frames import DAY, MEASURE, TEXT, empty_frame, read_frame
from queries.kpi_months import judged_months
from queries.once import once
from queries.regions import by_county, township_codes, whole_set
from queries.unit_indicators import unit_values
from queries.units import children, units

_SCORES = (
    "score",
    "rank",
    "coverage",
    "rank_low",
    "rank_high",
    "first_three",
    "last_three",
    "weight_low",
    "weight_high",
)
RANKING = {"township_code": TEXT, "month": DAY, "scheme": TEXT, "previous_scheme": TEXT,
           **dict.fromkeys(("score", "rank", "previous_rank", "rank_change", *_SCORES[2:]), MEASURE)}  # fmt: skip
HISTORY = {"township_code": TEXT, "month": DAY, "scheme": TEXT,
           **dict.fromkeys(("score", "rank", "rank_low", "rank_high"), MEASURE)}  # fmt: skip
SCORES = {"region_code": TEXT, "month": DAY, **dict.fromkeys(_SCORES, MEASURE)}
KPIS = {"code": TEXT, "name": TEXT, "unit": TEXT, "direction": TEXT, "kind": TEXT, "period": TEXT, "domain": TEXT,
        "computed_from": TEXT, "reset": TEXT, "department": TEXT}  # fmt: skip
WEIGHTS = {"region_code": TEXT, "kpi_code": TEXT, "weight": MEASURE, "goal": MEASURE, "floor": MEASURE}
_ABOUT = ("name", "unit", "direction", "period", "domain", "computed_from")
_TEXTS = ("township_code", "kpi_code", "state", "kind", *_ABOUT)
KPI_TABLE = {name: TEXT if name in _TEXTS else MEASURE for name in (*COLUMNS, *_ABOUT)} | {"month": DAY}


def ranking(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Rank the townships by their composite score in the month of the as-of date.

    Ranks were computed over the whole set: `scope.townships` chooses which rows come back and changes none.

    Returns
    -------
    pd.DataFrame
        One row per township of `scope`, by rank, those not ranked last, ties in the fixed order: township_code (str),
        month (datetime64[s], first day), scheme, previous_scheme (str, in force then and the month before, "" for
        none); score (0-100), rank (1 = first), previous_rank (of the month before), rank_change (places climbed within
        the set ranked in both months; NaN for a newcomer), coverage (0-1, share of the weight judged), rank_low,
        rank_high (2.5 and 97.5 % rank), first_three, last_three (probability), weight_low, weight_high (5 and 95 % rank
        with moved weights), all float64. Score and ranks are NaN for 暂不排名, and for regions above the
        townships, which no scheme ranks.

    Source: table kpi_scores; METHODS section 2.
    """
    month, compared = month_of(scope.as_of), units(connection, scope)
    codes, whole = compared.codes, compared.codes if compared.parts else whole_set(connection, scope)
    schemes = schemes_by_month(connection, scope, [add_months(month, -1), month])
    both = read_frame(connection, scores_statement(schemes, whole), SCORES)
    before = both[both["month"] < pd.Timestamp(month)].set_index("region_code")
    now = both[both["month"] == pd.Timestamp(month)].set_index("region_code")
    frame = now.reindex(codes).assign(month=pd.Timestamp(month), scheme=schemes.get(month, ""))
    frame["previous_scheme"] = schemes.get(add_months(month, -1), "")
    frame["previous_rank"] = before["rank"].reindex(codes)
    frame["rank_change"] = _climbed(before["score"], now["score"]).reindex(codes)
    frame = frame.rename_axis("township_code").reset_index()
    return frame[list(RANKING)].astype(RANKING).sort_values("rank", kind="stable", ignore_index=True)


def rank_history(connection: Connection, scope: Scope, *, months: int = POOLED_MONTHS) -> pd.DataFrame:
    """Return the ranks of the months up to that of the as-of date, each under the scheme in force then.

    Parameters
    ----------
    months
        How many, the newest included.

    Returns
    -------
    pd.DataFrame
        One row per (township of `scope`, month) with a score's row, in the fixed order and by month: township_code
        (str), month (datetime64[s]), scheme (str), score, rank, rank_low, rank_high (float64; NaN for 暂不排名).

    Source: table kpi_scores.
    """
    codes, last = township_codes(connection, scope), month_of(scope.as_of)
    schemes = schemes_by_month(connection, scope, months_between(add_months(last, 1 - months), last))
    frame = read_frame(connection, history_statement(schemes, codes), HISTORY)
    place = frame["township_code"].map({code: i for i, code in enumerate(codes)})
    return frame.loc[frame.assign(place=place).sort_values(["place", "month"]).index].reset_index(drop=True)


def kpi_table(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell every indicator's value, score and rank in every township, in the month of the as-of date.

    Returns
    -------
    pd.DataFrame
        One row per (indicator, township of `scope`), by indicator and in the fixed order: the columns of
        `analysis.kpis.judged_kpis` (numerator and denominator of flow indicators pooled over 12 months; scores
        and ranks computed over the whole set), name, unit, direction, period, domain, computed_from (str, NaN for a
        reported indicator) and month (datetime64[s], first day). Without figures: no rows. Where `scope.region` lies
        above the counties, one row per indicator and region compared, of indicators whose numerators and denominators
        add up alone, without weights and scores: no scheme ranks them.

    Source: tables kpis, kpi_values, kpi_weights; METHODS section 2.
    """
    asked = ("kpi_table", scope.as_of, scope.townships, scope.region, scope.scheme)
    return once(connection, asked, lambda: _kpi_table(connection, scope)).copy(deep=False)


def _kpi_table(connection: Connection, scope: Scope) -> pd.DataFrame:
    month, compared = month_of(scope.as_of), units(connection, scope)
    wanted, about, weights = compared.codes, indicators(connection), weights_in_force(connection, scope)
    if scope.region is not None and compared.parts:
        own, region = unit_values(connection, scope.region, month=month), children(connection, scope.region)
        found = judged_kpis(own, about, weights.iloc[:0], month=month, county=scope.region, townships=region)
    else:
        asked = ("judged", scope.as_of, tuple(whole_set(connection, scope)), scheme_in_force(connection, scope))
        found = once(connection, asked, lambda: _judged_by_county(connection, scope, about, weights))
    frame = found[np.isin(found["township_code"].to_numpy(dtype=object), wanted)].reset_index(drop=True)
    return frame.assign(**_said_of(about, frame["kpi_code"]), month=pd.Timestamp(month).as_unit("s"))


def _judged_by_county(connection: Connection, scope: Scope, about: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Judge the townships of each county among each other."""
    month, whole = month_of(scope.as_of), whole_set(connection, scope)
    is_weighed = weights["weight"].to_numpy() > 0
    has_ends = not any(np.isnan(weights[end].to_numpy()[is_weighed]).any() for end in ("goal", "floor"))
    values = judged_months(connection, month, whole, with_year_before=not has_ends)
    counties = by_county(connection, whole)
    if len(counties) == 1:
        county, codes = counties.popitem()
        return judged_kpis(values, about, weights, month=month, county=county, townships=codes)
    of_county = {code: county for county, codes in counties.items() for code in codes}
    own = dict(iter(values.groupby(values["region_code"].map(of_county))))
    parts = [
        judged_kpis(own.get(county, values[:0]), about, weights, month=month, county=county, townships=codes)
        for county, codes in counties.items()
    ]
    return pd.concat([empty_frame(KPI_TABLE)[list(COLUMNS)], *parts])


def indicators(connection: Connection) -> pd.DataFrame:
    """Return what is said of every indicator where figures are made: KPIS, by code; nobody changes it."""
    return once(connection, "kpis", lambda: read_frame(connection, kpis_statement(), KPIS))


def weights_in_force(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the weights and ends of the scheme in force: WEIGHTS, of counties and townships; nobody changes it."""
    scheme = scheme_in_force(connection, scope)
    return once(connection, ("weights", scheme), lambda: read_frame(connection, weights_statement(scheme), WEIGHTS))


def scheme_in_force(connection: Connection, scope: Scope) -> str | None:
    """Return the weight scheme asked for, else the one that is valid at the end of the month; None without any."""
    month = month_of(scope.as_of)
    return schemes_by_month(connection, scope, [month]).get(month)


def schemes_by_month(connection: Connection, scope: Scope, months: Sequence[date]) -> dict[date, str]:
    """Return the scheme of each month: the one asked for, else the one valid at its end; months without are left out.

    Source: table schemes.
    """
    if scope.scheme:
        return dict.fromkeys(months, scope.scheme)
    s = schemes.c
    every = sa.select(s.code, s.valid_from, s.valid_to).order_by(s.code.desc())
    known = once(connection, "schemes", lambda: connection.execute(every).all())
    found = {}
    for month in months:
        day = month_end(month)
        valid = [code for code, begin, end in known if (begin or day) <= day <= (end or day)]
        if valid:
            found[month] = valid[-1]
    return found


def scores_statement(schemes: Mapping[date, str], townships: list[str]) -> Select[Any]:
    """Select the scores of months, each under its scheme."""
    s = kpi_scores.c
    return sa.select(s.region_code, s.month, *(s[name] for name in _SCORES)).where(
        s.region_code.in_(townships), _under(schemes)
    )


def history_statement(schemes: Mapping[date, str], townships: list[str]) -> Select[Any]:
    """Select what `rank_history` returns, unordered."""
    s = kpi_scores.c
    return sa.select(
        s.region_code.label("township_code"), s.month, s.scheme, s.score, s.rank, s.rank_low, s.rank_high
    ).where(s.region_code.in_(townships), _under(schemes))  # fmt: skip


def kpis_statement() -> Select[Any]:
    """Select what is known about every indicator, with the name of its department."""
    own = [kpis.c[name] for name in KPIS if name != "department"]
    department = departments.c.name.label("department")
    return (
        sa.select(*own, department)
        .outerjoin(departments, departments.c.code == kpis.c.department_code)
        .order_by(kpis.c.code)
    )


def weights_statement(scheme: str | None) -> Select[Any]:
    """Select the weights and ends of a scheme: the counties' defaults and the townships' own."""
    return sa.select(*(kpi_weights.c[name] for name in WEIGHTS)).where(kpi_weights.c.scheme == scheme)


def _under(schemes: Mapping[date, str]) -> ColumnElement[bool]:
    """Whether a score is one of a month under the scheme in force then."""
    s, months = kpi_scores.c, sorted(schemes)
    used = [(code, [month for month in months if schemes[month] == code]) for code in sorted(set(schemes.values()))]
    return sa.or_(sa.false(), *(sa.and_(s.scheme == code, s.month.in_(own)) for code, own in used))


def _climbed(before: pd.Series, now: pd.Series) -> pd.Series:
    """Count the places climbed, both ranks being taken among those ranked in both months."""
    both = before.dropna().index.intersection(now.dropna().index)
    return competition_rank(before.loc[both]) - competition_rank(now.loc[both])


def _said_of(about: pd.DataFrame, codes: pd.Series) -> dict[str, Any]:
    """Take what is known about each code's indicator, one column of text each."""
    place = {code: i for i, code in enumerate(about["code"].tolist())}
    at = np.array([place[code] for code in codes.tolist()], dtype=np.intp)
    return {name: about[name].array.take(at) for name in _ABOUT}
