import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.suppression import HIDDEN, TOTAL, hidden_cells, suppressed, suppressed_parts, with_totals


def _derivable(is_hidden: np.ndarray) -> list[tuple[int, int]]:
    """Return the hidden cells whose value the shown cells and the sums fix: those in the row space of the equations."""
    places = {tuple(cell): i for i, cell in enumerate(np.argwhere(is_hidden))}
    lines = [[(r, c) for c in range(is_hidden.shape[1])] for r in range(is_hidden.shape[0])]
    lines += [[(r, c) for r in range(is_hidden.shape[0])] for c in range(is_hidden.shape[1])]
    last = np.array(is_hidden.shape) - 1
    equations = np.zeros((len(lines), len(places)))
    for i, line in enumerate(lines):
        for cell in line:
            if cell in places:
                along = 1 if i < is_hidden.shape[0] else 0
                equations[i, places[cell]] = -1 if cell[along] == last[along] else 1
    rank = np.linalg.matrix_rank(equations) if places else 0
    found = []
    for cell, place in places.items():
        unit = np.zeros((1, len(places)))
        unit[0, place] = 1
        if np.linalg.matrix_rank(np.vstack([equations, unit])) == rank:
            found.append(cell)
    return found


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    numbers = st.one_of(st.integers(0, 6), st.integers(0, 60))
    cells = draw(st.lists(numbers, min_size=rows * columns, max_size=rows * columns))
    known = draw(st.lists(st.booleans(), min_size=rows, max_size=rows))
    return np.array(cells).reshape(rows, columns), np.array(known)


@given(tables())
def test_no_hidden_cell_can_be_had_by_subtraction(given_table):
    counts, known = given_table
    whole = with_totals(pd.DataFrame(counts)).to_numpy()
    is_hidden = hidden_cells(whole, known)
    assert _derivable(is_hidden) == []
    assert is_hidden[:-1, :-1][(counts < 5) & ~known[:, None]].all(), "every small cell is hidden"
    assert not is_hidden[:-1][known].any(), "what the reader knows is shown"


def test_the_test_itself_sees_what_can_be_subtracted():
    alone = np.array([[True, False, False], [False, False, False], [False, False, False]])
    pair = np.array([[True, True, False], [False, False, False], [False, False, False]])
    assert _derivable(alone) == [(0, 0)]
    assert _derivable(pair) == [(0, 0), (0, 1)]  # by their columns
    square = np.array([[True, True, False], [True, True, False], [False, False, False]])
    assert _derivable(square) == []


def test_a_small_cell_is_hidden_with_the_three_that_cost_least():
    counts = pd.DataFrame({"甲": [3, 20, 9], "乙": [30, 40, 8], "丙": [50, 60, 70]}, index=["天马", "白石", "何家"])
    shown = suppressed(counts)
    assert shown["甲"].tolist() == [HIDDEN, "20", HIDDEN, "32"]
    assert shown["乙"].tolist() == [HIDDEN, "40", HIDDEN, "78"]
    assert shown["丙"].tolist() == ["50", "60", "70", "180"]
    assert shown[TOTAL].tolist() == ["83", "120", "87", "290"]


def test_a_cell_of_five_is_shown_and_none_below():
    counts = pd.DataFrame({"甲": [5, 5], "乙": [5, 5]})
    assert not (suppressed(counts) == HIDDEN).any(axis=None)
    assert (suppressed(counts.replace(5, 4)) == HIDDEN).to_numpy()[:2, :2].all()


def test_a_row_without_cases_says_so_as_its_total_does():
    counts = pd.DataFrame({"甲": [0, 3, 9], "乙": [0, 4, 9]}, index=["天马", "白石", "何家"])
    assert suppressed(counts).loc["天马"].tolist() == ["0", "0", "0"]


def test_a_township_sees_its_own_row_and_learns_no_other():
    counts = pd.DataFrame({"甲": [1, 2, 90], "乙": [70, 80, 60]}, index=["天马", "白石", "何家"])
    shown = suppressed(counts, known=frozenset({"天马"}))
    assert shown.loc["天马"].tolist() == ["1", "70", "71"]
    assert shown.loc["白石", ["甲", "乙"]].tolist() == [HIDDEN, HIDDEN]
    assert shown.loc["何家", ["甲", "乙"]].tolist() == [HIDDEN, HIDDEN]


@pytest.mark.parametrize("known", [frozenset(), frozenset({"白石"})])
def test_where_only_a_total_can_hide_a_cell_the_total_goes(known):
    counts = pd.DataFrame({"甲": [2, 50], "乙": [60, 70]}, index=["天马", "白石"])
    shown = suppressed(counts, known=known)
    assert shown.loc["天马", "甲"] == HIDDEN
    assert (shown.loc[TOTAL] == HIDDEN).any() == bool(known)


def test_an_empty_table_stays_empty():
    assert suppressed(pd.DataFrame({"甲": pd.Series(dtype="int64")})).empty


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 5, 1200], ["12", "5", "1,200"]),  # nothing small
        ([12, 4, 7, 5], ["12", "<5", "7", "<5"]),  # one alone could be subtracted from the sum
        ([12, 4, 1, 5], ["12", "<5", "<5", "5"]),  # two cannot
        ([12, 1, 1, 5], ["12", "<5", "<5", "<5"]),  # unless nothing else adds up to their sum
        ([12, 4, 4, 4, 6], ["12", "<5", "<5", "<5", "<5"]),
        ([12, 3, 0], ["12", "<5", "<5"]),  # a zero is the smallest of the rest
        ([0, 0, 9], ["0", "0", "9"]),  # nothing to point at
        ([2], ["<5"]),
        ([1, 1], ["<5", "<5"]),  # nothing left to hide
        ([], []),
    ],
)
def test_small_parts_are_hidden_so_that_their_sum_gives_none_away(counts, shown):
    frame = pd.Series(counts, index=[f"k{i}" for i in range(len(counts))], dtype="int64")
    found = suppressed_parts(frame)
    assert found.tolist() == shown
    assert found.index.equals(frame.index)
