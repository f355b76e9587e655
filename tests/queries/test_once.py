"""What is read once in a look is read anew in the next, and not kept at all outside one."""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.scope import Scope
from benchmarks.reads import GIVEN, public_reads
from database.engine import reading_engine
from queries.backlog import backlog_at
from queries.backlog_states import states_of_streams
from queries.once import Kept, is_looking, once, one_look, sharing
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


def test_what_is_shared_lasts_beyond_a_look_and_a_connection_and_makes_none_wide(connection: Connection) -> None:
    kept: Kept = {}
    with sharing(connection, kept):
        assert once(connection, "a", lambda: 1) == 1
        assert not is_looking(connection)
        with one_look(connection):
            assert is_looking(connection)
            assert [once(connection, "a", lambda: 2), once(connection, "b", lambda: 3)] == [1, 3]
        assert not is_looking(connection)
        assert once(connection, "b", lambda: 4) == 3
    assert kept == {"a": 1, "b": 3}
    assert once(connection, "a", lambda: 5) == 5


def test_reads_that_share_give_what_each_gives_alone(demo_url: str) -> None:
    """Every public read of many scopes in one look: a key that left out what a read depends on would show."""
    engine, kept = reading_engine(demo_url), {}
    with engine.connect() as connection:
        codes = connection.scalars(sa.text("SELECT code FROM regions WHERE level = 'township' ORDER BY code")).all()
        whole = Scope(date(2020, 8, 31), frozenset(codes))
        scopes = [
            whole,
            replace(whole, townships=frozenset(codes[:1])),
            replace(whole, townships=frozenset(codes[1:3]), as_of=date(2020, 8, 27)),
            replace(whole, as_of=date(2020, 7, 31), campaign="BRGJ2020"),
            replace(whole, stream="event", platform="综治工作"),
            replace(whole, work_group=connection.scalar(sa.text("SELECT min(code) FROM work_groups"))),
            replace(whole, department=connection.scalar(sa.text("SELECT min(lead_department_code) FROM tasks"))),
            replace(whole, region=connection.scalar(sa.text("SELECT code FROM regions WHERE level = 'county'"))),
        ]
        for scope in scopes:
            for name, read in public_reads().items():
                wanted = inspect.signature(read).parameters
                given: dict[str, Any] = {key: value(connection) for key, value in GIVEN.items() if key in wanted}
                given |= {"scope": scope} if "scope" in wanted else {}
                alone = read(connection, **given)
                with sharing(connection, kept):
                    together = read(connection, **given)
                assert same(together, alone), f"{name} of {scope}"
    engine.dispose()
    assert len(kept) > 50


def same(one: Any, other: Any) -> bool:
    """Tell whether two results say the same, whatever they are made of."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
        return True
    if isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other)
        return True
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    if is_dataclass(one):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


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
