"""What is read once in a look is read anew in the next, and not kept at all outside one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from analysis.scope import Scope
from queries.backlog import backlog_at
from queries.backlog_states import states_of_streams
from queries.once import once, one_look
from queries.regions import township_codes


def test_a_key_is_read_once_in_a_look_and_again_in_the_next(connection: Connection) -> None:
    reads: list[str] = []

    def ask(key: str) -> int:
        return once(connection, key, lambda: reads.append(key) or len(reads))

    assert [ask("a"), ask("a")] == [1, 2], "outside a look nothing is kept"
    with one_look(connection):
        assert [ask("a"), ask("b"), ask("a")] == [3, 4, 3]
        with one_look(connection):  # a part of it
            assert ask("a") == 3
        assert ask("b") == 4
    assert ask("a") == 5


def test_other_townships_are_another_key(connection: Connection, county: str, scope: Scope) -> None:
    codes = township_codes(connection, scope)
    assert len(codes) == 3
    with one_look(connection):
        for asked in (codes, codes[:1], codes):
            found = township_codes(connection, replace(scope, townships=frozenset(asked)))
            assert found == asked
            found.clear()  # what comes back is the caller's own


def test_streams_read_together_are_as_each_read_alone(
    connection: Connection, county: str, scope: Scope, add_cases: Callable[..., None], release: Callable[..., int]
) -> None:
    """From one statement on a stored day, each by itself on another; a suit is the decoy."""
    add_cases(
        {"stream": "dispute", "opened_on": date(2020, 8, 3), "due_on": date(2020, 8, 20)},
        {"stream": "dispute", "opened_on": date(2020, 8, 4), "closed_on": date(2020, 8, 9)},
        {"stream": "event", "opened_on": date(2020, 8, 5), "platform": "综治工作"},
        {"stream": "litigation", "opened_on": date(2020, 8, 6)},
    )
    release(scope.as_of)
    for day in (scope.as_of, date(2020, 8, 26), date(2020, 8, 3), date(2019, 1, 1)):
        then = replace(scope, as_of=day)
        together = states_of_streams(connection, then, ["dispute", "event", "risk"])
        for stream in ("dispute", "event", "risk"):
            alone = backlog_at(connection, replace(then, stream=stream)).set_index("township_code")
            pd.testing.assert_series_equal(together.loc[stream, "open"], alone["open"], check_dtype=False)
            pd.testing.assert_series_equal(together.loc[stream, "overdue"], alone["overdue"], check_dtype=False)
        assert together["open"].sum() == (2 if day.day in (31, 26) else day.day == 3)
