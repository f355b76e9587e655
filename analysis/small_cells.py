"""One row of counts, the small ones hidden from those without the right to the cases behind them.

A table of townships by category is `analysis.suppression`'s. Source: DOMAIN "What goes wrong".
"""

import pandas as pd

from analysis.rules import MIN_DENOMINATOR
from analysis.suppression import HIDDEN

HIDDEN_TOO = "不显示"


def hidden_cells(counts: pd.Series) -> pd.Series:
    """Return counts as text, those from 1 to 4 hidden, and a second one where one alone could be subtracted.

    Parameters
    ----------
    counts : pd.Series
        int64, the parts of one sum that is shown beside them.

    Returns
    -------
    pd.Series
        str, indexed alike. The second one is the smallest of those that would have been shown, a zero included: it is
        not said to be small.
    """
    is_small = counts.gt(0) & counts.lt(MIN_DENOMINATOR)
    shown = pd.Series([f"{count:,}" for count in counts], index=counts.index, dtype="str").mask(is_small, HIDDEN)
    if is_small.sum() == 1 and len(counts) > 1:
        return shown.mask(counts.index == counts[~is_small].idxmin(), HIDDEN_TOO)
    return shown
