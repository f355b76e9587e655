import pytest
from sqlalchemy import Connection

from state import sessions
from state.sessions import (
    Opened,
    find_session,
    is_activity_due,
    living_sessions,
    note_activity,
    open_session,
    revoke,
    revoke_all,
    session_hash,
)
from tests.state.conftest import Clock

pytestmark = pytest.mark.usefixtures("people")


def test_a_session_names_its_account_and_only_its_hash_is_stored(db: Connection, time: Clock) -> None:
    session_id = open_session(db, "li", "10.0.0.1")
    found = find_session(db, session_hash(session_id))
    assert found is not None
    assert (found.account, found.role, found.township_code) == ("li", "township", "330822111")
    assert (found.display_name, found.is_demo, found.active_at) == ("球川镇", False, time.moment)
    stored = db.exec_driver_sql("SELECT * FROM sessions").mappings().one()
    assert session_id not in stored.values()
    assert find_session(db, session_id) is None
    assert find_session(db, session_hash("guess")) is None


def test_ids_are_long_and_never_the_same(db: Connection, time: Clock) -> None:
    ids = {open_session(db, "li", "10.0.0.1") for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 43


def test_a_session_idles_out_after_30_minutes_without_activity(db: Connection, time: Clock) -> None:
    hashed = session_hash(open_session(db, "li", "10.0.0.1"))
    time.pass_(minutes=29, seconds=59)
    assert find_session(db, hashed) is not None
    note_activity(db, hashed)
    time.pass_(minutes=29, seconds=59)
    assert find_session(db, hashed) is not None
    time.pass_(seconds=1)
    assert find_session(db, hashed) is None


def test_a_session_is_over_after_12_hours_whatever_its_activity(db: Connection, time: Clock) -> None:
    hashed = session_hash(open_session(db, "li", "10.0.0.1"))
    for _ in range(47):
        time.pass_(minutes=15)
        note_activity(db, hashed)
    assert find_session(db, hashed) is not None
    time.pass_(minutes=15)
    assert find_session(db, hashed) is None


def test_activity_is_due_once_a_minute(db: Connection, time: Clock) -> None:
    hashed = session_hash(open_session(db, "li", "10.0.0.1"))
    time.pass_(seconds=59)
    assert not is_activity_due(_found(db, hashed))
    time.pass_(seconds=1)
    assert is_activity_due(_found(db, hashed))
    note_activity(db, hashed)
    assert not is_activity_due(_found(db, hashed))


def test_revoking_ends_one_session_at_once(db: Connection, time: Clock) -> None:
    one, other = (session_hash(open_session(db, "li", "10.0.0.1")) for _ in range(2))
    revoke(db, one)
    assert find_session(db, one) is None
    assert find_session(db, other) is not None


def test_opening_a_session_sweeps_out_those_that_are_over(db: Connection, time: Clock) -> None:
    open_session(db, "li", "10.0.0.1")
    time.pass_(hours=1)
    open_session(db, "wang", "10.0.0.1")
    time.pass_(hours=11)
    open_session(db, "wang", "10.0.0.1")
    assert db.exec_driver_sql("SELECT count(*) FROM sessions WHERE account = 'li'").scalar_one() == 0
    assert db.exec_driver_sql("SELECT count(*) FROM sessions").scalar_one() == 2


def test_all_sessions_of_one_account_end_at_once(db: Connection, time: Clock) -> None:
    first, second, other = (session_hash(open_session(db, name, "10.0.0.1")) for name in ("li", "li", "wang"))
    assert revoke_all(db, "li") == 2
    assert find_session(db, first) is find_session(db, second) is None
    assert find_session(db, other) is not None


def test_the_living_sessions_are_listed_without_what_would_open_them(db: Connection, time: Clock) -> None:
    open_session(db, "li", "10.0.0.1")
    time.pass_(minutes=30)
    begun = time.moment
    open_session(db, "wang", "10.0.0.2")
    open_session(db, "li", "10.0.0.3")
    assert living_sessions(db) == [Opened("li", "10.0.0.3", begun, begun), Opened("wang", "10.0.0.2", begun, begun)]
    assert [opened.account for opened in living_sessions(db, "wang")] == ["wang"]


def test_a_session_opened_while_the_clock_was_ahead_is_over_when_it_is_set_right(db: Connection, time: Clock) -> None:
    time.pass_(days=400)
    opened_ahead = session_hash(open_session(db, "li", "10.0.0.1"))
    time.pass_(days=-400)
    assert find_session(db, opened_ahead) is None
    assert living_sessions(db) == []
    by_another_server = session_hash(open_session(db, "li", "10.0.0.1"))
    time.pass_(minutes=-4)
    assert find_session(db, by_another_server) is not None
    time.pass_(minutes=-2)
    assert find_session(db, by_another_server) is None


def test_a_clock_that_jumps_ahead_and_back_keeps_nobody_in_for_longer(db: Connection, time: Clock) -> None:
    hashed = session_hash(open_session(db, "li", "10.0.0.1"))
    time.pass_(minutes=29)
    note_activity(db, hashed)
    assert find_session(db, hashed) is not None
    time.pass_(minutes=-25)
    assert find_session(db, hashed) is None, "in use at a time that has not come: over"
    other = session_hash(open_session(db, "wang", "10.0.0.1"))
    time.pass_(hours=-2)
    assert find_session(db, other) is None
    time.pass_(hours=2)
    assert find_session(db, other) is not None
    time.pass_(hours=12)
    assert find_session(db, other) is None


def _found(db: Connection, hashed: str) -> sessions.Session:
    found = find_session(db, hashed)
    assert found is not None
    return found
