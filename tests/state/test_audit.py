from sqlalchemy import Connection

from state.audit import Act, newest_acts, record
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
