"""The weak links in order: each subject once, the worst first, and the few that a meeting discusses.

Source: DESIGN "Pages"; analysis.rules.
"""

from collections.abc import Collection, Iterable

import pandas as pd

from analysis.remembered import remembered
from analysis.rules import MEETING_ITEMS, MEETING_OF_ONE_KIND
from analysis.weak_links.kinds import WEAK_LINKS, Kind

_PLACE = {kind.value: place for place, kind in enumerate(Kind)}
_CELL = "cell:"


def ranked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
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
    found = pd.concat(list(parts), ignore_index=True)
    whole_tasks, whole_townships = (
        set(found.loc[found["kind"] == kind, code])
        for kind, code in ((Kind.WHOLE_TASK, "task_code"), (Kind.WHOLE_TOWNSHIP, "region_code"))
    )
    is_cell = found["reference"].str.startswith(_CELL)
    is_within = is_cell & (found["task_code"].isin(whole_tasks) | found["region_code"].isin(whole_townships))
    ordered = _in_order(found[~is_within])
    again = ordered[ordered.duplicated("reference", keep=False)].groupby("reference", sort=False)
    said = again.agg(kinds=("kinds", ",".join), evidence=("evidence", "；".join))
    first = ordered.drop_duplicates("reference").set_index("reference")
    first.loc[said.index, list(said)] = said
    return first.reset_index()[list(WEAK_LINKS)].astype(WEAK_LINKS)


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
    place = found["kind"].map(_PLACE)
    order = found.assign(place=place).sort_values(
        ["severity", "place", "size", "reference"], ascending=[False, True, False, True]
    )
    return order.drop(columns="place").reset_index(drop=True)
