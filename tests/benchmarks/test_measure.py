"""Medians, spread, ratios and limits of the benchmarks, by hand; every public read is among what they measure."""

import json
from pathlib import Path

import pytest

from benchmarks.measure import Part, figure, keep, quantile, table
from benchmarks.reads import WITHOUT_A_SIZE, public_reads
from queries import ROWS


def test_a_figure_is_the_median_with_its_quartiles_over_the_median_of_its_floor() -> None:
    found = figure("a read", "ms", [5, 1, 4, 2, 3], floor=[2, 1, 9], limit=3, ratio_limit=1.4)
    assert (found.median, found.lower, found.upper, found.times) == (3, 2, 4, 5)
    assert (found.floor, found.ratio) == (2, 1.5)
    assert not found.holds, "3 ms are allowed, 1.5 times the floor is not"
    assert figure("a read", "ms", [3], floor=[2], limit=3, ratio_limit=1.5).holds
    assert not figure("a read", "ms", [3.1], limit=3).holds
    assert figure("a read", "ms", [3.1]).ratio is None


def test_a_share_of_the_values_lies_below_a_quantile() -> None:
    assert quantile(range(100), 0.95) == 95
    assert quantile([7], 0.95) == 7
    assert quantile([], 0.95) == 0


def test_a_part_is_kept_with_machine_and_versions_and_told_in_words(tmp_path: Path) -> None:
    slow = figure("one read", "ms", [60.0, 70.0], floor=[1.0], limit=50)
    part = Part("reads", "2020-09-01T00:00:00+00:00", 1.0, 2020, 0.1, 0.2, (slow, figure("another", "ms", [1.0])))
    kept = json.loads(keep(part, tmp_path).read_text("utf8"))
    assert kept["machine"]["cores"] >= 1
    assert {"python", "streamlit", "sqlalchemy", "commit"} <= set(kept["versions"])
    told = kept["parts"][0]["figures"][0]
    assert (told["median"], told["ratio"], told["holds"]) == (65.0, 65.0, False)
    assert "| one read | 65 ms | 62.5 to 67.5 | 1 | 65.00 | 50 ms: NOT KEPT |" in table(part)
    assert "Beyond its limit: one read." in table(part)


@pytest.mark.parametrize("name", sorted(read.__name__ for read in ROWS))
def test_every_reader_of_rows_is_measured(name: str) -> None:
    assert name in public_reads() or name in WITHOUT_A_SIZE


def test_what_pages_ask_for_most_is_measured() -> None:
    assert {"backlog_at", "task_matrix", "ranking", "kpi_table", "weak_links", "case_page", "townships"} <= set(
        public_reads()
    )
    assert not {"state_at", "read_frame", "progress"} & set(public_reads())
