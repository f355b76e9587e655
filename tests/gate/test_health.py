"""What the monitoring is told: by state of either database, and the age of the newest figures."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from errors import DatabaseUnavailable
from gate import health
from gate.health import Health
from queries.releases import Release


def released(hours: float) -> Release:
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours)
    return Release(1, date(2020, 8, 31), moment, "", "", is_demo=False)


def test_all_is_well_with_both_databases_and_a_release(own_state: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "release_asked_apart", lambda: released(50))
    assert health.health() == Health(True, True, True, 50.0)
    assert health.health().is_well


def test_a_database_without_a_release_is_reachable_and_not_well(
    own_state: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "release_asked_apart", lambda: None)
    assert health.health() == Health(True, True, True, None)
    assert not health.health().is_well


def test_a_shared_database_that_is_away_is_told(own_state: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(health, "release_asked_apart", away)
    assert health.health() == Health(True, True, False, None)


def test_a_state_database_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    away = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    monkeypatch.setattr(health, "state", lambda: away)
    monkeypatch.setattr(health, "release_asked_apart", lambda: released(1))
    assert health.health() == Health(False, False, True, 1.0)
    assert not health.health().is_well


def test_a_state_database_that_takes_no_writes_is_told_until_it_does(
    own_state: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "release_asked_apart", lambda: released(1))

    @sa.event.listens_for(own_state, "connect")
    def refuse(connection: Any, record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    own_state.dispose()
    assert health.health() == Health(True, False, True, 1.0)
    assert not health.health().is_well
    sa.event.remove(own_state, "connect", refuse)
    own_state.dispose()
    assert health.health().is_well
    with own_state.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_in_attempts").scalar_one() == 1, "asked twice"
