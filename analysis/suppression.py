"""Small counts of a table or a list hidden from who may not see the cases behind them, so that no sum gives them away.

A cell below the limit is hidden. Where a row or column has totals, a hidden cell could still be had by subtraction:
further cells are hidden until every hidden cell lies on a cycle of hidden cells (row, column, row ...), along which
one case can be moved without changing any total. Source: cell suppression, e.g. Kelly, Golden and Assad 1992,
doi:10.1002/net.3230220405; the limit is `analysis.rules.MIN_DENOMINATOR`.
"""

from collections.abc import Hashable, Iterator

import numpy as np
import pandas as pd

from analysis.rules import MIN_DENOMINATOR

TOTAL = "合计"
HIDDEN = f"<{MIN_DENOMINATOR}"
HIDDEN_NOTE = f"“{HIDDEN}”表示不足{MIN_DENOMINATOR}件，或为防止用合计减出来而一并隐去"
"""What a reader is told wherever a count may be hidden: one sign, so that nothing tells which was hidden for which."""

_OF_TOTAL = 10**9
"""What hiding a total costs more than hiding a cell: it is the last resort."""

Cell = tuple[int, int]


def suppressed(counts: pd.DataFrame, *, known: frozenset[Hashable] = frozenset()) -> pd.DataFrame:
    """Return a table of counts with its totals, its small cells hidden.

    Parameters
    ----------
    counts : pd.DataFrame
        Non-negative whole numbers, one row per group, one column per kind.
    known : frozenset
        The labels of rows whose cases the reader may see: nothing is hidden there, and nothing there can hide. A row
        whose total is 0 hides nothing either: its total says so.

    Returns
    -------
    pd.DataFrame
        `counts` as text with a row and a column TOTAL; HIDDEN where a cell is below the limit, and where another cell
        had to be hidden with it. Without rows or columns: `counts` as it is.
    """
    if counts.empty:
        return counts.astype("str")
    whole = with_totals(counts)
    is_known = [label in known or total == 0 for label, total in counts.sum(axis=1).items()]
    mask = hidden_cells(whole.to_numpy(dtype=np.int64), np.array(is_known))
    return whole.astype("str").mask(mask, HIDDEN)


def suppressed_parts(counts: pd.Series) -> pd.Series:
    """Return the parts of one sum as text, those from 1 to the limit HIDDEN.

    Parameters
    ----------
    counts : pd.Series
        int64, the parts of one sum that is shown beside them.

    Returns
    -------
    pd.Series
        str, indexed alike. Where the sum would give the small ones away (one alone, or all at an end of what a small
        one can be), the smallest of the others is HIDDEN with them, a zero included. In which order the hidden ones
        stand must not be told by their size.
    """
    is_small = counts.gt(0) & counts.lt(MIN_DENOMINATOR)
    shown = pd.Series([f"{count:,}" for count in counts], index=counts.index, dtype="str").mask(is_small, HIDDEN)
    number, whole = int(is_small.sum()), int(counts[is_small].sum())
    is_given_away = number == 1 or (number > 1 and whole in (number, number * (MIN_DENOMINATOR - 1)))
    if not is_given_away or is_small.all():
        return shown
    return shown.mask(counts.index == counts[~is_small].idxmin(), HIDDEN)


def with_totals(counts: pd.DataFrame) -> pd.DataFrame:
    """Return a table of counts with a row and a column TOTAL."""
    wide = counts.assign(**{TOTAL: counts.sum(axis=1)})
    last = wide.sum().rename(TOTAL).to_frame().T
    return pd.concat([wide, last]).astype("int64")


def hidden_cells(whole: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return which cells of a table with totals (last row, last column) must be hidden.

    Parameters
    ----------
    whole
        The counts with their totals.
    known
        Of each row but the last, whether the reader knows its cells.
    """
    rows, columns = whole.shape
    is_known = np.append(known, False)
    is_hidden = np.zeros(whole.shape, dtype=bool)
    is_hidden[:-1, :-1] = (whole[:-1, :-1] < MIN_DENOMINATOR) & ~known[:, None]
    while (bare := next(_bridges(is_hidden), None)) is not None:
        row, column = bare
        others = [
            (_cost(whole, is_hidden, {(row, c), (r, column), (r, c)}), r, c)
            for r in range(rows)
            for c in range(columns)
            if r != row and c != column and not is_known[r]
        ]
        _, r, c = min(others)
        is_hidden[[row, r, r], [c, column, c]] = True
    return is_hidden


def _cost(whole: np.ndarray, is_hidden: np.ndarray, cells: set[Cell]) -> int:
    """Return how much is lost by hiding cells: their counts, and far more for a total."""
    last = (whole.shape[0] - 1, whole.shape[1] - 1)
    return sum(
        int(whole[cell]) + 1 + _OF_TOTAL * (cell[0] == last[0] or cell[1] == last[1])
        for cell in cells
        if not is_hidden[cell]
    )


def _bridges(is_hidden: np.ndarray) -> Iterator[Cell]:
    """Yield the hidden cells that lie on no cycle of hidden cells: their row and column meet by no other way."""
    for row, column in zip(*np.nonzero(is_hidden), strict=True):
        rest = is_hidden.copy()
        rest[row, column] = False
        if not _meet(rest, int(row), int(column)):
            yield int(row), int(column)


def _meet(is_hidden: np.ndarray, row: int, column: int) -> bool:
    """Tell whether a way of hidden cells leads from a row to a column."""
    rows = {row}
    while True:
        columns = {int(c) for c in np.flatnonzero(is_hidden[sorted(rows)].any(axis=0))}
        wider = rows | {int(r) for r in np.flatnonzero(is_hidden[:, sorted(columns)].any(axis=1))}
        if column in columns or wider == rows:
            return column in columns
        rows = wider
