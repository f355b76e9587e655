"""The demo county that a server brings with it when no DATABASE_URL is set."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from database.contract import ContractState, contract_state, upgrade
from database.demo.county import create_demo
from database.engine import reading_engine
from database.writing import Busy


def ensure_demo(file: Path, tell: Callable[[str], None]) -> None:
    """Make the demo county in `file` if there is none, or bring one of an earlier program to this contract version.

    A new file appears whole or not at all, also when two servers start at once. One that cannot be read is left as
    it is: the pages say so.

    Parameters
    ----------
    tell
        Called with one Chinese sentence when something takes time.
    """
    if file.exists():
        if _is_older(file):
            tell("演示数据由旧版本程序建立，正在升级……")
            with suppress(Busy):  # another server is at it
                upgrade(f"sqlite:///{file}")
        return
    tell("首次启动：正在生成演示县数据……")
    file.parent.mkdir(exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        create_demo(f"sqlite:///{part}")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _is_older(file: Path) -> bool:
    engine = reading_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return contract_state(connection) is ContractState.older
    except sa.exc.DBAPIError:
        return False
    finally:
        engine.dispose()
