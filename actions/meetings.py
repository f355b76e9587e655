"""What a meeting is shown, for the one who looks; agendas and frozen meetings, written within the viewer's rights.

As `entries` for other entries: pages reach the state database through here, and each entry stands in the audit trail.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

import auth
from actions.entries import annotations, follow_ups
from actions.entry import entry, live_viewer, signed_in
from analysis.annotations import excluded_months
from analysis.follow_ups import follow_up_table
from analysis.meeting.figures import Figures
from analysis.meeting.freezing import Unreadable, frozen, thawed
from analysis.meeting.material import Material, Rows
from analysis.meeting.plan import Item, read, written
from analysis.scope import Rights, Scope, Viewer
from analysis.weak_links.remarks import reasons
from cache import fetch
from errors import Refused
from queries.meeting import meeting_figures
from queries.releases import newest_as_of
from queries.tasks import task_list
from queries.weak_links import pressing_cases
from reports.bulletin import bulletin
from reports.pictures import Told, picture_archive
from reports.slides import UnusableTemplate, deck
from reports.workbook import workbook
from settings import get_settings
from state import agendas as kept
from state import snapshots as frozen_meetings
from state.agendas import Agenda
from state.snapshots import Snapshot


def _slides(shown: Material, plan: Sequence[Item]) -> bytes:
    """Return the slides, in the county's own template where one is set."""
    try:
        return deck(shown, plan, template=get_settings().slide_template)
    except UnusableTemplate as unusable:
        raise Refused(f"{unusable}，请联系管理员。") from unusable


WRITERS: dict[str, Callable[[Material, Sequence[Item], bool], bytes]] = {
    "slides": lambda shown, plan, _: _slides(shown, plan),
    "bulletin": lambda shown, _, is_final: bulletin(shown, is_final=is_final),
    "workbook": lambda shown, *_: workbook(shown),
}
"""What makes each kind of document of `components.meeting.documents`: from material, plan and whether it is final."""


def material(scope: Scope, *, with_courses: bool = False) -> Material:
    """Return what a meeting is shown of a scope: open figures, and rows within the viewer's rights.

    `with_courses` reads what pictures alone are made of, too.

    Raises
    ------
    errors.DashboardError
        As `cache.fetch`.
    """
    rights, noted = auth.rows_scope(live_viewer()), annotations()
    figures: Figures = fetch(meeting_figures, scope, excluded=excluded_months(noted), with_courses=with_courses)
    county = rights.narrow(Scope(scope.as_of, frozenset(figures.labels)))
    decided = follow_up_table(follow_ups(), figures.labels, as_of=scope.as_of, newest=fetch(newest_as_of))
    told = Rows(fetch(task_list, county), fetch(pressing_cases, county), decided, reasons(noted, scope.as_of))
    return Material(figures, told, rights)


def material_like(frozen_figures: Figures, as_of: date) -> Material:
    """Return what the same townships show on another day, counted within the campaign that the meeting counted."""
    return material(replace(frozen_figures.scope, as_of=as_of))


def may_plan(viewer: Viewer) -> bool:
    """Tell whether the viewer keeps agendas: leader and office."""
    return viewer.role in ("leader", "office")


def may_finalise(viewer: Viewer) -> bool:
    """Tell whether the viewer freezes a meeting: the office alone."""
    return viewer.role == "office"


def agendas() -> list[Agenda]:
    """Return the agendas, for anybody who is signed in: they hold no figures.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    with signed_in() as connection:
        return kept.agendas(connection)


def save_agenda(name: str, plan: Sequence[Item]) -> None:
    """Keep a plan under a name, over the one that stood there.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or neither leader nor office; no name, no slides, or the name may not be written.
    """
    viewer = live_viewer()
    with _named(viewer, "agenda_saved", name, is_allowed=may_plan(viewer)) as connection:
        kept.save(connection, name, written(plan), author=viewer.name)


def remove_agenda(name: str) -> None:
    """Take an agenda away.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, neither leader nor office, or no such agenda.
    """
    viewer = live_viewer()
    with _named(viewer, "agenda_removed", name, is_allowed=may_plan(viewer)) as connection:
        if not kept.remove(connection, name):
            raise Refused("没有这个议程。")


def snapshots() -> list[Snapshot]:
    """Return the frozen meetings without their content, for anybody who is signed in.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    with signed_in() as connection:
        return frozen_meetings.snapshots(connection)


