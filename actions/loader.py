"""The loader behind the import page: each step is held against the viewer's rights and put down in the audit trail.

What is uploaded stays in memory for as long as one call lasts: nothing is written to disk or kept. The user's names of
files are shown back and go nowhere else, neither into the release nor into the trail: people write names of
petitioners there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy.exc import InternalError, OperationalError

import auth
from actions.entry import live_viewer
from analysis.scope import Viewer
from analysis.table_names import table_word
from analysis.wording import day
from database.refresh import Progress
from errors import DashboardError, DatabaseUnavailable, Refused
from settings import get_settings
from state import audit
from state.engine import writing

if TYPE_CHECKING:
    from database.load import Loaded
    from database.loading.batch import Sheet
    from database.loading.changes import Counts
    from database.loading.findings import Finding

MEGABYTE = 1024 * 1024
MAX_FILES = 20
MAX_MEGABYTES = 50
"""Of all files of one load together; `server.maxUploadSize` limits each on its way."""

SOURCE = "行动办网页导入"
"""Where the release says that it comes from."""

PROBLEMS = {"severity": "str", "file": "str", "sheet": "str", "row": "int64", "column": "str", "value": "str",
            "reason": "str", "count": "int64"}  # fmt: skip
COUNTS = {"table": "str", "added": "int64", "changed": "int64", "unchanged": "int64", "deleted": "int64",
          "skipped": "int64"}  # fmt: skip


class Named(Protocol):
    """A file as the browser handed it over."""

    name: str

    def getvalue(self) -> bytes:
        """Return the whole content."""
        ...


@dataclass(frozen=True)
class Upload:
    """One file of a load."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What came of a check or a load: one sentence, and what there is to show for it.

    `problems` has a row per problem and the columns PROBLEMS (row 0: the whole file; count: the rows it stands for);
    `counts` a row per table and the columns COUNTS; `report` is a workbook of the problems with the rows marked, None
    without any.
    """

    said: str
    is_ready: bool = False
    is_written: bool = False
    problems: pd.DataFrame = field(default_factory=lambda: _frame([], PROBLEMS))
    counts: pd.DataFrame = field(default_factory=lambda: _frame([], COUNTS))
    report: bytes | None = field(default=None, repr=False)


def loader_url() -> str | None:
    """Return the address that the page may write; None where imports are done by command."""
    settings = get_settings()
    return settings.loader_url or (settings.database_url if settings.is_embedded_demo else None)


def template(connection: Connection) -> bytes:
    """Return the workbook to fill in, with the county's own names in its lists.

    Source: tables regions, departments, tasks, kpis and further ones that rows refer to.
    """
    from database.loading.template import write_template

    buffer = BytesIO()
    write_template(buffer, connection)
    return buffer.getvalue()


def uploads(files: Iterable[Named]) -> tuple[Upload, ...]:
    """Return the files that a page was given."""
    return tuple(Upload(file.name, file.getvalue()) for file in files)


def fingerprint(files: Sequence[Upload], *given: object) -> str:
    """Return a mark of exactly these files and what else was given; "" for no files: a checked load is known by it."""
    digest = sha256(repr(given).encode())
    for file in files:
        digest.update(sha256(file.name.encode()).digest() + sha256(file.content).digest())
    return digest.hexdigest() if files else ""


def check_files(
    files: Sequence[Upload],
    as_of: date | None = None,
    *,
    is_skipping: bool = False,
    is_deleting: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Check everything that a load would check, and count what it would change; nothing is written.

    Parameters
    ----------
    is_skipping
        Leave rows with errors out and take the others.
    is_deleting
        The files name, by their key columns, rows that are to go.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office.
    errors.DashboardError
        The database cannot be written: no address, another contract.
    """
    return _audited("import_checked", files, _Asked(as_of, is_skipping, is_deleting, is_dry_run=True), progress)


