import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.intervals import poisson_exact, wilson


@pytest.mark.parametrize(("x", "n"), [(0, 10), (1, 1), (27, 28), (92, 114), (5000, 10_000)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.998])
def test_wilson_agrees_with_statsmodels(x, n, level):
    assert wilson(x, n, level=level) == pytest.approx(
        proportion_confint(x, n, alpha=1 - level, method="wilson"), abs=1e-12
    )


def test_wilson_takes_arrays_and_has_nothing_to_say_of_nothing():
    low, high = wilson(np.array([0, 3]), np.array([0, 4]))
    assert np.isnan([low[0], high[0]]).all()
    assert 0 < low[1] < 0.75 < high[1] < 1


@pytest.mark.parametrize("x", [0, 1, 2, 5, 37, 100, 2_500, 100_000])
@pytest.mark.parametrize("level", [0.95, 0.998])
def test_the_poisson_interval_is_the_chi_square_form(x, level):
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * x) / 2 if x else 0.0
    assert poisson_exact(x, level=level) == pytest.approx((low, stats.chi2.ppf(1 - tail, 2 * x + 2) / 2), rel=1e-9)


def test_the_poisson_interval_takes_arrays():
    low, high = poisson_exact([0, 5])
    assert low.tolist() == pytest.approx([0, 1.623486], abs=1e-6)
    assert high.tolist() == pytest.approx([3.688879, 11.668332], abs=1e-6)


def test_impossible_figures_are_refused():
    with pytest.raises(ValueError, match="x <= n"):
        wilson(5, 4)
    with pytest.raises(ValueError, match="0 or more"):
        poisson_exact(-1)
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level=95)
