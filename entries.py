"""What users write on a page: each entry is held against the live viewer's rights and put down in the audit trail.

The choke point of writing, as `cache.fetch` is that of reading: pages write the state database through it alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

import auth
from analysis.annotations import problem
from analysis.scope import Viewer
from errors import Refused, SignedOut
from state import annotations as stored
from state import audit
from state.annotations import Annotation, Place
from state.engine import writing


def annotations() -> list[Annotation]:
    """Return all annotations, for anybody who is signed in: they stand beside figures, which are open to all.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    _viewer()
    with auth.state().connect() as connection:
        return stored.annotations(connection)


def may_explain(viewer: Viewer) -> bool:
    """Tell whether the viewer sets reasons, and which months count: the office alone."""
    return viewer.role == "office"


def may_reply(viewer: Viewer, region_code: str) -> bool:
    """Tell whether the viewer replies to what is said of a region: the township itself alone."""
    return viewer.role == "township" and viewer.township_code == region_code


def explain(place: Place, reason: str, *, is_excluded: bool) -> None:
    """Write the reason beside a figure, and whether its month is left out of the mean and the limits.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office; or the text may not be written (`analysis.annotations.problem`).
    """
    viewer = _viewer()
    with _entry(viewer, "annotation_written", place, is_allowed=may_explain(viewer), text=reason) as connection:
        stored.explain(connection, place, reason=reason, is_excluded=is_excluded, author=viewer.name)


def reply(place: Place, text: str) -> None:
    """Write a township's reply to what is said of it.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, not that township, nothing to reply to, or the text may not be written.
    """
    viewer = _viewer()
    is_allowed = may_reply(viewer, place.region_code)
    with _entry(viewer, "annotation_replied", place, is_allowed=is_allowed, text=text) as connection:
        if not stored.reply(connection, place, text=text, replier=viewer.name):
            raise Refused("这条情况说明已被撤回。")


def withdraw(place: Place) -> None:
    """Take an annotation away.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office.
    """
    viewer = _viewer()
    with _entry(viewer, "annotation_withdrawn", place, is_allowed=may_explain(viewer)) as connection:
        stored.withdraw(connection, place)


def _viewer() -> Viewer:
    viewer = auth.current_viewer()
    if viewer is None:
        raise SignedOut
    return viewer


@contextmanager
def _entry(
    viewer: Viewer, action: str, place: Place, *, is_allowed: bool, text: str | None = None
) -> Iterator[Connection]:
    """Yield a connection whose transaction holds the entry and its line in the audit trail, or neither."""
    if not is_allowed:
        raise Refused
    if text is not None and problem(text):
        raise Refused(problem(text))
    with writing(auth.state()) as connection:
        yield connection
        subject = f"{place.kpi_code} {place.region_code} {place.month:%Y-%m}"
        audit.record(connection, action, account=viewer.account, subject=subject)
