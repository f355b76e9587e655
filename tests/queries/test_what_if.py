"""Other weights over the demo county: the scheme's own give the stored ranking back to the last digit."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from analysis.scope import Scope
from analysis.what_if import full_weights, reranked, reweighted, scheme_weights
from queries.definitions import kpi_definitions
from queries.rankings import kpi_table, ranking
from queries.what_if import what_if_standings

STORED = [
    "score",
    "rank",
    "coverage",
    "rank_low",
    "rank_high",
    "first_three",
    "last_three",
    "weight_low",
    "weight_high",
]


@pytest.fixture
def known(demo_engine):
    with demo_engine.connect() as connection:
        codes = connection.scalars(sa.text("select code from regions where level = 'township'"))
        scope = Scope(date(2020, 8, 31), frozenset(codes))
        judged, stored = kpi_table(connection, scope), ranking(connection, scope)
        scheme = scheme_weights(kpi_definitions(connection, scope), judged)

        def standings(moved):
            pairs = {"scheme": tuple(scheme.items()), "weights": tuple(full_weights(scheme, moved).items())}
            return what_if_standings(connection, scope, **pairs).set_index("township_code")

        yield scheme, judged, stored, standings


def test_the_schemes_own_weights_give_the_stored_ranking(known):
    scheme, judged, stored, standings = known
    assert sum(scheme.values()) == pytest.approx(100)
    found = standings({})
    expected = stored.set_index("township_code")[STORED].reindex(found.index)
    pd.testing.assert_frame_equal(found[STORED], expected, check_exact=False, atol=1e-9)
    assert found["beats_next"].dropna().between(0, 1).all()
    rows = reranked(stored, reweighted(judged, scheme, scheme))
    np.testing.assert_allclose(rows["score"], stored["score"], atol=1e-9)
    assert (rows["rank"] == rows["previous_rank"]).all()


def test_moved_weights_rank_anew_and_the_button_agrees_with_the_sliders(known):
    scheme, judged, stored, standings = known
    moved = {"K16": 40.0, "K18": 0.0}
    rows = reranked(stored, reweighted(judged, scheme, full_weights(scheme, moved))).set_index("township_code")
    found = standings(moved).reindex(rows.index)
    np.testing.assert_allclose(rows["score"], found["score"], atol=1e-9)
    assert rows["rank"].tolist() == found["rank"].tolist()
    assert (rows["rank"] != rows["previous_rank"]).any()
    assert (found["rank_low"] <= found["rank_high"]).all()