def finalise(title: str, shown: Material, plan: Sequence[Item]) -> int:
    """Freeze a meeting: its figures, rows, filters, release and slides; return its number.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office; no title, no slides, or the title may not be written.
    """
    viewer, figures = live_viewer(), shown.figures
    with _named(viewer, "finalised", title, is_allowed=may_finalise(viewer)) as connection:
        return frozen_meetings.freeze(
            connection,
            title,
            frozen(shown),
            as_of=figures.as_of,
            release=figures.release,
            slides=written(plan),
            author=viewer.name,
        )


@dataclass(frozen=True)
class Meeting:
    """A frozen meeting, reopened: what it is, and what it showed, its rows within the viewer's rights of today."""

    snapshot: Snapshot
    material: Material

    @property
    def title(self) -> str:
        """What the meeting is called."""
        return self.snapshot.title

    @property
    def slides(self) -> tuple[str, ...]:
        """The keys of its slides, in order."""
        return self.snapshot.slides


def reopened(number: str) -> Meeting:
    """Return a frozen meeting by its number, as an address writes it.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, no such meeting, or it cannot be read.
    """
    rights: Rights = auth.rows_scope(live_viewer())
    known = next((each for each in snapshots() if str(each.id) == number), None)
    if known is None:
        raise Refused("没有这次会议的定稿。")
    with auth.state().connect() as connection:
        content = frozen_meetings.content(connection, known.id)
    try:
        return Meeting(known, thawed(content or b"", rights))
    except Unreadable as unreadable:
        raise Refused("这次会议的定稿无法读取，请联系管理员。") from unreadable


def document(scope: Scope, plan: Sequence[Item], kind: str) -> bytes:
    """Return a document of a meeting as its figures stand now.

    Raises
    ------
    errors.DashboardError
        As `material`.
    """
    return WRITERS[kind](material(scope), plan, False)


def drawn(scope: Scope, told: Told) -> bytes:
    """Return the pictures of a meeting as its figures stand now; `told` hears how far the drawing is.

    Raises
    ------
    errors.DashboardError
        As `material`.
    """
    return picture_archive(material(scope, with_courses=True), told=told)


def frozen_drawn(number: str, told: Told) -> bytes:
    """Return the pictures of a frozen meeting; `told` hears how far the drawing is.

    Raises
    ------
    errors.DashboardError
        As `reopened`.
    """
    return picture_archive(reopened(number).material, told=told)


def handed(scope: Scope, file: bytes) -> Callable[[], bytes]:
    """Return what hands out a file that was made of a scope, the rights checked and the export put down again."""
    return auth.guarded(lambda: file, scope, is_rows=False)


def frozen_document(number: str, kind: str) -> bytes:
    """Return a document of a frozen meeting, which is final.

    Raises
    ------
    errors.DashboardError
        As `reopened`.
    """
    meeting = reopened(number)
    plan = read(meeting.slides, meeting.material.figures.labels)
    return WRITERS[kind](meeting.material, plan, True)


@contextmanager
def _named(viewer: Viewer, action: str, name: str, *, is_allowed: bool) -> Iterator[Connection]:
    """Yield the connection of an entry under a name; what the state database does not take is refused in words."""
    try:
        with entry(viewer, action, name, is_allowed=is_allowed, texts=[name]) as connection:
            yield connection
    except ValueError as error:
        raise Refused("请填写名称（不要过长），并至少选一页。") from error
