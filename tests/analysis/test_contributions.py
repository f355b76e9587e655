"""甲 has K01 90 % (100 points) and K18 80 (60), 乙 75 % (80) and 87.5 (80), 丙 too few cases and 95 (100)."""

import numpy as np
import pandas as pd
import pytest

from analysis.contributions import contributions, gap_of
from analysis.ranks import score_tables
from analysis.scoring import composite_score
from tests.judged import judged

WEIGHTS = {"K01": 3.0, "K18": 1.0}
VALUES = {
    ("甲", "K01"): (18, 20), ("乙", "K01"): (15, 20), ("丙", "K01"): (4, 4),
    ("甲", "K18"): 80.0, ("乙", "K18"): 87.5, ("丙", "K18"): 95.0, ("甲", "K21"): (7, np.nan),
}  # fmt: skip


def _by_kpi(rows, *columns):
    return rows.set_index("kpi_code")[list(columns)].T.to_dict("list")


def test_contributions_add_up_to_the_composite():
    found = contributions(judged(VALUES, WEIGHTS)).set_index(["township_code", "kpi_code"])
    assert found.loc[("甲", "K01"), ["share", "contribution", "lost"]].tolist() == [0.75, 75, 0]
    assert found.loc[("甲", "K18"), ["share", "contribution", "lost"]].tolist() == [0.25, 15, 10]
    assert found["contribution"].groupby("township_code").sum().to_dict() == {"甲": 90, "乙": 80, "丙": 100}
    assert "K21" not in found.index.get_level_values("kpi_code")


def test_what_was_not_judged_stands_at_the_townships_own_mean():
    found = contributions(judged(VALUES, WEIGHTS)).set_index(["township_code", "kpi_code"])
    assert found.loc[("丙", "K01"), ["contribution", "lost"]].tolist() == [75, 0]


def test_the_gap_to_the_place_above_is_split_by_indicator_the_widest_first():
    gap = gap_of(judged(VALUES, WEIGHTS), "乙")
    assert (gap.rival, gap.is_lead, gap.points) == ("甲", False, 10)
    assert gap.rows["kpi_code"].tolist() == ["K01", "K18"]
    assert _by_kpi(gap.rows, "rival_score", "gap", "gap_share") == {
        "K01": [100, 15, 1], "K18": [60, -5, pytest.approx(np.nan, nan_ok=True)],
    }  # fmt: skip


def test_the_first_place_is_compared_with_the_second_and_leads():
    gap = gap_of(judged(VALUES, WEIGHTS), "甲")
    assert (gap.rival, gap.is_lead, gap.points) == ("乙", True, 10)
    assert _by_kpi(gap.rows, "gap") == {"K01": [15], "K18": [-5]}


def test_a_township_that_is_not_ranked_has_no_rival_and_shows_its_losses_first():
    gap = gap_of(judged(VALUES, WEIGHTS), "丙")  # a quarter of its weight is judged
    assert gap.rival == ""
    assert np.isnan(gap.points)
    assert gap.rows["gap"].isna().all()
    low = judged(VALUES | {("甲", "K01"): (2, 2), ("乙", "K01"): (3, 3)}, WEIGHTS)
    assert gap_of(low, "甲").rows["kpi_code"].tolist() == ["K18", "K01"]


def test_of_equals_above_one_is_the_rival_and_no_equal_is():
    values = {(town, "K18"): value for town, value in (("甲", 90.0), ("乙", 90.0), ("丙", 85.0))}
    table = judged(values, {"K18": 1.0})
    assert gap_of(table, "丙").rival == "甲"
    assert gap_of(table, "乙").is_lead
    assert gap_of(table, "乙").rival == "甲"
    assert gap_of(table, "乙").points == 0
    assert gap_of(table, "乙").rows["gap_share"].isna().all()


def test_alone_a_township_has_nobody_to_be_compared_with():
    gap = gap_of(judged({("甲", "K18"): 90.0}, {"K18": 1.0}, townships=("甲",)), "甲")
    assert (gap.rival, gap.is_lead) == ("", False)
    assert len(gap.rows) == 1


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_of_the_gap_are_the_gap_whatever_drops_out(seed):
    rng = np.random.default_rng(seed)
    towns = tuple("甲乙丙丁戊己")
    values = {(town, code): (int(x), int(n)) for town in towns for code in ("K01", "K09", "K11")
              for n in [rng.integers(2, 12)] for x in [rng.integers(0, n + 1)]}  # fmt: skip
    values |= {(town, "K18"): float(rng.uniform(70, 99)) for town in towns}
    table = judged(values, {"K01": 2.0, "K09": 1.0, "K11": 1.0, "K18": 16.0}, townships=towns)
    assert (table["state"] == "small").any()
    composites = composite_score(*score_tables(table))
    parts = contributions(table).groupby("township_code")["contribution"].sum()
    pd.testing.assert_series_equal(parts[composites.index], composites, check_names=False, rtol=0, atol=1e-9)
    for town in composites.dropna().index:
        gap = gap_of(table, town)
        assert gap.rows["gap"].sum() == pytest.approx(gap.points, abs=1e-9)
        assert gap.points == pytest.approx(abs(composites[town] - composites[gap.rival]), abs=1e-12)
        assert gap.rows["gap"].is_monotonic_decreasing
        assert gap.rows["gap_share"].sum() == pytest.approx(1)
