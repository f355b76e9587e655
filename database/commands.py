"""The commands over the shared database: demo, upgrade, template, load, check, refresh, distribute; what each does."""

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError
from tqdm import tqdm

from database.contract import Unfit, need_contract, need_shape, upgrade
from database.engine import reading_engine, writing_engine
from database.faults import fault_word
from database.offered import Occupied
from database.writing import Busy, writer

DONE, FAILED, UNUSABLE = 0, 1, 2
"""Exit statuses: done; refused or something found; a wrong call or a database that cannot be used."""


class Bars:
    """Progress bars on standard error, one for each step that is reported; none where that is not a terminal."""

    def __init__(self) -> None:
        self._step, self._bar = "", tqdm(disable=True)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step has come."""
        if step != self._step:
            self.close()
            self._step, self._bar = step, tqdm(desc=step, total=total, disable=None, leave=True)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the last bar."""
        self._bar.close()


def carried_out(given: Namespace, url: str) -> int:
    """Carry out one command on the database at `url` and return the exit status."""
    commands = {
        "demo": _demo,
        "upgrade": _upgrade,
        "template": _template,
        "load": _load,
        "check": _check,
        "refresh": _refresh,
        "distribute": _distribute,
    }
    bars = Bars()
    try:
        return commands[given.command](given, url, bars)
    except Busy as busy:
        return _failed(str(busy), FAILED)
    except (Unfit, Occupied) as unfit:
        return _failed(str(unfit), UNUSABLE)
    except ArgumentError:
        return _failed("数据库地址无法识别，应以 sqlite:/// 或 postgresql:// 开头", UNUSABLE)
    except DBAPIError as error:
        return _failed(f"数据库无法使用（{fault_word(error)}）", UNUSABLE)
    finally:
        bars.close()


def _demo(given: Namespace, url: str, bars: Bars) -> int:
    from database.demo import ForeignData, create_demo

    try:
        create_demo(url, cases=given.cases, townships=given.townships, seed=given.seed, progress=bars)
    except ForeignData as foreign:
        return _failed(str(foreign), FAILED)
    except ValueError as wrong:
        return _failed(str(wrong), UNUSABLE)
    bars.close()
    return _done("演示县已建立")


def _upgrade(given: Namespace, url: str, bars: Bars) -> int:
    upgrade(url)
    return _done("数据库已是本程序的版本")


def _template(given: Namespace, url: str, bars: Bars) -> int:
    from database.loading.template import write_template

    if given.target.suffix.lower() != ".xlsx":
        return _failed("模板的文件名应以 .xlsx 结尾", UNUSABLE)
    engine = reading_engine(url)
    try:
        with engine.connect() as connection:
            need_contract(connection)
            write_template(given.target, connection)
    except (Unfit, DBAPIError):  # the settings' database need not be there: the reference serves as well
        if given.url:
            raise
        write_template(given.target)
    except OSError as error:
        return _failed(f"写不出 {given.target}（{error.strerror}）", UNUSABLE)
    finally:
        engine.dispose()
    return _done(f"模板已写到 {given.target}")


def _load(given: Namespace, url: str, bars: Bars) -> int:
    from database.load_command import load_command  # here: pandera alone takes a second to import

    return load_command(given, lambda carry_out: _written(url, carry_out), bars)


def _check(given: Namespace, url: str, bars: Bars) -> int:
    from database.check import check, counts_by_severity, errors

    engine = reading_engine(url)
    try:
        with engine.connect() as connection:
            need_contract(connection)
            findings = check(connection, today=datetime.now().astimezone().date(), progress=bars)
    finally:
        engine.dispose()
    bars.close()
    for finding in findings:
        print(finding)  # noqa: T201
    counts = "、".join(f"{n}处{word}" for word, n in counts_by_severity(findings).items() if n)
    if errors(findings):
        return _failed(f"发现{counts}", FAILED)
    return _done(f"核对通过，{counts}" if findings else "核对通过")


def _refresh(given: Namespace, url: str, bars: Bars) -> int:
    from database.schedule import refresh_if_changed

    def carry_out(connection: Connection) -> int:
        need_shape(connection)
        done = refresh_if_changed(
            connection,
            today=datetime.now().astimezone().date(),
            as_of=given.as_of,
            note=given.note,
            is_forced=given.force,
            progress=bars,
        )
        bars.close()
        batch = f"第{done.release}批，截至{done.as_of.isoformat()}"
        if not done.is_new:
            return _done(f"基础数据没有变化，未发布新批次（最近为{batch}）")
        return _done(f"已重新汇总，{batch}" + (f"；变化：{done.changes}" if done.changes else ""))

    return _written(url, carry_out)


def _distribute(given: Namespace, url: str, bars: Bars) -> int:
    from database.distribute import NO_CITUS, NO_POSTGRESQL, distribution_statements, has_citus

    engine = reading_engine(url)
    try:
        if engine.dialect.name != "postgresql":
            return _failed(NO_POSTGRESQL, UNUSABLE)
        with engine.connect() as connection:
            need_contract(connection)
            is_able = has_citus(connection)
    finally:
        engine.dispose()
    print("\n".join(distribution_statements()))  # noqa: T201
    return DONE if is_able else _failed(NO_CITUS, FAILED)


def _written(url: str, carry_out: Callable[[Connection], int]) -> int:
    """Carry out what writes, under the writer's lock, on a database of this contract."""
    engine = writing_engine(url)
    try:
        with writer(engine) as connection:
            need_contract(connection)
            return carry_out(connection)
    finally:
        engine.dispose()


def _done(message: str) -> int:
    print(message)  # noqa: T201
    return DONE


def _failed(message: str, status: int) -> int:
    print(message, file=sys.stderr)  # noqa: T201
    return status
