"""The weak links in order: each subject once, the worst first, and the few that a meeting discusses.

Source: DESIGN "Pages"; analysis.rules.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from analysis.remembered import remembered
from analysis.rules import MEETING_ITEMS, MEETING_OF_ONE_KIND
from analysis.weak_links.kinds import Kind

_PLACE = {kind.value: place for place, kind in enumerate(Kind)}
_CELL = "cell:"


@remembered
def ranked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put findings in order: each subject once, the worst first.

    A cell that belongs to a whole task or a whole township is not repeated. Of several findings on one subject the
    gravest stands, with the evidence of all.

    Parameters
    ----------
    parts
        Frames of WEAK_LINKS.

    Returns
    -------
    pd.DataFrame
        The columns of WEAK_LINKS, one row per reference: by severity, kind, size and reference.
    """
    found = pd.concat(parts, ignore_index=True)
    found = _in_order(found.take(_not_within(found)))
    places: dict[str, list[int]] = {}
    for i, reference in enumerate(found["reference"].tolist()):
        places.setdefault(reference, []).append(i)
    said = {}
    for name, between in (("kinds", ","), ("evidence", "；")):
        texts = found[name].tolist()
        said[name] = pd.array([between.join(texts[i] for i in own) for own in places.values()], dtype="str")
    return found.take([own[0] for own in places.values()]).reset_index(drop=True).assign(**said)


def _not_within(found: pd.DataFrame) -> list[int]:
    """Return the places of all but the cells of a whole task or a whole township."""
    rows = list(zip(*(found[name].tolist() for name in ("kind", "reference", "task_code", "region_code")), strict=True))
    tasks = {task for kind, _, task, _ in rows if kind == Kind.WHOLE_TASK}
    townships = {region for kind, _, _, region in rows if kind == Kind.WHOLE_TOWNSHIP}
    return [
        i
        for i, (_, reference, task, region) in enumerate(rows)
        if not (reference.startswith(_CELL) and (task in tasks or region in townships))
    ]


@remembered
def chosen(
    found: pd.DataFrame,
    *,
    townships: Collection[str] | None = None,
    kinds: Collection[str] = (),
    department: str | None = None,
) -> pd.DataFrame:
    """Keep what concerns any of these townships, is of any of these kinds, and of a task that this department leads.

    Parameters
    ----------
    townships
        None for all, the county's own matters included, which concern no single township.
    kinds
        None for every kind.
    """
    asked = set(kinds)
    is_kept = pd.Series(True, index=found.index)
    if townships is not None:
        is_kept &= found["regions"].map(lambda regions: not set(townships).isdisjoint(regions.split(",")))
    if asked:
        is_kept &= found["kinds"].map(lambda own: not asked.isdisjoint(own.split(",")))
    if department is not None:
        is_kept &= found["lead_department_code"] == department
    return found[is_kept.astype(bool)].reset_index(drop=True)


@remembered
def foremost(found: pd.DataFrame, limit: int = MEETING_ITEMS) -> pd.DataFrame:
    """Return the first so many for a meeting: worst first, no more than a few of one kind while there are others.

    Parameters
    ----------
    found : pd.DataFrame
        `ranked`, in order.
    """
    is_early = found.groupby("kind", sort=False).cumcount() < MEETING_OF_ONE_KIND
    picked = pd.concat([found[is_early], found[~is_early]]).head(limit)
    return _in_order(picked)


def _in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Sort findings by severity, kind, size and reference; a finding without a size comes last of its kind."""
    place = np.array([_PLACE[kind] for kind in found["kind"].tolist()], dtype=np.intp)
    size, severity = (found[name].to_numpy(dtype=np.float64) for name in ("size", "severity"))
    references = found["reference"].to_numpy(dtype=object)
    return found.take(np.lexsort((references, -size, place, -severity))).reset_index(drop=True)
