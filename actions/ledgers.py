"""The ledger's whole filtered set as a file: what a page offers, and how it is written when it is fetched."""

from functools import partial
from pathlib import Path

from analysis.case_words import Names, case_headings, case_words
from analysis.ledger import CaseFilter, Order
from analysis.scope import Scope, Viewer
from analysis.wording import day
from auth import guarded
from cache import fetch_anew, release
from exports import Changed, Offer, offer
from queries.ledger import each_case
from reports.ledger_files import csv_file, workbook_file

PAGE = "台账"
AS_OF = "截至"
KINDS = {"导出全部（Excel）": (".xlsx", workbook_file), "导出全部（CSV）": (".csv", csv_file)}


def ledger_files(
    viewer: Viewer, scope: Scope, where: CaseFilter, order_by: Order, *, descending: bool, names: Names, said: str
) -> list[tuple[str, str]]:
    """Offer the cases of a ledger as files and return the words and addresses of the links.

    Parameters
    ----------
    scope
        Within the viewer's rights over rows; checked again when a file is fetched.
    said
        What the ledger holds, in words: stands on top of a workbook and in the audit trail.
    """
    links = []
    for word, (suffix, _) in KINDS.items():
        write = partial(
            _write, scope=scope, where=where, order_by=order_by, descending=descending, names=names, said=said
        )
        name = f"{names.stream.name}{PAGE}-截至{scope.as_of:%Y%m%d}{suffix}"
        subject = f"截至{scope.as_of:%Y-%m-%d} {said}"
        offered = Offer(name, PAGE, subject, guarded(write, scope))
        links.append((word, offer(viewer.session_hash, (scope, where, order_by, descending), offered)))
    return links


def _write(
    path: Path, *, scope: Scope, where: CaseFilter, order_by: Order, descending: bool, names: Names, said: str
) -> int:
    """Write every case into a file, a batch at a time, each row with its as-of day; return how many there were.

    Raises
    ------
    exports.Changed
        New data came in between.
    errors.DashboardError
        As `cache.fetch`.
    """
    before = release()
    headings = [*case_headings(names.stream).values(), AS_OF]
    batch = f"数据批次{before.id}" if before else ""
    open_file = dict(KINDS.values())[path.suffix]
    with open_file(path, title=f"{said} · 截至{day(scope.as_of)} · {batch}", headings=headings) as file:
        number = fetch_anew(
            each_case, scope, where=where, order_by=order_by, descending=descending,
            sink=lambda rows: file.write(
                [*case_words(row._mapping, names, scope.as_of).values(), scope.as_of] for row in rows
            ),
        )  # fmt: skip
        if release() != before:
            raise Changed
    return number
