"""The short form of `make soak`: ten visitors for two minutes, nothing said in red, memory flat."""

from pathlib import Path
from threading import Event

import pytest

from benchmarks import soak as long_form
from benchmarks.soak import Result, Tally, markdown, soak

WHILE_CACHES_FILL = 1.25
"""What two minutes may grow by; the long form holds half an hour to MOST_GROWTH."""


def test_ten_visitors_walk_about_for_two_minutes_and_nothing_fails(tmp_path: Path) -> None:
    result = soak(tmp_path, minutes=2, sessions=10)
    assert result.faults == ()
    assert result.sign_ins >= 10
    assert result.runs > 50
    assert result.growth <= WHILE_CACHES_FILL, result.memory_mb


def test_a_visitor_that_dies_of_whatever_is_put_down(monkeypatch: pytest.MonkeyPatch) -> None:
    tally, over = Tally(), Event()

    def dies(*_: object) -> None:
        over.set()
        raise RuntimeError("gone")

    monkeypatch.setattr(long_form, "Visitor", dies)
    long_form._walk("http://127.0.0.1:9", 0, tally, over)
    assert tally.faults == ["leader0: RuntimeError gone"]


def test_a_soak_with_a_fault_or_growing_memory_does_not_hold() -> None:
    fine = Result("now", 2, 10, 10, 100, (), 0.1, 0.2, 0.3, (100, 101), 1.01)
    assert fine.holds
    assert ": holds" in markdown(fine)
    assert not Result("now", 2, 10, 10, 100, ("/x: 出错",), 0.1, 0.2, 0.3, (100, 101), 1.01).holds
    assert not Result("now", 2, 10, 10, 100, (), 0.1, 0.2, 0.3, (100, 120), 1.2).holds
    assert not Result("now", 2, 10, 9, 100, (), 0.1, 0.2, 0.3, (100, 101), 1.01).holds, "one was never let in"
    assert not Result("now", 2, 10, 0, 0, (), 0.0, 0.0, 0.0, (100, 100), 1.0).holds