def load_files(
    files: Sequence[Upload],
    as_of: date | None = None,
    *,
    is_skipping: bool = False,
    is_deleting: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Load the files, all or nothing, and publish a release; parameters and errors are those of `check_files`."""
    return _audited("import_written", files, _Asked(as_of, is_skipping, is_deleting, is_dry_run=False), progress)


@dataclass(frozen=True)
class _Asked:
    as_of: date | None
    is_skipping: bool
    is_deleting: bool
    is_dry_run: bool


def _audited(action: str, files: Sequence[Upload], asked: _Asked, progress: Progress | None) -> Outcome:
    viewer = live_viewer()
    if viewer.role != "office":
        raise Refused
    url = loader_url()
    if url is None:
        raise DashboardError("没有设置导入地址（LOADER_URL），请用命令导入。")
    try:
        outcome = _refusal_of_size(files) or _carried_out(url, files, asked, progress)
    except BaseException:  # a closed tab ends the run too: nothing was written, and that is put down
        _note(viewer, "import_failed", f"{len(files)}个文件")
        raise
    is_done = outcome.is_ready or outcome.is_written
    _note(viewer, action if is_done else "import_refused", f"{len(files)}个文件：{outcome.said}")
    return outcome


def _note(viewer: Viewer, action: str, subject: str) -> None:
    with writing(auth.state()) as connection:
        audit.record(connection, action, account=viewer.account, subject=subject)


def _refusal_of_size(files: Sequence[Upload]) -> Outcome | None:
    if not files:
        return Outcome("没有选择文件。")
    if len(files) > MAX_FILES:
        return Outcome(f"一次最多导入{MAX_FILES}个文件，现有{len(files)}个，请分次导入。")
    size = sum(len(file.content) for file in files)
    if size > MAX_MEGABYTES * MEGABYTE:
        return Outcome(f"文件合计{size / MEGABYTE:.0f}MB，超过{MAX_MEGABYTES}MB，请分次导入，或请管理员用命令导入。")
    return None


def _carried_out(url: str, files: Sequence[Upload], asked: _Asked, progress: Progress | None) -> Outcome:
    from database import load as loading  # here: pandera alone takes a second to import
    from database.contract import Unfit, need_contract
    from database.engine import writing_engine
    from database.faults import fault_word
    from database.writing import Busy, writer

    engine = writing_engine(url)
    try:
        with writer(engine) as connection:
            need_contract(connection)
            given = [loading.Upload(file.name, file.content) for file in files]
            loaded = loading.load(
                connection,
                [] if asked.is_deleting else given,
                deletions=given if asked.is_deleting else [],
                as_of=asked.as_of,
                is_dry_run=asked.is_dry_run,
                is_skipping=asked.is_skipping,
                source=SOURCE,
                progress=progress,
            )
            outcome = _outcome(loaded, is_dry_run=asked.is_dry_run)
    except loading.Refused as refused:
        marked = _workbook(refused.findings, refused.rows)
        return Outcome(f"{refused}。", problems=_problems(refused.findings), report=marked)
    except Busy as busy:
        return Outcome(f"{busy}。")
    except Unfit as unfit:
        raise DashboardError(f"{unfit}。") from unfit
    except (OperationalError, InternalError) as error:
        sentence = f"要导入的数据库无法写入（{fault_word(error)}），没有写入任何数据，请稍后再试。"
        raise DatabaseUnavailable(sentence) from error
    finally:
        engine.dispose()
    return outcome


def _outcome(loaded: "Loaded", *, is_dry_run: bool) -> Outcome:
    """Say what a check or load came to, with the rows by table."""
    rejects = loaded.rejects
    skipped = rejects.counts if rejects else {}
    left_out = tuple(rejects.findings) if rejects else ()
    if not loaded.rows:
        said = f"{loaded.nothing_said}，没有变化，不发布新批次。"
    elif is_dry_run:
        said = f"检查通过，将发布的数据截至{day(loaded.as_of)}；尚未写入。"
    else:
        words = [word for word, by in (("导入", loaded.imported), ("删除", loaded.deleted)) if any(by.values())]
        said = f"已{'并'.join(words)}，发布为第{loaded.release}批，截至{day(loaded.as_of)}。"
    return Outcome(
        f"{said}跳过{sum(skipped.values())}行。" if skipped else said,
        is_ready=is_dry_run and bool(loaded.rows),
        is_written=not is_dry_run and bool(loaded.rows),
        problems=_problems([*left_out, *loaded.warnings]),
        counts=_counts(loaded.counts, skipped),
        report=_workbook(left_out, rejects.sheets) if rejects else None,
    )


def _workbook(findings: "Sequence[Finding]", rows: "Sequence[Sheet]") -> bytes:
    from database.loading.rejects import write_report

    buffer = BytesIO()
    write_report(buffer, findings, rows)
    return buffer.getvalue()


def _problems(findings: "Iterable[Finding]") -> pd.DataFrame:
    from database.loading.findings import WORDS

    rows = [(WORDS[f.severity], f.file, f.sheet, f.row, f.header, f.value, f.reason, f.count) for f in findings]
    return _frame(rows, PROBLEMS)


def _counts(counts: "Mapping[str, Counts]", skipped: Mapping[str, int]) -> pd.DataFrame:
    rows = [
        (table_word(table), count.added, count.changed, count.unchanged, count.deleted, skipped.get(table, 0))
        for table, count in counts.items()
    ]
    return _frame(rows, COUNTS)


def _frame(rows: Sequence[tuple[object, ...]], columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(dict(columns))
