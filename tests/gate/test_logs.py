"""The log holds JSON lines and nothing that a fault carries along."""

import json
import logging
import sys

import pytest
from sqlalchemy.exc import OperationalError

from gate.logs import JsonLines


def line(error: Exception | None = None) -> dict[str, object]:
    """Return what is written of an error that was raised here."""
    info = None
    if error is not None:
        try:
            raise error
        except Exception:
            info = sys.exc_info()
    record = logging.LogRecord("gate.boundary", logging.ERROR, __file__, 1, "fault %s: %s", ("A1", "x"), info)
    written = JsonLines().format(record)
    assert "\n" not in written
    return dict(json.loads(written))


def test_a_record_is_one_line_of_json() -> None:
    told = line()
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "gate.boundary", "fault A1: x")
    assert str(told["time"]).endswith("+00:00")
    assert set(told) == {"time", "level", "logger", "message"}


@pytest.mark.parametrize(
    "error",
    [
        ValueError("王小明 330822199001011234"),
        OperationalError("SELECT * FROM people WHERE name = '王小明'", {"name": "王小明"}, Exception("王小明")),
    ],
)
def test_a_fault_is_told_by_kind_and_place_without_its_values(error: Exception) -> None:
    told = line(error)
    assert told["fault"] == type(error).__name__
    assert "test_logs.py" in str(told["at"])
    assert "王小明" not in json.dumps(told, ensure_ascii=False)
    assert "SELECT" not in json.dumps(told)
