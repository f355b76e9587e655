"""What the backlog is made of: ages, categories, channels, who leads the cases, and the villages without any.

Source: METHODS section 1; DOMAIN "Rates in use".
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from analysis.backlog import AGE_BANDS
from analysis.breakdown import OWN_LABEL
from analysis.remembered import remembered
from analysis.rules import AGE_LIMITS, AGED_DAYS
from analysis.suppression import HIDDEN, suppressed_parts
from analysis.wording import MISSING, percent, share

UNSTATED = "未注明"
NAMED = 3
_LONG = {band for band, low in zip(AGE_BANDS, (0, *AGE_LIMITS), strict=True) if low >= AGED_DAYS}


@remembered
def age_bars(ages: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Lay the open cases of each township out as a bar, from the oldest band on.

    Parameters
    ----------
    ages : pd.DataFrame
        `queries.backlog.ageing`; rows of other regions than those of `labels` are 县本级.

    Returns
    -------
    pd.DataFrame
        One row per township and band that has cases, in their orders, the oldest band first: township (label), band
        (str), open (int64), start, end, middle (float64: where the piece lies). No open cases: no rows.
    """
    order = {code: i for i, code in enumerate(labels)}
    bands = {band: i for i, band in enumerate(reversed(AGE_BANDS))}
    rows = ages[ages["open"] > 0]
    rows = rows.assign(
        township=rows["township_code"].map(labels).fillna(OWN_LABEL),
        place=rows["township_code"].map(order).fillna(len(order)),
        piece=rows["band"].map(bands),
    ).sort_values(["place", "piece"], ignore_index=True)
    end = rows.groupby("place")["open"].cumsum().astype("float64")
    bars = rows.assign(start=end - rows["open"], end=end, middle=end - rows["open"] / 2)
    return bars[["township", "band", "open", "start", "end", "middle"]]


