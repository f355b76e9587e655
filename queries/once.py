"""What a figure set is made of, read once: a reader of many figures asks for the same regions, reports and states."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from sqlalchemy import Connection

_KEPT, _IS_WIDE = "kept_for_one_look", "looks_at_many"

T = TypeVar("T")
Kept = dict[Hashable, object]


@contextmanager
def sharing(connection: Connection, kept: Kept | None) -> Iterator[None]:
    """Let readers keep what they have read in `kept`, which goes on to the next connection; None: nothing is kept."""
    before = _kept(connection)
    connection.execution_options(**{_KEPT: kept})
    try:
        yield
    finally:
        connection.execution_options(**{_KEPT: before})


@contextmanager
def one_look(connection: Connection) -> Iterator[None]:
    """Let readers keep in here what they have read on this connection; one look within another is part of it."""
    if is_looking(connection):
        yield
        return
    kept = _kept(connection)
    with sharing(connection, {} if kept is None else kept):
        connection.execution_options(**{_IS_WIDE: True})
        try:
            yield
        finally:
            connection.execution_options(**{_IS_WIDE: False})


def once(connection: Connection, key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` gives, from memory where the same key was read in this look; nobody changes it."""
    kept = _kept(connection)
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast("T", kept[key])


def is_looking(connection: Connection) -> bool:
    """Tell whether one reader looks at many figures: then the widest of several questions is worth its rows."""
    return bool(connection.get_execution_options().get(_IS_WIDE))


def _kept(connection: Connection) -> Kept | None:
    return cast("Kept | None", connection.get_execution_options().get(_KEPT))
