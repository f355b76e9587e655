from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from state import clock
from state.audit import Act, acts, counts, days_back, newest_acts, record
from state.engine import writing
from state.tables import AUDIT
from tests.state.conftest import Clock


def test_acts_come_back_newest_first(db: Connection, time: Clock) -> None:
    begun = time.moment
    record(db, "sign_in", account="wang", address="10.0.0.1")
    time.pass_(seconds=5)
    record(db, "account_added", account=None, subject="li")
    assert newest_acts(db) == [
        Act(time.moment, None, None, "account_added", "li"),
        Act(begun, "wang", "10.0.0.1", "sign_in", ""),
    ]
    assert [act.action for act in newest_acts(db, 1)] == ["account_added"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET subject = ''", "DELETE FROM audit"])
def test_no_act_of_the_last_180_days_is_changed_or_taken_away(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        record(connection, "sign_in", account="wang")
    with pytest.raises(sa.exc.DBAPIError, match="audit is"), writing(engine) as connection:
        connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        assert [act.account for act in newest_acts(connection)] == ["wang"]


def test_what_is_older_than_180_days_may_go_and_is_still_not_changed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for days in (181, 179):
        monkeypatch.setattr(clock, "now", lambda days=days: now - timedelta(days=days))
        with writing(engine) as connection:
            record(connection, "sign_in", account=f"of{days}")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(AUDIT.update().where(AUDIT.c.account == "of181").values(subject="x"))
    with writing(engine) as connection:
        connection.execute(AUDIT.delete().where(AUDIT.c.account == "of181"))
        assert [act.account for act in newest_acts(connection)] == ["of179"]
    with pytest.raises(sa.exc.DBAPIError, match="180 days"), writing(engine) as connection:
        connection.execute(AUDIT.delete())


def test_after_a_clock_that_ran_ahead_the_trail_keeps_its_order_and_hides_nothing(db: Connection, time: Clock) -> None:
    record(db, "sign_in", account="wang")
    time.pass_(days=400)
    record(db, "exported", account="li")
    time.pass_(days=-400, seconds=1)
    record(db, "sign_out", account="wang")
    assert [act.action for act in newest_acts(db)] == ["sign_out", "exported", "sign_in"], "as they were written"
    assert {act.action for act in acts(db, days_back(1), limit=9)} == {"sign_in", "exported", "sign_out"}
    time.pass_(days=8)
    assert counts(db, days_back(7)) == {"exported": 1}, "shown until its day, lest it is overlooked"
