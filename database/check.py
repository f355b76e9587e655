"""Check the shared database: shape, views, references, arithmetic, reports, and derived tables against a recount."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
from sqlalchemy import Connection

from analysis.table_names import table_word
from database.checks import arithmetic, derived, freshness, references, reporting, shape, views
from database.checks.findings import ADMINISTRATOR, ERROR, WORDS, Finding, sorted_findings
from database.refresh import Progress


def check(connection: Connection, *, today: date | None = None, progress: Progress | None = None) -> list[Finding]:
    """Run every check; the contract's version is the caller's to ask for.

    Parameters
    ----------
    today
        What the age of the newest data is held against; None: nothing.

    Returns
    -------
    list[Finding]
        Errors first, then warnings, then notices, each in the order of the checks. Empty: all is well. Where tables or
        columns are missing, these alone: nothing else can be read.

    Source: every table; reads only.
    """
    checks: tuple[Callable[[Connection], list[Finding]], ...] = (
        views.findings,
        references.findings,
        arithmetic.findings,
        partial(freshness.findings, today=today),
        reporting.findings,
        derived.findings,
    )
    found = _shape(connection)
    if found:
        return found
    for number, each in enumerate(checks, 1):
        found += each(connection)
        if progress:
            progress("核对", number, len(checks))
    return sorted_findings(found)


def quick_check(connection: Connection, *, today: date | None = None) -> list[Finding]:
    """Run the checks that read no ledger row by row: shape, arithmetic, freshness and reports; as `check` does.

    A page shows these at once; references and the recount of derived tables are left to `check`.
    """
    found = _shape(connection)
    if found:
        return found
    found = [
        *arithmetic.findings(connection),
        *freshness.findings(connection, today=today),
        *reporting.findings(connection),
    ]
    return sorted_findings(found)


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Return those that make figures wrong."""
    return [finding for finding in findings if finding.severity == ERROR]


def counts_by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    """Count the findings by the word of their severity, the gravest first, each word named."""
    return {word: sum(finding.severity == severity for finding in findings) for severity, word in WORDS.items()}


def finding_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return findings as a frame.

    Returns
    -------
    pd.DataFrame
        One row per finding, in order: severity (错误, 警告, 提醒), table (its Chinese name), message, department (str),
        count (int64, rows). No findings: no rows, same columns and dtypes.
    """
    rows = [(WORDS[f.severity], table_word(f.table), f.message, f.department, f.count) for f in findings]
    names = ["severity", "table", "message", "department", "count"]
    return pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[:-1], "str") | {"count": "int64"})


def _shape(connection: Connection) -> list[Finding]:
    return [replace(finding, department=ADMINISTRATOR) for finding in shape.findings(connection)]
