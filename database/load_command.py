"""The command `load`: what it is given, what it prints and which workbooks it leaves."""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from analysis.table_names import table_word
from database.load import Loaded, load
from database.loading.batch import Sheet
from database.loading.findings import Finding, Refused, rows_told
from database.loading.rejects import write_report
from database.refresh import Progress

DONE, FAILED, UNUSABLE = 0, 1, 2

SHOWN = 50
"""Problems that are printed; the rest are counted, and stand in the report."""


class Unwritable(Exception):  # noqa: N818
    """A workbook that the load is to leave cannot be written; nothing was loaded."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"写不出 {path}（{error.strerror}），未导入任何数据")


def load_command(given: Namespace, written: Callable[[Callable[[Connection], int]], int], progress: Progress) -> int:
    """Load the files and say what came of it; return the exit status.

    Parameters
    ----------
    written
        Carries out what writes, under the writer's lock.
    """

    def carry_out(connection: Connection) -> int:
        loaded = load(
            connection,
            given.files,
            deletions=given.delete,
            as_of=given.as_of,
            is_dry_run=given.dry_run,
            is_skipping=given.skip_bad,
            progress=progress,
        )
        _leave_workbooks(given, loaded)  # before the transaction ends: a row is loaded or kept aside, never lost
        _tell(loaded.warnings)
        print(_outcome(loaded, is_dry_run=given.dry_run))  # noqa: T201
        return DONE

    try:
        return written(carry_out)
    except Refused as refused:
        _tell(refused.findings)
        _report(given.report, refused)
        print(refused, file=sys.stderr)  # noqa: T201
        return FAILED
    except Unwritable as unwritable:
        print(unwritable, file=sys.stderr)  # noqa: T201
        return UNUSABLE


def _leave_workbooks(given: Namespace, loaded: Loaded) -> None:
    """Write the report, and the rows left out.

    Raises
    ------
    Unwritable
        A path that cannot be written.
    """
    rejects = loaded.rejects
    findings = (*(rejects.findings if rejects else ()), *loaded.warnings)
    if given.report:
        _write(given.report, findings, rejects.sheets if rejects else ())
    if rejects and given.dry_run:
        _tell(rejects.findings)
        print(f"将跳过{rows_told(rejects.counts)}", file=sys.stderr)  # noqa: T201
    elif rejects:
        moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        beside = (given.files or given.delete)[0].parent
        path = given.quarantine or beside / f"未导入的行_{moment}.xlsx"
        _write(path, rejects.findings, rejects.sheets)
        _tell(rejects.findings)
        print(f"跳过{rows_told(rejects.counts)}，存于 {path}", file=sys.stderr)  # noqa: T201


def _report(target: Path | None, refused: Refused) -> None:
    if target:
        _write(target, refused.findings, refused.rows)
        print(f"问题清单和标出的行存于 {target}", file=sys.stderr)  # noqa: T201


def _write(path: Path, findings: Sequence[Finding], rows: Sequence[Sheet]) -> None:
    try:
        write_report(path, findings, rows)
    except OSError as error:
        raise Unwritable(path, error) from error


def _tell(findings: Sequence[Finding]) -> None:
    for finding in findings[:SHOWN]:
        print(finding, file=sys.stderr)  # noqa: T201
    if len(findings) > SHOWN:
        print(f"……另有{len(findings) - SHOWN}处，用 --report 可写成工作簿", file=sys.stderr)  # noqa: T201


def _outcome(loaded: Loaded, *, is_dry_run: bool) -> str:
    """Say by table what was, or would be, written."""
    lines = [
        f"{table_word(table)}：新增{count.added}行，修改{count.changed}行，不变{count.unchanged}行，删除{count.deleted}行"
        for table, count in loaded.counts.items()
    ]
    if is_dry_run:
        said = "检查通过" if loaded.rows else f"检查通过，{loaded.nothing_said}"
        lines.append(f"{said}，未写入任何数据")
    elif loaded.release is None:
        lines.append(f"{loaded.nothing_said}，没有变化，未发布新批次")
    else:
        parts = [(word, rows_told(by)) for word, by in (("导入", loaded.imported), ("删除", loaded.deleted))]
        told = "，".join(word + rows for word, rows in parts if rows)
        lines.append(f"已{told}；第{loaded.release}批，截至{loaded.as_of.isoformat()}")
    return "\n".join(lines)
