"""How sure the ranks would be under other weights: drawn when asked for, never stored."""

import pandas as pd
from sqlalchemy import Connection

from analysis.ranks import beats_next, score_tables
from analysis.scope import Scope
from analysis.standings import draw_seed, standings
from analysis.what_if import reweighted
from queries.rankings import kpi_table, scheme_in_force


def what_if_standings(
    connection: Connection,
    scope: Scope,
    *,
    scheme: tuple[tuple[str, float], ...],
    weights: tuple[tuple[str, float], ...],
) -> pd.DataFrame:
    """Return the standings of the townships of `scope`, which must be the whole set, under other weights.

    Parameters
    ----------
    scheme, weights
        `analysis.what_if.scheme_weights` and `full_weights`, as pairs: arguments of `cache.fetch` are hashable.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.standings.standings` and beats_next (float64, 0 to 1). The draws are those of the
        stored ranking: the scheme's own weights give its intervals.

    Source: METHODS section 2; tables kpis, kpi_values, kpi_weights.
    """
    table = kpi_table(connection, scope)
    judged = reweighted(table, dict(scheme), dict(weights))
    month = table["month"].iloc[0].date()
    seed = draw_seed(scheme_in_force(connection, scope) or "", month)
    found = standings(judged, seed=seed)
    beaten = beats_next(*score_tables(judged), seed=seed)
    return found.assign(beats_next=beaten.reindex(found["township_code"]).to_numpy())
