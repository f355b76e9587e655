"""The demo county of a server without DATABASE_URL: made once, kept, brought to the contract version."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from database.contract import ContractState, contract_state, downgrade
from database.demo import ensure_demo
from database.engine import reading_engine


def _state(file: Path) -> ContractState:
    engine = reading_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        state = contract_state(connection)
    engine.dispose()
    return state


@pytest.fixture
def built(demo_url: str, tmp_path: Path) -> Path:
    """A copy of the demo county."""
    return Path(shutil.copy(str(sa.make_url(demo_url).database), tmp_path / "demo.db"))


def test_a_missing_demo_is_made_whole_and_leaves_no_part_behind(tmp_path: Path) -> None:
    said: list[str] = []
    ensure_demo(tmp_path / "var" / "demo.db", said.append)
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["demo.db"]
    assert _state(tmp_path / "var" / "demo.db") is ContractState.ok
    assert len(said) == 1


def test_a_demo_that_is_there_is_kept_as_it_is(built: Path) -> None:
    before = built.read_bytes()
    said: list[str] = []
    ensure_demo(built, said.append)
    assert built.read_bytes() == before
    assert said == []


def test_a_demo_of_an_earlier_contract_is_brought_up(built: Path) -> None:
    downgrade(f"sqlite:///{built}", "0001")
    assert _state(built) is ContractState.older
    ensure_demo(built, lambda sentence: None)
    assert _state(built) is ContractState.ok


def test_a_file_that_is_no_database_is_left_for_the_pages_to_tell(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    file.write_text("not a database" * 100)
    ensure_demo(file, lambda sentence: None)
    assert file.read_text().startswith("not a database")
