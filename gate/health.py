"""Is the service well? For the monitoring: both databases asked anew, and how old the newest figures are."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth import state
from errors import DataError
from shared_database import release_asked_apart
from state import attempts
from state.engine import ask_for_room, writing

PATH = "/health"
ANSWER_SECONDS = 3.0
"""A database that has not answered by then counts as away: monitoring itself gives up soon after."""
_LOG = logging.getLogger(__name__)
_open: dict[Callable[[], Any], "Future[Any]"] = {}
"""The questions that were asked last; one that still hangs is not asked a second time."""
_open_lock = threading.Lock()

T = TypeVar("T")


@dataclass(frozen=True)
class Health:
    """Whether either database answers, whether ours takes writes, and the hours since the newest release, or None."""

    is_state_reachable: bool
    is_state_writable: bool
    is_database_reachable: bool
    release_age_hours: float | None

    @property
    def is_well(self) -> bool:
        """Whether people can sign in and see figures."""
        return self.is_state_writable and self.is_database_reachable and self.release_age_hours is not None


def health() -> Health:
    """Ask both databases now, each in a thread of its own, and wait ANSWER_SECONDS at most for all of them."""
    until = time.monotonic() + ANSWER_SECONDS
    answers, takes_writes, release_age = _asked(_answers), _asked(_takes_writes), _asked(_release_age)
    is_reachable, age = _told(release_age, until, otherwise=(False, None))
    is_state_reachable = _told(answers, until, otherwise=False)
    return Health(is_state_reachable, _told(takes_writes, until, otherwise=False), is_reachable, age)


async def answer(request: Request) -> Response:
    """Answer 200 when all is well, otherwise 503; never with addresses, names or words of a fault."""
    found = await asyncio.to_thread(health)  # not among the threads in which requests wait for a database
    said = {
        "status": "ok" if found.is_well else "failing",
        "state_database": found.is_state_reachable,
        "state_writable": found.is_state_writable,
        "shared_database": found.is_database_reachable,
        "release_age_hours": found.release_age_hours,
    }
    return JSONResponse(said, 200 if found.is_well else 503)


ROUTES = (Route(PATH, answer, methods=["GET"]),)


def _asked(question: Callable[[], T]) -> "Future[T]":
    with _open_lock:
        asked = _open.get(question)
        if asked is None or asked.done():
            asked = _open[question] = Future()
            threading.Thread(target=_ask, args=(question, asked), name="health", daemon=True).start()
    return cast("Future[T]", asked)


def _ask(question: Callable[[], T], asked: "Future[T]") -> None:
    try:
        asked.set_result(question())
    except Exception as error:
        asked.set_exception(error)


def _told(asked: "Future[T]", until: float, *, otherwise: T) -> T:
    try:
        return asked.result(max(0.0, until - time.monotonic()))
    except TimeoutError:
        _LOG.warning("a database does not answer in time")
        return otherwise


def _answers() -> bool:
    try:
        with state().connect() as connection:
            connection.execute(select(1))
    except SQLAlchemyError as error:
        _LOG.warning("state database: %s", type(error).__name__)
        return False
    return True


def _takes_writes() -> bool:
    """Tell whether a row can be written: on a full disk or a read-only database nobody signs in and nothing leaves."""
    try:
        with writing(state()) as connection:
            attempts.note_asked(connection)
            ask_for_room(connection)
    except SQLAlchemyError as error:
        _LOG.warning("state database takes no writes: %s", type(error).__name__)
        return False
    return True


def _release_age() -> tuple[bool, float | None]:
    try:
        newest = release_asked_apart()
    except (DataError, SQLAlchemyError) as error:
        _LOG.warning("shared database: %s", type(error).__name__)
        return False, None
    if newest is None:
        return True, None
    age = datetime.now(UTC) - newest.published_at.replace(tzinfo=UTC)
    return True, round(age.total_seconds() / 3600, 1)
