"""Is the service well? For the monitoring: both databases asked anew, and how old the newest figures are."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth import state
from cache import release
from errors import DataError
from state import attempts
from state.engine import writing

PATH = "/health"
_LOG = logging.getLogger(__name__)


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
    """Ask both databases now."""
    is_reachable, age = _release_age()
    is_state_reachable = _answers()
    return Health(is_state_reachable, is_state_reachable and _takes_writes(), is_reachable, age)


async def answer(request: Request) -> Response:
    """Answer 200 when all is well, otherwise 503; never with addresses, names or words of a fault."""
    found = await run_in_threadpool(health)
    said = {
        "status": "ok" if found.is_well else "failing",
        "state_database": found.is_state_reachable,
        "state_writable": found.is_state_writable,
        "shared_database": found.is_database_reachable,
        "release_age_hours": found.release_age_hours,
    }
    return JSONResponse(said, 200 if found.is_well else 503)


ROUTES = (Route(PATH, answer, methods=["GET"]),)


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
    except SQLAlchemyError as error:
        _LOG.warning("state database takes no writes: %s", type(error).__name__)
        return False
    return True


def _release_age() -> tuple[bool, float | None]:
    try:
        newest = release()
    except (DataError, SQLAlchemyError) as error:
        _LOG.warning("shared database: %s", type(error).__name__)
        return False, None
    if newest is None:
        return True, None
    age = datetime.now(UTC) - newest.published_at.replace(tzinfo=UTC)
    return True, round(age.total_seconds() / 3600, 1)
