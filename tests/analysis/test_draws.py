import numpy as np
import pytest
from scipy import stats

from analysis.draws import STRATA, beta_strata, gamma_strata

LEVELS = (np.arange(STRATA) + 0.5) / STRATA


@pytest.mark.parametrize(("x", "n"), [(0, 0), (0, 1), (1, 1), (0, 30), (27, 28), (50, 100), (14, 14), (9_900, 10_000)])
def test_the_strata_of_a_proportion_are_its_quantiles(x, n):
    reference = stats.beta(x + 0.5, n - x + 0.5)
    assert np.max(np.abs(reference.cdf(beta_strata(x, n)) - LEVELS)) < 2e-4


@pytest.mark.parametrize("x", [0, 1, 7, 300, 40_000])
def test_the_strata_of_a_count_are_its_quantiles(x):
    assert np.max(np.abs(stats.gamma(x + 0.5).cdf(gamma_strata(x)) - LEVELS)) < 2e-4


def test_impossible_counts_are_refused():
    for x, n in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="x="):
            beta_strata(x, n)
    with pytest.raises(ValueError, match="x=-1"):
        gamma_strata(-1)
