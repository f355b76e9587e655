"""Sign-in attempts: how many failed, who has to wait, who is only slowed.

An attempt is counted as a failure when it is let in and struck off when it succeeds: a burst of parallel guesses
cannot slip past a counter that is raised too late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from state import clock
from state.tables import SIGN_IN_ATTEMPTS

PAIR_FAILURES = 5
"""From this many failures of one account from one address on, each locks the pair."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
PAIR_MEMORY = timedelta(hours=24)
ADDRESS_FAILURES = 100
ADDRESS_WINDOW = timedelta(minutes=10)
ACCOUNT_FAILURES = 10
"""From this many failures of one account in ADDRESS_WINDOW on, from wherever, its answers come later."""
LONGEST_DELAY = 3.0


@dataclass(frozen=True)
class Admission:
    """Whether an attempt may be checked: not while `wait` is positive; and how many seconds to hold its answer."""

    wait: timedelta = timedelta(0)
    delay_seconds: float = 0.0

    @property
    def is_locked(self) -> bool:
        """Whether the attempt is refused unseen."""
        return self.wait > timedelta(0)


def admit(connection: Connection, account: str, address: str) -> Admission:
    """Count an attempt and say whether its password may be looked at; for unknown accounts just the same."""
    moment = clock.now()
    connection.execute(SIGN_IN_ATTEMPTS.delete().where(SIGN_IN_ATTEMPTS.c.last_at < moment - PAIR_MEMORY))
    counters = [_counter(connection, key, moment) for key in _keys(account, address)]
    pair, whole_address, whole_account = counters
    waits = [counter.locked_until - moment for counter in counters if _is_locked(counter, moment)]
    wait = max([timedelta(0), *waits])
    if wait > timedelta(0):
        return Admission(wait)
    _count(connection, pair, moment, locked_for=_pair_lock(pair.failures + 1))
    full = _in_window(whole_address, moment) + 1 >= ADDRESS_FAILURES
    _count(connection, whole_address, moment, locked_for=ADDRESS_WINDOW if full else None, window=True)
    _count(connection, whole_account, moment, locked_for=None, window=True)
    beyond = _in_window(whole_account, moment) + 1 - ACCOUNT_FAILURES
    return Admission(delay_seconds=min(LONGEST_DELAY, 0.5 * max(0, beyond)))


def succeed(connection: Connection, account: str, address: str) -> None:
    """Strike off the attempt that succeeded, with the earlier failures of that account from that address."""
    pair, whole_address, whole_account = (_where(key) for key in _keys(account, address))
    connection.execute(SIGN_IN_ATTEMPTS.delete().where(pair))
    for counter in (whole_address, whole_account):
        failures = SIGN_IN_ATTEMPTS.c.failures
        fewer = sa.case((failures > 0, failures - 1), else_=0)
        connection.execute(SIGN_IN_ATTEMPTS.update().where(counter).values(failures=fewer, locked_until=None))


def note_asked(connection: Connection) -> None:
    """Write when it was last asked whether this can be written; the row counts nobody."""
    key, moment = ("asked", "health"), clock.now()
    _counter(connection, key, moment)
    connection.execute(SIGN_IN_ATTEMPTS.update().where(_where(key)).values(last_at=moment))


def _is_locked(counter: Row[tuple[object, ...]], moment: datetime) -> bool:
    """Tell whether the counter's lock holds: one that ends later than any lock lasts was set by a wrong clock."""
    return counter.locked_until is not None and bool(counter.locked_until - moment <= LONGEST_LOCK)


def _pair_lock(failures: int) -> timedelta | None:
    if failures < PAIR_FAILURES:
        return None
    doubled: int = 2 ** min(failures - PAIR_FAILURES, 10)
    return min(LONGEST_LOCK, FIRST_LOCK * doubled)


def _keys(account: str, address: str) -> tuple[tuple[str, str], ...]:
    network = _network(address)
    name = account.casefold()
    texts = (("pair", f"{name}\n{network}"), ("address", network), ("account", name))
    return tuple((kind, sha256(text.encode()).hexdigest()) for kind, text in texts)


def _network(address: str) -> str:
    """Return the address, of IPv6 the /64 that one customer holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed.exploded[:19]) if isinstance(parsed, IPv6Address) else str(parsed)


def _where(key: tuple[str, str]) -> sa.ColumnElement[bool]:
    return sa.and_(SIGN_IN_ATTEMPTS.c.kind == key[0], SIGN_IN_ATTEMPTS.c.subject == key[1])


def _counter(connection: Connection, key: tuple[str, str], moment: datetime) -> Row[tuple[object, ...]]:
    """Return the counter, made if missing, and held until the transaction ends."""
    statement = sa.select(SIGN_IN_ATTEMPTS).where(_where(key)).with_for_update()
    row = connection.execute(statement).first()
    if row is None:
        try:
            with connection.begin_nested():
                new = {"kind": key[0], "subject": key[1], "failures": 0, "since": moment, "last_at": moment}
                connection.execute(SIGN_IN_ATTEMPTS.insert().values(new))
        except sa.exc.IntegrityError:
            pass  # another server made it meanwhile
        row = connection.execute(statement).one()
    return row


def _in_window(counter: Row[tuple[object, ...]], moment: datetime) -> int:
    return int(counter.failures) if _is_within(counter, moment) else 0


def _is_within(counter: Row[tuple[object, ...]], moment: datetime) -> bool:
    """Tell whether the counter's window still runs; one that begins well ahead was opened by a wrong clock."""
    return bool(abs(moment - counter.since) < ADDRESS_WINDOW)


def _count(
    connection: Connection,
    counter: Row[tuple[object, ...]],
    moment: datetime,
    *,
    locked_for: timedelta | None,
    window: bool = False,
) -> None:
    is_new = window and not _is_within(counter, moment)
    values = {
        "failures": 1 if is_new else counter.failures + 1,
        "since": moment if is_new else counter.since,
        "last_at": moment,
        "locked_until": None if locked_for is None else moment + locked_for,
    }
    connection.execute(SIGN_IN_ATTEMPTS.update().where(_where((counter.kind, counter.subject))).values(values))
