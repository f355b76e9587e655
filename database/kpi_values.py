"""The table kpi_values: computed rows, and the reported ones that a county offers; loaded ones stay untouched."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.kpis import SCALE
from analysis.months import month_start
from database.bulk import delete_keys, insert_frame
from database.kpis import COMPUTED
from database.kpis.basis import Basis, Campaign, Floats, month_numbers, month_starts
from database.offered import kpi_reports, offered
from database.states import NEVER, day_number
from database.tables import campaigns, kpi_values, kpis
from database.task_reports import township_reports
from database.tree import Tree


def computed_kpis(connection: Connection) -> pd.DataFrame:
    """Return the indicators that this program computes: code, unit, kind, computed_from (str), in order of code.

    Source: table kpis; a name in computed_from that is not in `database.kpis.COMPUTED` is left to `check`.
    """
    k = kpis.c
    statement = sa.select(k.code, k.unit, k.kind, k.computed_from).where(k.computed_from.in_(COMPUTED)).order_by(k.code)
    rows = connection.execute(statement).all()
    return pd.DataFrame(rows, columns=["code", "unit", "kind", "computed_from"])


def write_kpi_values(connection: Connection, township: str, basis: Basis, computed: pd.DataFrame) -> None:
    """Write the township's computed figures for the months of `basis`, what stood there being cleared away.

    They count as published on the last day of their month: that is when they can be known.
    """
    rows = kpi_rows(basis, computed)
    published = rows["month"] + pd.offsets.MonthEnd(1)
    insert_frame(connection, kpi_values, rows.assign(region_code=township, published_on=published))


def clear_kpi_values(
    connection: Connection, computed: pd.DataFrame, township: str | None = None, since: date | None = None
) -> None:
    """Delete computed figures: those of one township or of all, of the months from `since` on or of all."""
    v = kpi_values.c
    narrower = [] if township is None else [v.region_code == township]
    narrower += [] if since is None else [v.month >= month_start(since)]
    connection.execute(kpi_values.delete().where(v.kpi_code.in_(list(computed["code"])), *narrower))


def copy_reports(connection: Connection, computed: pd.DataFrame) -> None:
    """Put a county's reported figures, where it offers them, in place of those that stand here.

    Source: the county's view kpi_reports; its rows of computed indicators are left out.
    """
    if kpi_reports.name not in offered(connection):
        return
    names, codes = kpi_values.columns.keys(), list(computed["code"])
    connection.execute(kpi_values.delete().where(kpi_values.c.kpi_code.not_in(codes)))
    reports = sa.select(*(kpi_reports.c[name] for name in names)).where(kpi_reports.c.kpi_code.not_in(codes))
    connection.execute(kpi_values.insert().from_select(names, reports))


def kpi_rows(basis: Basis, computed: pd.DataFrame) -> pd.DataFrame:
    """Compute every indicator for every month of `basis`.

    Returns
    -------
    pd.DataFrame
        One row per indicator and month with something to tell (a denominator above 0, or a count): kpi_code (str),
        month (datetime64[s], its first day), numerator, denominator, value (float64, in the indicator's unit).
    """
    months = month_starts(basis.months).astype("datetime64[D]").astype("datetime64[s]")
    empty = pd.DataFrame({"month": months[:0], **dict.fromkeys(("numerator", "denominator", "value"), np.empty(0))})
    parts = [empty.assign(kpi_code="")]
    for code, unit, kind, source in computed[["code", "unit", "kind", "computed_from"]].to_numpy().tolist():
        numerator, denominator = COMPUTED[source](basis)
        value = kpi_value(numerator, denominator, unit=unit, kind=kind)
        rows = {"month": months, "numerator": numerator, "denominator": denominator, "value": value}
        parts.append(pd.DataFrame(rows).dropna(subset="value").assign(kpi_code=code))
    return pd.concat(parts, ignore_index=True)


def kpi_sums(basis: Basis, computed: pd.DataFrame) -> pd.DataFrame:
    """Compute numerators and denominators alone, 0 where there is nothing to tell.

    Parameters
    ----------
    basis
        Its ledger is that of several regions: `database.ledger.regional_ledger`.

    Returns
    -------
    pd.DataFrame
        One row per indicator, region and month of `basis`, in order: kpi_code, region_code (str), month
        (datetime64[s], its first day), numerator, denominator (float64).
    """
    months = month_starts(basis.months).astype("datetime64[D]").astype("datetime64[s]")
    regions = basis.ledger["region"].cat.categories.to_numpy(object)
    parts = [COMPUTED[source](basis) for source in computed["computed_from"]]
    numerators, denominators = (
        np.nan_to_num(np.array([part[k] for part in parts], np.float64)).ravel() for k in (0, 1)
    )
    rows = {
        "kpi_code": np.repeat(computed["code"].to_numpy(object), regions.size * months.size),
        "region_code": np.tile(np.repeat(regions, months.size), len(parts)),
        "month": np.tile(months, len(parts) * regions.size),
    }
    return pd.DataFrame({**rows, "numerator": numerators, "denominator": denominators})


def change_kpi_values(connection: Connection, change: pd.DataFrame, computed: pd.DataFrame) -> None:
    """Add to computed figures.

    Parameters
    ----------
    change
        One row per region_code, kpi_code and month: numerator, denominator (float64), which may be below 0.
    """
    keys, parts = ["region_code", "kpi_code", "month"], ["numerator", "denominator"]
    change = change[(change[parts] != 0).any(axis=1)]
    if change.empty:
        return
    v = kpi_values.c
    asked = (v.region_code.in_(list(change["region_code"].unique())), v.month >= change["month"].min().date())
    rows = connection.execute(sa.select(*(v[name] for name in (*keys, *parts))).where(*asked)).all()
    held = pd.DataFrame(rows, columns=[*keys, *parts]).astype(
        {"month": "datetime64[s]"} | dict.fromkeys(parts, "float64")
    )
    held = held[pd.MultiIndex.from_frame(held[keys]).isin(pd.MultiIndex.from_frame(change[keys]))]
    delete_keys(connection, kpi_values, held[keys])
    sums = pd.concat([held.fillna(dict.fromkeys(parts, 0)), change]).groupby(keys, as_index=False)[parts].sum()
    for code, unit, kind in computed[["code", "unit", "kind"]].to_numpy().tolist():
        own = sums["kpi_code"] == code
        numerator, denominator = (sums.loc[own, name].to_numpy() for name in parts)
        sums.loc[own, "value"] = kpi_value(numerator, denominator, unit=unit, kind=kind)
    told = sums.dropna(subset="value") if "value" in sums else sums[:0]
    insert_frame(connection, kpi_values, told.assign(published_on=told["month"] + pd.offsets.MonthEnd(1)))


def kpi_value(numerator: Floats, denominator: Floats, *, unit: str | None, kind: str) -> Floats:
    """Return the value in the indicator's unit: scaled n / N, or n itself for a count or amount; NaN for no N."""
    if kind in ("count", "amount"):
        return numerator
    ratio: Floats = SCALE.get(unit or "", 1.0) * numerator / np.where(denominator > 0, denominator, np.nan)
    return ratio


def known_campaigns(connection: Connection) -> tuple[Campaign, ...]:
    """Return the campaigns that say when they run; without an end they go on.

    Source: table campaigns.
    """
    c = campaigns.c
    rows = connection.execute(sa.select(c.code, c.starts_on, c.ends_on).where(c.starts_on.is_not(None)))
    return tuple(Campaign(code, day_number(a), day_number(b) if b else NEVER) for code, a, b in rows)


def township_basis(
    connection: Connection,
    township: str,
    *,
    ledger: pd.DataFrame,
    months: Sequence[date],
    as_of: date,
    tree: Tree,
    running: tuple[Campaign, ...],
) -> Basis:
    """Gather what one township's indicators are computed from.

    Source: tables task_progress, regions, and the ledger given.
    """
    residents = tree.residents.get(township)
    return Basis(
        months=month_numbers(months),
        ledger=ledger,
        reports=township_reports(connection, township, months, as_of),
        campaigns=running,
        residents=float(residents) if residents else float("nan"),
        villages=tree.villages[township],
    )
