"""Value types that say what is asked for, who asks, and what they may see."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Role = Literal["leader", "office", "department", "township"]


@dataclass(frozen=True)
class Scope:
    """What a read is about: the filters a page passes down, and the key of the cache.

    `townships` chooses which rows come back; ranks, intervals and county totals are computed over the whole set.
    `platform` "" means all; `campaign` None means the whole stream; `region` is the node whose children are compared
    (None: the county); `department` keeps what that department leads and is never a right.
    """

    as_of: date
    townships: frozenset[str]
    stream: str = "petition_backlog"
    platform: str = ""
    campaign: str | None = None
    work_group: str | None = None
    scheme: str | None = None
    department: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Viewer:
    """Who is looking, as the gate established it for this very request; never kept in session state."""

    account: str
    name: str
    role: Role
    session_hash: str
    township_code: str | None = None
    department_code: str | None = None


@dataclass(frozen=True)
class Rights:
    """The widest scope that may be read; None means no limit on that side."""

    townships: frozenset[str] | None = None
    department: str | None = None

    def cover(self, scope: Scope) -> bool:
        """Tell whether `scope` asks for nothing beyond these rights."""
        inside = self.townships is None or scope.townships <= self.townships
        return inside and (self.department is None or scope.department == self.department)

    def narrow(self, scope: Scope) -> Scope:
        """Return the part of `scope` that these rights cover; its townships may be empty."""
        townships = scope.townships if self.townships is None else scope.townships & self.townships
        return replace(scope, townships=townships, department=self.department or scope.department)
