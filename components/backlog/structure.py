"""积案结构 on screen: oldest cases, categories, channels, 包案领导 and villages."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.backlog import AGE_BANDS
from analysis.backlog_structure import groups_finding, leaders_finding, village_total, villages_finding
from analysis.breakdown import OWN_LABEL
from analysis.suppression import HIDDEN_NOTE
from components.columns import TOWNSHIP
from components.links import case_link, ledger_link, link_mark, township_name
from components.tables import Column, count, day_as_of, html_table
from components.text import note, nothing_html
from components.township_names import place_mark, township_mark

OLDEST = 15
"""So many of the oldest open cases are shown; the ledger has the rest."""
NOT_OPEN = "案件明细、包案领导和村（社区）清单只对本乡镇（街道）、主办单位、县领导和行动办开放。"
DEPARTMENT_ONLY = "只列本单位主办的积案。"


_LINKED = Column("linked", "案件编号", html=link_mark)
OLDEST_CASES = (
    _LINKED,
    Column("place", "乡镇（街道）·村（社区）", html=partial(place_mark, between="·")),
    Column("category", "类别"),
    Column("lead", "主办"),
    Column("case_leader", "包案领导"),
    Column("since", "首次交办", is_number=True),
    Column("age_days", "天数", count, is_number=True, figure="case_age"),
    Column("due", "化解时限", is_number=True, figure="overdue"),
)
LEADERS = (
    Column("linked", "包案领导", html=township_name, figure="case_leader"),
    TOWNSHIP,
    Column("open", "未化解", count, is_number=True, figure="open"),
    Column("overdue", "超期", count, is_number=True, figure="overdue"),
    Column("oldest_days", "最久天数", count, is_number=True, figure="case_age"),
)
VILLAGES = (
    TOWNSHIP,
    Column("villages", "村（社区）", count, is_number=True),
    Column("clear", "现无在办积案", is_number=True, figure="free_villages"),
    Column("named", "已命名", count, is_number=True),
    Column("stated", "积案写明村（社区）的", is_number=True),
)
VILLAGES_EXPORT = (
    TOWNSHIP,
    Column("villages", "村（社区）"),
    Column("free", "现无在办积案"),
    Column("named", "已命名"),
    Column("cases", "积案累计"),
    Column("placed", "写明村（社区）"),
)
AGES_EXPORT = (TOWNSHIP, *(Column(band, band) for band in AGE_BANDS), Column("open", "未化解"))


def group_columns(word: str, *, is_hidden: bool) -> tuple[Column, ...]:
    """Return the columns of the categories or channels; with hidden rows what was assigned is all that is told."""
    assigned = Column("assigned", "交办", is_number=True, figure="opened")
    if is_hidden:
        return (Column("name", word), assigned)
    return (
        Column("linked", word, html=township_name),
        Column("open", "未化解", count, is_number=True, figure="open"),
        Column("overdue", "超期", count, is_number=True, figure="overdue"),
        assigned,
        Column("resolved", "化解率", is_number=True, figure="resolution_rate"),
    )


def groups_table(rows: pd.DataFrame, word: str, *, is_hidden: bool, links: Mapping[str, Any]) -> None:
    """Show categories or channels (`analysis.backlog_structure.group_rows`), the finding above.

    Parameters
    ----------
    links
        What the ledger is asked for beside the category or channel, for `linked_groups`.
    """
    st.subheader(groups_finding(rows, word, is_hidden=is_hidden))
    shown = rows if is_hidden else linked_groups(rows, **links)
    hidden = f"{HIDDEN_NOTE}。" if is_hidden else ""
    html_table(shown, group_columns(word, is_hidden=is_hidden), caption=f"单位：件。{hidden}")


def leaders_table(rows: pd.DataFrame, *, links: Mapping[str, Any]) -> None:
    """Show who holds open cases (`analysis.backlog_structure.leader_rows`), the finding above."""
    st.subheader(leaders_finding(rows))
    if len(rows):
        html_table(linked_leaders(rows, **links), LEADERS, caption="单位：件、天。")


def linked_groups(rows: pd.DataFrame, *, as_of: date, field: str, **asked: Any) -> pd.DataFrame:
    """Put beside each category or channel its name with the address of its open cases in the ledger: linked."""
    targets = [
        ledger_link(as_of, state="open", **asked, **{field: value}) if isinstance(value, str) else ""
        for value in rows["value"]
    ]
    linked: list[Any] = list(zip(rows["name"], targets, strict=True))
    return rows.assign(linked=linked)


def linked_leaders(rows: pd.DataFrame, *, as_of: date, **asked: Any) -> pd.DataFrame:
    """Put beside each post its name with the address of its open cases in the ledger: linked."""
    targets = [
        ledger_link(as_of, state="open", **{**asked, "township": township, "leader": post})
        for post, township in zip(rows["leader"], rows["township"], strict=True)
    ]
    targets = [
        target if is_named else "" for target, is_named in zip(targets, rows["case_leader"].notna(), strict=True)
    ]
    linked: list[Any] = list(zip(rows["leader"], targets, strict=True))
    return rows.assign(linked=linked)


def linked_cases(rows: pd.DataFrame, labels: Mapping[str, str], as_of: date) -> pd.DataFrame:
    """Put its place, its address and its days in words beside each of the oldest cases: place, linked, since, due."""
    places = rows["township_code"].map(dict(labels)).fillna(OWN_LABEL)
    targets = [
        case_link(number, as_of, township=labels.get(code, ()))
        for number, code in zip(rows["case_no"], rows["township_code"], strict=True)
    ]
    linked: list[Any] = list(zip(rows["case_no"], targets, strict=True))
    late = rows["is_overdue"].map({True: "（超期）", False: ""})
    day = day_as_of(as_of)
    since, due = (pd.Series([day(on) for on in rows[name]], dtype="str") for name in ("first_opened_on", "due_on"))
    return rows.assign(place=places + "·" + rows["village"], linked=linked, since=since, due=due + late)


def villages_table(rows: pd.DataFrame, *, where: str) -> None:
    """Show the villages by township (`analysis.backlog_structure.village_rows`), the finding as the title."""
    st.subheader(villages_finding(rows))
    if len(rows):
        html_table(rows, VILLAGES, total=village_total(rows, where))


def clear_villages_html(lists: Sequence[tuple[str, str]]) -> str:
    """Return the villages without an open case by township, in one foldable block."""
    if not lists:
        return nothing_html("可以列出的村（社区）")
    rows = "".join(f"<dt>{township_mark(label)}</dt><dd>{escape(names)}</dd>" for label, names in lists)
    summary = "<summary>现无在办积案的村（社区）名单（★ 已命名）</summary>"
    return f"<details class='gov-details'>{summary}<dl>{rows}</dl></details>"


def clear_villages(lists: Sequence[tuple[str, str]], *, is_part: bool) -> None:
    """Show the villages without an open case; not to a department, which sees its own cases alone."""
    if is_part:
        note("村（社区）名单按全部积案判断，不对主办单位开放。")
    else:
        st.html(clear_villages_html(lists))
