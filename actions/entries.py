"""What users write on a page: each entry is held against the live viewer's rights and put down in the audit trail.

The choke point of writing, as `cache.fetch` is that of reading: pages write the state database through it alone.
"""

import auth
from actions.entry import entry, live_viewer, signed_in
from analysis.scope import Viewer
from errors import Refused
from state import annotations as stored
from state import follow_ups as decided
from state import goals as aimed
from state.annotations import Annotation, Place
from state.follow_ups import Decision, FollowUp
from state.goals import Goal


def annotations() -> list[Annotation]:
    """Return all annotations, for anybody who is signed in: they stand beside figures, which are open to all.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    with signed_in() as connection:
        return stored.annotations(connection)


def may_explain(viewer: Viewer) -> bool:
    """Tell whether the viewer sets reasons, and which months count: the office alone."""
    return viewer.role == "office"


def may_reply(viewer: Viewer, region_code: str) -> bool:
    """Tell whether the viewer replies to what is said of a region: the township itself alone."""
    return viewer.role == "township" and viewer.township_code == region_code


def explain(place: Place, reason: str, *, is_excluded: bool) -> None:
    """Write the reason beside a figure, and whether its month is left out of the mean and the limits.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office; or the text may not be written (`analysis.annotations.problem`).
    """
    viewer = live_viewer()
    with entry(
        viewer, "annotation_written", _said(place), is_allowed=may_explain(viewer), texts=[reason]
    ) as connection:
        stored.explain(connection, place, reason=reason, is_excluded=is_excluded, author=viewer.name)


def reply(place: Place, text: str) -> None:
    """Write a township's reply to what is said of it.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, not that township, nothing to reply to, or the text may not be written.
    """
    viewer = live_viewer()
    is_allowed = may_reply(viewer, place.region_code)
    with entry(viewer, "annotation_replied", _said(place), is_allowed=is_allowed, texts=[text]) as connection:
        if not stored.reply(connection, place, text=text, replier=viewer.name):
            raise Refused("这条情况说明已被撤回。")


def withdraw(place: Place) -> None:
    """Take an annotation away.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office.
    """
    viewer = live_viewer()
    with entry(viewer, "annotation_withdrawn", _said(place), is_allowed=may_explain(viewer)) as connection:
        stored.withdraw(connection, place)


def follow_ups() -> list[FollowUp]:
    """Return the follow-ups that the viewer may read: a township its own, everyone else all.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    viewer = live_viewer()
    own = viewer.township_code if viewer.role == "township" else None
    with auth.state().connect() as connection:
        return decided.follow_ups(connection, township_code=own)


def may_decide(viewer: Viewer) -> bool:
    """Tell whether the viewer writes down what a meeting decided, changes it and marks it done: the office alone."""
    return viewer.role == "office"


def record_follow_up(decision: Decision) -> int:
    """Write down what a meeting decided, and return its number.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office; or a text may not be written (`analysis.annotations.problem`).
    """
    viewer = live_viewer()
    subject = f"{decision.reference} {decision.township_code or ''}"
    is_allowed, texts = may_decide(viewer), _texts(decision)
    with entry(viewer, "follow_up_recorded", subject, is_allowed=is_allowed, texts=texts) as connection:
        return decided.record(connection, decision, author=viewer.name)


def change_follow_up(number: int, decision: Decision) -> None:
    """Write a decision over the one that stood there: another promise, owner or day, or that it is done.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office; nothing of that number; or a text may not be written.
    """
    viewer = live_viewer()
    action = "follow_up_changed" if decision.done_on is None else "follow_up_done"
    is_allowed, texts = may_decide(viewer), _texts(decision)
    with entry(viewer, action, str(number), is_allowed=is_allowed, texts=texts) as connection:
        if not decided.change(connection, number, decision, author=viewer.name):
            raise Refused("没有这条议定事项。")


def reply_to_follow_up(number: int, text: str) -> None:
    """Write a township's reply to what was decided about it.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, the follow-up is not that township's own, or the text may not be written.
    """
    viewer = live_viewer()
    is_township = viewer.role == "township"
    with entry(viewer, "follow_up_replied", str(number), is_allowed=is_township, texts=[text]) as connection:
        found = decided.find_follow_up(connection, number)
        if found is None or found.decision.township_code is None:
            raise Refused
        if not may_reply(viewer, found.decision.township_code):
            raise Refused
        decided.reply(connection, number, text=text, replier=viewer.name)


def goals(campaign_code: str) -> list[Goal]:
    """Return the goals of a campaign, for anybody who is signed in.

    Raises
    ------
    errors.SignedOut
        There is no viewer.
    """
    with signed_in() as connection:
        return aimed.goals(connection, campaign_code)


def write_goal(campaign_code: str, number: int, goal: str, standing: str) -> None:
    """Write a goal of a campaign and how far it has come; an empty goal takes its line away.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or not of the office; or a text may not be written (`analysis.annotations.problem`).
    """
    viewer = live_viewer()
    texts = [text for text in (goal, standing) if text.strip()]
    subject = f"{campaign_code} {number}"
    with entry(viewer, "goal_written", subject, is_allowed=may_decide(viewer), texts=texts) as connection:
        aimed.write_goal(connection, campaign_code, number, goal=goal, standing=standing, author=viewer.name)


def _said(place: Place) -> str:
    return f"{place.kpi_code} {place.region_code} {place.month:%Y-%m}"


def _texts(decision: Decision) -> list[str]:
    return [decision.subject, decision.promise, decision.owner]
