"""The log: one JSON object a line, and never a value that a fault carries along, as those may be names or addresses."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import streamlit.logger
from sqlalchemy.exc import DBAPIError

_FRAMES = 12
"""Innermost places of a fault that are told."""


class JsonLines(logging.Formatter):
    """One line a record: time (UTC), level, logger, message; of a fault its kind and places, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            said |= _fault(record.exc_info[1], record.exc_info[2])
        return json.dumps(said, ensure_ascii=False)


def write_json_lines() -> None:
    """Let every logger of this process, Streamlit's and uvicorn's too, write JSON lines to the error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.root.handlers = [handler]
    logging.captureWarnings(capture=True)
    for name in list(logging.root.manager.loggerDict):
        _hand_to_root(logging.getLogger(name))
    for name in ("uvicorn.access", "uvicorn.error"):  # they would put down addresses and queries
        logging.getLogger(name).setLevel(logging.WARNING)
    setattr(streamlit.logger, "setup_formatter", _hand_to_root)  # noqa: B010  (it gives each logger its own handler)


def _hand_to_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
    logger.streamlit_console_handler = logging.NullHandler()  # type: ignore[attr-defined]


def _fault(error: BaseException, places: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(places)[-_FRAMES:]
    said: dict[str, Any] = {"fault": type(error).__name__, "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}
    if isinstance(error, DBAPIError):
        said["sqlstate"] = getattr(error.orig, "sqlstate", None)
    return said
