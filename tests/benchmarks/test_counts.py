"""No page costs more than its line in benchmarks/limits.csv says: counted, never timed."""

from dataclasses import replace
from pathlib import Path

from benchmarks.counts import Count, counts, grown, limits
from benchmarks.options import MENU
from benchmarks.watched import watched_server


def test_no_page_asks_fetches_or_sends_more_than_its_limit(tmp_path: Path, demo_url: str) -> None:
    with watched_server(tmp_path, demo_url) as watched:
        found = counts(watched, MENU)
    assert all(count.queries and count.rows and count.bytes for count in found.values())
    assert grown(found, limits()) == [], "spend less, or raise the limit in benchmarks/limits.csv and say why"


def test_what_grew_is_named() -> None:
    most = Count(queries=10, rows=1000, bytes=50_000, charts=2, spec_bytes=9_000)
    assert grown({"tasks": most}, {"tasks": most}) == []
    assert grown({"tasks": replace(most, rows=1001, charts=3)}, {"tasks": most}) == [
        "tasks: 1,001 rows fetched from it, at most 1,000",
        "tasks: 3 charts, at most 2",
    ]
    assert grown({"new": most}, {"tasks": most}) == ["new has no line in limits.csv"]


def test_every_page_of_the_menu_has_its_limits_and_no_other() -> None:
    assert tuple(limits()) == MENU
