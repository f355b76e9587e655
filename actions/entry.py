"""One entry that a user makes: by the live viewer, held against rights and texts, with its line in the audit trail."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection

import auth
from analysis.annotations import problem
from analysis.scope import Viewer
from errors import Refused, SignedOut
from state import audit
from state.engine import writing


def live_viewer() -> Viewer:
    """Return who is signed in now.

    Raises
    ------
    errors.SignedOut
        There is nobody.
    """
    viewer = auth.current_viewer()
    if viewer is None:
        raise SignedOut
    return viewer


@contextmanager
def signed_in() -> Iterator[Connection]:
    """Yield a connection to read what anybody who is signed in may see.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    live_viewer()
    with auth.state().connect() as connection:
        yield connection


@contextmanager
def entry(
    viewer: Viewer, action: str, subject: str, *, is_allowed: bool, texts: Sequence[str] = ()
) -> Iterator[Connection]:
    """Yield a connection whose transaction holds the entry and its line in the audit trail, or neither.

    Raises
    ------
    errors.Refused
        The viewer may not, or one of `texts` may not be written (`analysis.annotations.problem`).
    """
    if not is_allowed:
        raise Refused
    wrong = next(filter(None, map(problem, texts)), "")
    if wrong:
        raise Refused(wrong)
    with writing(auth.state()) as connection:
        yield connection
        audit.record(connection, action, account=viewer.account, subject=subject)
