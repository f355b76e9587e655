"""What the tests of the reads need beyond the shared fixtures: derived tables from the real refresh."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

from database.refresh import refresh

JIA, YI, BING = "330822001", "330822104", "330822200"


@pytest.fixture
def release(connection: Connection) -> Callable[..., int]:
    """Derive states, indicators and scores from what has been added: release(date(2020, 8, 31))."""

    def derive(as_of: date = date(2020, 8, 31)) -> int:
        return refresh(connection, as_of=as_of, source="测试")

    return derive
