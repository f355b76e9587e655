import pandas as pd
import pytest

from analysis.small_cells import hidden_cells


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 5, 1200], ["12", "5", "1,200"]),  # nothing small
        ([12, 4, 7, 5], ["12", "<5", "7", "不显示"]),  # one alone could be subtracted from the sum
        ([12, 4, 1, 5], ["12", "<5", "<5", "5"]),  # two cannot
        ([12, 3, 0], ["12", "<5", "不显示"]),  # a zero is the smallest of the rest
        ([0, 0, 9], ["0", "0", "9"]),  # nothing to point at
        ([2], ["<5"]),
        ([], []),
    ],
)
def test_small_counts_are_hidden_so_that_none_can_be_worked_out(counts: list[int], shown: list[str]) -> None:
    frame = pd.Series(counts, index=[f"k{i}" for i in range(len(counts))], dtype="int64")
    found = hidden_cells(frame)
    assert found.tolist() == shown
    assert found.index.equals(frame.index)