@remembered
def age_table(ages: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the open cases by township and band for a download: township (label), a column per band, open (int64)."""
    wide = ages.pivot_table(index="township_code", columns="band", values="open", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(AGE_BANDS), fill_value=0).astype("int64")
    named = [labels.get(str(code), OWN_LABEL) for code in wide.index]
    return wide.assign(township=named, open=wide.sum(axis=1)).reset_index(drop=True)


@remembered
def ageing_finding(ages: pd.DataFrame) -> str:
    """Say how much of what waits has waited long."""
    total, by_band = int(ages["open"].sum()), ages.groupby("band")["open"].sum()
    if not total:
        return "没有未化解的积案"
    aged = int(by_band[list(_LONG)].sum())
    longest = int(by_band[AGE_BANDS[-1]])
    if not aged:
        return f"未化解{total}件，交办都不超过{AGED_DAYS}天"
    more = f"，其中超过{AGE_LIMITS[-1]}天{longest}件" if longest else ""
    return f"未化解{total}件，交办超过{AGED_DAYS}天{aged}件（{percent(aged / total)}）{more}"


def oldest_finding(oldest: pd.DataFrame) -> str:
    """Say how long the oldest open cases have waited (`queries.backlog.case_page` in the order of age)."""
    if oldest.empty:
        return "没有可以列出的未化解积案"
    late = int(oldest["is_overdue"].sum())
    said = f"超期{late}件" if late else "没有超期的"
    return f"最久的已交办{int(oldest['age_days'].max())}天；下列{len(oldest)}件中{said}"


@remembered
def group_rows(groups: pd.DataFrame, *, is_hidden: bool) -> pd.DataFrame:
    """Put words beside the figures of categories or channels.

    Parameters
    ----------
    groups : pd.DataFrame
        `queries.backlog_groups.backlog_by`.
    is_hidden : bool
        Whether the viewer has no right to the rows: then what was assigned is all that is told, small counts hidden.

    Returns
    -------
    pd.DataFrame
        Those with most open first, with most assigned where rows are hidden, the hidden ones last and by name: name,
        resolved (rate and x/n), assigned (str), open, overdue (int64).
    """
    resolved = [share(*counts) for counts in zip(groups["closed"], groups["opened"], strict=True)]
    assigned = suppressed_parts(groups["opened"]) if is_hidden else groups["opened"].map("{:,}".format)
    rows = groups.assign(
        name=groups["value"].fillna(UNSTATED), resolved=pd.Series(resolved, dtype="str", index=groups.index),
        assigned=assigned.astype("str"),
    )  # fmt: skip
    if not is_hidden:
        return rows.sort_values(["open", "opened"], ascending=False, kind="stable", ignore_index=True)
    told = rows["opened"].mask(rows["assigned"] == HIDDEN, -1)
    ordered = rows.assign(told=told).sort_values(["told", "name"], ascending=[False, True], ignore_index=True)
    return ordered.drop(columns="told")


def groups_finding(rows: pd.DataFrame, word: str, *, is_hidden: bool) -> str:
    """Say which categories or channels (`group_rows`) most of what waits comes from; of what was assigned if hidden."""
    field, said = ("opened", "交办") if is_hidden else ("open", "未化解")
    told = rows[(rows[field] > 0) & (rows["assigned"] != HIDDEN)]
    most = told.sort_values(field, ascending=False, kind="stable").head(NAMED)
    if most.empty:
        return f"{word}：没有{said}的积案"
    named = (f"{row['name']}{'' if is_hidden else f'{row[field]}件'}" for row in most.to_dict("records"))
    return f"{'全县' if is_hidden else ''}{word}：{said}较多的是{'、'.join(named)}"


@remembered
def leader_rows(leaders: pd.DataFrame, labels: Mapping[str, str], *, as_of: date) -> pd.DataFrame:
    """Put words beside what each 包案领导 still holds; those who hold nothing open are left out.

    Parameters
    ----------
    leaders : pd.DataFrame
        `queries.case_leaders.case_leaders`.

    Returns
    -------
    pd.DataFrame
        In the order of `leaders`: township (label), leader (post, 未注明 without one), open, overdue (int64),
        oldest_days (int64, of the oldest open case).
    """
    rows = leaders[leaders["open"] > 0].reset_index(drop=True)
    return rows.assign(
        township=rows["township_code"].map(dict(labels)).fillna(OWN_LABEL),
        leader=rows["case_leader"].fillna(UNSTATED),
        oldest_days=(pd.Timestamp(as_of) - rows["oldest_on"]).dt.days.astype("int64"),
    )


def leaders_finding(rows: pd.DataFrame) -> str:
    """Say how many posts hold open cases (`leader_rows`), and how many cases name nobody."""
    if rows.empty:
        return "没有未化解的积案需要包案"
    named = rows[rows["leader"] != UNSTATED]
    open_cases, without = int(named["open"].sum()), int(rows.loc[rows["leader"] == UNSTATED, "open"].sum())
    parts = [f"{len(named)}位包案领导手上有未化解积案{open_cases}件"] if len(named) else []
    return "，".join([*parts, *([f"{without}件未注明包案领导"] if without else [])])


@remembered
def village_rows(counts: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Put shares beside the villages of each township.

    Parameters
    ----------
    counts : pd.DataFrame
        `queries.villages.village_counts`.

    Returns
    -------
    pd.DataFrame
        The rows of `counts` with township (label), clear (free of villages), stated (cases that name their village),
        both share and x/n (str).
    """
    return counts.assign(
        township=counts["township_code"].map(dict(labels)),
        clear=_shares(counts["free"], counts["villages"]),
        stated=_shares(counts["placed"], counts["cases"]),
    )


def village_total(rows: pd.DataFrame, label: str) -> dict[str, Any]:
    """Return the row that adds the townships up."""
    sums = {name: int(rows[name].sum()) for name in ("villages", "free", "named", "cases", "placed")}
    shares = {"clear": share(sums["free"], sums["villages"]), "stated": share(sums["placed"], sums["cases"])}
    return {"township": label, **sums, **shares}


def villages_finding(rows: pd.DataFrame) -> str:
    """Say how many villages have no open case and how many are named for it."""
    if rows.empty or not rows["villages"].sum():
        return "没有村（社区）资料"
    whole = village_total(rows, "")
    return f"现无在办积案的村（社区）{whole['clear']}，已命名“无信访积案村（社区）”{whole['named']}个"


def clear_lists(villages: pd.DataFrame, labels: Mapping[str, str], *, as_of: date) -> list[tuple[str, str]]:
    """Name the villages without an open case by township, with a mark on those named for it.

    Parameters
    ----------
    villages : pd.DataFrame
        `queries.township.village_backlog`.

    Returns
    -------
    list of (township label, names)
        In the fixed order; MISSING where a township has none.
    """
    clear = villages[villages["open"] == 0].sort_values("village_code", kind="stable")
    is_named = clear["named_on"].le(pd.Timestamp(as_of))
    names = clear["village"].mask(is_named, clear["village"] + "★")
    own = {str(code): "、".join(part) for code, part in names.groupby(clear["township_code"])}
    present = set(villages["township_code"])
    return [(label, own.get(code, MISSING)) for code, label in labels.items() if code in present]


def _shares(x: pd.Series, n: pd.Series) -> pd.Series:
    return pd.Series([share(*counts) for counts in zip(x, n, strict=True)], index=x.index, dtype="str")
