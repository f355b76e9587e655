"""deploy/state_roles.sql on a real PostgreSQL: the application adds to its audit trail and does nothing else to it."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from settings import ROOT
from state import audit
from state.accounts import Account, add_account, all_accounts
from state.engine import migrate, state_engine, writing
from tests.conftest import as_role, run_sql

SQL = (ROOT / "deploy" / "state_roles.sql").read_text("utf8")


@pytest.fixture(scope="module")
def application(postgresql_url: str) -> Iterator[Engine]:
    """An engine for the application's role, on a state database that another account owns."""
    admin = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE state_of_roles")
    admin.dispose()
    owner = sa.make_url(postgresql_url).set(database="state_of_roles").render_as_string(hide_password=False)
    run_sql(owner, SQL)  # the role must be there before the application starts
    engine = state_engine(as_role(owner, "dashboard_state"))
    migrate(engine)
    run_sql(owner, SQL, SQL)
    yield engine
    engine.dispose()


def test_the_application_adds_and_reads_acts_and_does_its_own_work(application: Engine) -> None:
    with writing(application) as connection:
        add_account(connection, Account("wang", "县领导", "leader"), "Right-Password-1")
        audit.record(connection, "account_added", account=None, subject="wang")
    with application.connect() as connection:
        assert [account.name for account in all_accounts(connection)] == ["wang"]
        assert "account_added" in {act.action for act in audit.newest_acts(connection)}
    migrate(application)  # at the newest revision already: nothing to do, nothing refused


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET subject = 'x'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE at < now() - interval '200 days'",
        "TRUNCATE audit",
        "DROP TABLE audit",
        "ALTER TABLE audit DISABLE TRIGGER audit_kept",
        "ALTER TABLE audit OWNER TO dashboard_state",
        "DROP TRIGGER audit_kept ON audit",
        "DROP FUNCTION audit_is_kept() CASCADE",
        "SET ROLE dashboard_audit",
        "DROP SCHEMA public CASCADE",
    ],
)
def test_the_application_cannot_change_what_was_put_down(application: Engine, statement: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError) as refused, writing(application) as connection:
        connection.exec_driver_sql(statement)
    assert re.search("permission denied|must be owner|must be able to SET ROLE", str(refused.value.orig))
