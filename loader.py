"""The loader behind the import page: each step is held against the viewer's rights and put down in the audit trail.

What is uploaded lies in a private temporary folder, under names of ours, for as long as one call lasts; nothing is
kept, and no file name of the user's reaches the shared database: people write names of petitioners there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

import pandas as pd
from sqlalchemy.exc import OperationalError

import auth
from analysis.scope import Viewer
from analysis.table_names import TABLE_NAMES, table_word
from analysis.wording import day
from database.refresh import Progress
from errors import DashboardError, DatabaseUnavailable, Refused, SignedOut
from settings import get_settings
from state import audit
from state.engine import writing

if TYPE_CHECKING:
    from database.load import Loaded
    from database.loading.findings import Finding

MEGABYTE = 1024 * 1024
MAX_FILES = 20
MAX_MEGABYTES = 50
"""Of all files of one load together; `server.maxUploadSize` limits each on its way."""

PROBLEMS = ["file", "row", "column", "reason"]
COUNTS = ["table", "changed"]
TOLD = 1000
"""Problems that are handed to the page; the rest are counted."""


class Named(Protocol):
    """A file as the browser handed it over."""

    name: str

    def getvalue(self) -> bytes:
        """Return the whole content."""
        ...


@dataclass(frozen=True)
class Upload:
    """One file of a load: the user's name for it, which is only ever shown back, and its content."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What came of a check or a load: one sentence; the problems by file, row and column; the counts by table."""

    said: str
    is_ready: bool = False
    is_written: bool = False
    problems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PROBLEMS))
    counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COUNTS))


def loader_url() -> str | None:
    """Return the address that the page may write; None where imports are done by command."""
    settings = get_settings()
    return settings.loader_url or (settings.database_url if settings.is_embedded_demo else None)


def uploads(files: Iterable[Named]) -> tuple[Upload, ...]:
    """Return the files that a page was given."""
    return tuple(Upload(file.name, file.getvalue()) for file in files)


def fingerprint(files: Sequence[Upload], as_of: date | None) -> str:
    """Return a mark of exactly these files and this day; "" for no files. A checked load is confirmed by it."""
    digest = sha256(str(as_of).encode())
    for file in files:
        digest.update(sha256(file.name.encode()).digest() + sha256(file.content).digest())
    return digest.hexdigest() if files else ""


def check_files(files: Sequence[Upload], as_of: date | None = None, *, progress: Progress | None = None) -> Outcome:
    """Check everything that a load would check, and count what it would change; nothing is written.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office.
    errors.DashboardError
        The database cannot be written: no address, another contract.
    """
    return _audited("import_checked", files, as_of, is_dry_run=True, progress=progress)


def load_files(files: Sequence[Upload], as_of: date | None = None, *, progress: Progress | None = None) -> Outcome:
    """Load the files, all or nothing, and publish a release; raises as `check_files`."""
    return _audited("import_written", files, as_of, is_dry_run=False, progress=progress)


def _audited(
    action: str, files: Sequence[Upload], as_of: date | None, *, is_dry_run: bool, progress: Progress | None
) -> Outcome:
    viewer = auth.current_viewer()
    if viewer is None:
        raise SignedOut
    if viewer.role != "office":
        raise Refused
    url = loader_url()
    if url is None:
        raise DashboardError("没有设置导入地址（LOADER_URL），请用命令导入。")
    try:
        outcome = _refusal_of_size(files) or _carried_out(url, files, as_of, is_dry_run=is_dry_run, progress=progress)
    except BaseException:
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


def _carried_out(
    url: str, files: Sequence[Upload], as_of: date | None, *, is_dry_run: bool, progress: Progress | None
) -> Outcome:
    from database import load as loading  # here: pandera alone takes a second to import
    from database.contract import Unfit, need_contract
    from database.engine import writing_engine
    from database.loading import findings
    from database.writing import Busy, writer

    engine = writing_engine(url)
    with TemporaryDirectory(prefix="import-") as folder:  # made for this account alone
        placed = _placed(files, Path(folder))
        try:
            with writer(engine) as connection:
                need_contract(connection)
                loaded = loading.load(connection, list(placed), as_of=as_of, is_dry_run=is_dry_run, progress=progress)
        except findings.Refused as refused:
            return Outcome(f"{refused}。", problems=_problems(refused.findings, placed))
        except Busy as busy:
            return Outcome(f"{busy}。")
        except Unfit as unfit:
            raise DashboardError(f"{unfit}。") from unfit
        except OperationalError as error:
            raise DatabaseUnavailable("要导入的数据库暂时无法访问，没有写入任何数据，请稍后再试。") from error
        finally:
            engine.dispose()
    return _outcome(loaded, is_dry_run=is_dry_run)


def _placed(files: Sequence[Upload], folder: Path) -> dict[Path, str]:
    """Write the files under names of ours, no two alike; return the user's name of each."""
    placed: dict[Path, str] = {}
    for number, file in enumerate(files, 1):
        path = folder / _own_name(file.name, number)
        path = path.with_stem(f"{path.stem}_{number}") if path in placed else path
        path.write_bytes(file.content)
        placed[path] = file.name
    return placed


def _own_name(name: str, number: int) -> str:
    """Return a name of ours: the table's, where the user's names one (a CSV is known by it), else a number."""
    kind = ".xlsx" if name.lower().endswith(".xlsx") else ".csv" if name.lower().endswith(".csv") else ".unknown"
    stem = name[: -len(kind)].strip()
    table = next((table for table, word in TABLE_NAMES.items() if stem in (table, word)), None)
    return f"{table or f'文件{number}'}{kind}"


def _problems(findings: "Iterable[Finding]", placed: Mapping[Path, str]) -> pd.DataFrame:
    """Return the problems, one row each, under the user's own names of the files: PROBLEMS, all str but row (int64)."""
    names = {path.name: name for path, name in placed.items()}
    rows = [(names.get(f.file, f.file), f.row, f.column, f.reason) for f in findings]
    return pd.DataFrame(rows[:TOLD], columns=PROBLEMS)


def _outcome(loaded: "Loaded", *, is_dry_run: bool) -> Outcome:
    """Say what a check or load came to, with the rows by table."""
    counts = pd.DataFrame([(table_word(table), rows) for table, rows in loaded.rows.items()], columns=COUNTS)
    when = f"截至{day(loaded.as_of)}"
    if counts.empty:
        return Outcome("与库中数据相同，没有变化，不会发布新批次。")
    if is_dry_run:
        return Outcome(f"检查通过，将发布的数据{when}；尚未写入。", is_ready=True, counts=counts)
    return Outcome(f"已导入，发布为第{loaded.release}批，{when}。", is_written=True, counts=counts)
