from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from state.attempts import admit, succeed
from state.engine import writing
from tests.state.conftest import Clock


def waits(db: Connection, account: str, address: str) -> timedelta:
    return admit(db, account, address).wait


def test_five_failures_of_a_pair_lock_it_for_a_minute(db: Connection, time: Clock) -> None:
    assert [waits(db, "wang", "10.0.0.1") for _ in range(5)] == [timedelta(0)] * 5
    assert waits(db, "wang", "10.0.0.1") == timedelta(minutes=1)
    assert waits(db, "WANG", "10.0.0.1") == timedelta(minutes=1)
    assert waits(db, "li", "10.0.0.1") == timedelta(0)
    assert waits(db, "wang", "10.0.0.2") == timedelta(0)


def test_the_lock_doubles_to_fifteen_minutes(db: Connection, time: Clock) -> None:
    for _ in range(4):
        admit(db, "wang", "10.0.0.1")
    locks = []
    for _ in range(7):
        assert waits(db, "wang", "10.0.0.1") == timedelta(0)
        lock = waits(db, "wang", "10.0.0.1")
        locks.append(lock / timedelta(minutes=1))
        time.pass_(seconds=lock.total_seconds())
    assert locks == [1, 2, 4, 8, 15, 15, 15]


def test_trying_while_locked_neither_checks_nor_prolongs(db: Connection, time: Clock) -> None:
    for _ in range(5):
        admit(db, "wang", "10.0.0.1")
    time.pass_(seconds=59)
    assert waits(db, "wang", "10.0.0.1") == timedelta(seconds=1)
    time.pass_(seconds=1)
    assert waits(db, "wang", "10.0.0.1") == timedelta(0)


def test_success_forgets_the_failures_of_the_pair(db: Connection, time: Clock) -> None:
    for _ in range(4):
        admit(db, "wang", "10.0.0.1")
    admit(db, "wang", "10.0.0.1")
    succeed(db, "wang", "10.0.0.1")
    assert [waits(db, "wang", "10.0.0.1") for _ in range(5)] == [timedelta(0)] * 5
    assert waits(db, "wang", "10.0.0.1") == timedelta(minutes=1)


def test_a_clock_that_ran_ahead_locks_nobody_out_when_it_is_set_right(db: Connection, time: Clock) -> None:
    time.pass_(days=400)
    for _ in range(5):
        admit(db, "wang", "10.0.0.1")
    assert waits(db, "wang", "10.0.0.1") == timedelta(minutes=1)
    for number in range(105):
        admit(db, f"somebody{number}", "10.0.0.1")
    time.pass_(days=-400)
    assert waits(db, "wang", "10.0.0.1") == timedelta(0)


def test_a_pair_is_forgotten_after_a_day(db: Connection, time: Clock) -> None:
    for _ in range(4):
        admit(db, "wang", "10.0.0.1")
    time.pass_(hours=24, seconds=1)
    assert [waits(db, "wang", "10.0.0.1") for _ in range(5)] == [timedelta(0)] * 5


def test_a_hundred_failures_in_ten_minutes_lock_the_address_for_every_account(db: Connection, time: Clock) -> None:
    for number in range(100):
        assert waits(db, f"name{number}", "10.0.0.1") == timedelta(0)
    assert waits(db, "wang", "10.0.0.1") == timedelta(minutes=10)
    assert waits(db, "wang", "10.0.0.2") == timedelta(0)
    time.pass_(minutes=10)
    assert waits(db, "wang", "10.0.0.1") == timedelta(0)


def test_ninety_nine_in_one_window_and_one_in_the_next_lock_nobody(db: Connection, time: Clock) -> None:
    for number in range(99):
        admit(db, f"name{number}", "10.0.0.1")
    time.pass_(minutes=10)
    assert waits(db, "wang", "10.0.0.1") == timedelta(0)
    assert waits(db, "li", "10.0.0.1") == timedelta(0)


def test_successes_do_not_fill_the_address(db: Connection, time: Clock) -> None:
    for number in range(150):
        assert waits(db, f"name{number}", "10.0.0.1") == timedelta(0)
        succeed(db, f"name{number}", "10.0.0.1")
    admit(db, "wang", "10.0.0.1")
    assert waits(db, "li", "10.0.0.1") == timedelta(0)


def test_a_later_window_is_counted_like_the_first(db: Connection, time: Clock) -> None:
    admit(db, "early", "10.0.0.1")
    time.pass_(minutes=30)
    for number in range(100):
        assert waits(db, f"name{number}", "10.0.0.1") == timedelta(0)
    assert waits(db, "wang", "10.0.0.1") == timedelta(minutes=10)


def test_an_account_guessed_from_many_places_is_slowed_and_never_locked(db: Connection, time: Clock) -> None:
    delays = [admit(db, "wang", f"10.0.0.{number}") for number in range(20)]
    assert all(not admission.is_locked for admission in delays)
    assert [admission.delay_seconds for admission in delays] == [*[0.0] * 10, 0.5, 1.0, 1.5, 2.0, 2.5, *[3.0] * 5]
    assert admit(db, "li", "10.0.0.1").delay_seconds == 0
    time.pass_(minutes=10)
    assert admit(db, "wang", "10.0.1.1").delay_seconds == 0


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(
    db: Connection, time: Clock, first: str, second: str, *, is_same: bool
) -> None:
    for _ in range(5):
        admit(db, "wang", first)
    assert (waits(db, "wang", second) > timedelta(0)) is is_same


def test_parallel_guesses_are_all_counted(engine: Engine, time: Clock) -> None:
    def guess(_: int) -> bool:
        with writing(engine) as connection:
            return not admit(connection, "wang", "10.0.0.1").is_locked

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(24))) == 5


def test_what_was_typed_is_not_kept(db: Connection, time: Clock) -> None:
    admit(db, "my-Password-1", "10.0.0.1")
    rows = db.exec_driver_sql("SELECT kind, subject FROM sign_in_attempts").all()
    assert {kind for kind, _ in rows} == {"pair", "address", "account"}
    assert all("Password" not in subject and "10.0" not in subject for _, subject in rows)
