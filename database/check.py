"""Check the shared database: references, arithmetic, reports, and derived tables against a recount."""

from collections.abc import Sequence

from sqlalchemy import Connection

from database.checks import arithmetic, derived, references, reporting
from database.checks.findings import ERROR, Finding
from database.refresh import Progress


def check(connection: Connection, *, progress: Progress | None = None) -> list[Finding]:
    """Run every check; the contract's version is the caller's to ask for.

    Returns
    -------
    list[Finding]
        Errors first, then warnings, each in the order of the checks. Empty: all is well.

    Source: every table; reads only.
    """
    checks = (references.findings, arithmetic.findings, reporting.findings, derived.findings)
    found: list[Finding] = []
    for number, each in enumerate(checks, 1):
        found += each(connection)
        if progress:
            progress("核对", number, len(checks))
    return sorted(found, key=lambda finding: finding.severity != ERROR)


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Return those that make figures wrong."""
    return [finding for finding in findings if finding.severity == ERROR]
