"""What a figure set is made of, read once: a reader of many figures asks for the same regions, reports and states."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from sqlalchemy import Connection

_KEPT = "kept_for_one_look"

T = TypeVar("T")


@contextmanager
def one_look(connection: Connection) -> Iterator[None]:
    """Let readers keep in here what they have read on this connection; one look within another is part of it."""
    if _kept(connection) is not None:
        yield
        return
    connection.execution_options(**{_KEPT: {}})
    try:
        yield
    finally:
        connection.execution_options(**{_KEPT: None})


def once(connection: Connection, key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` gives, from memory where the same key was read in this look; nobody changes it."""
    kept = _kept(connection)
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast("T", kept[key])


def is_looking(connection: Connection) -> bool:
    """Tell whether what is read now is kept: then the widest of several questions is worth its rows."""
    return _kept(connection) is not None


def _kept(connection: Connection) -> dict[Hashable, object] | None:
    return cast("dict[Hashable, object] | None", connection.get_execution_options().get(_KEPT))
