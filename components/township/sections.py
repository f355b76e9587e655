"""The lower half of 乡镇画像: tasks by light, cases and villages within rights, what was decided and written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.annotations import Note
from analysis.checklist import lit_cells
from analysis.follow_ups import follow_ups_finding
from analysis.tasks import light_counts
from analysis.township import CONCERNING, case_rows, clear_villages, tasks_title
from analysis.wording import share
from components.annotations import reply_form
from components.columns import LIT_CELLS
from components.follow_ups import follow_up_list
from components.lights import light_counts as counts_line
from components.links import BACKLOG, SIGNALS, STANDING, TASKS, address, case_link, ledger_link, link_mark, linked_tasks
from components.tables import Column, count, day_as_of, html_table
from components.text import line, note, nothing_html

Filters = Mapping[str, Any]
OLDEST = 10
"""So many of the oldest open cases are shown; the ledger has the rest."""
NOT_OPEN = "案件明细和村（社区）清单只对本乡镇（街道）、主办单位、县领导和行动办开放。"


def case_columns(as_of: date) -> tuple[Column, ...]:
    """Return the columns of the oldest open cases."""
    day = day_as_of(as_of)
    return (
        Column("linked", "案件编号", html=link_mark),
        Column("village", "村（社区）"),
        Column("category", "类别"),
        Column("lead", "主办"),
        Column("case_leader", "包案领导"),
        Column("first_opened_on", "首次交办", day, is_number=True),
        Column("age_days", "交办后天数", count, is_number=True, figure="case_age"),
        Column("due_on", "化解时限", day, is_number=True, figure="time_limit"),
        Column("is_overdue", "是否超期", lambda late: "超期" if late else "未超期", figure="overdue"),
    )


def village_columns(as_of: date) -> tuple[Column, ...]:
    """Return the columns of the villages in which cases wait."""
    day = day_as_of(as_of)
    return (
        Column("village", "村（社区）"),
        Column("open", "未化解积案", count, is_number=True, figure="open"),
        Column("overdue", "其中超期", count, is_number=True, figure="overdue"),
        Column("oldest_on", "最早交办", day, is_number=True),
        Column("named_on", "无信访积案村验收", lambda on: "未验收" if pd.isna(on) else day(on)),
    )


def tasks_section(cells: pd.DataFrame, labels: Mapping[str, str], groups: pd.Series, filters: Filters) -> None:
    """Show a township's tasks: how many of each light, and those that are not green.

    Parameters
    ----------
    cells
        `queries.tasks.task_matrix` of the township alone.
    filters
        What the links hold: this township and the as-of date.
    """
    concerning = linked_tasks(lit_cells(cells, labels, groups, lights=CONCERNING), filters=filters)
    st.subheader(tasks_title(cells, concerning))
    if cells.empty:
        st.info("所选日期之前没有任务。")
        return
    counts_line(light_counts(cells["light"]))
    if concerning.empty:
        line("没有亮红灯、黄灯和未报送的任务。")
    else:
        columns = [column for column in LIT_CELLS if column.field != "region"]
        html_table(concerning, columns, caption="除已完成、正常外的任务，按落后计划的幅度从大到小排列。")
    links_line([("在任务清单中查看", address(TASKS, **filters))])


def standing_section(sentences: Sequence[str], filters: Filters) -> None:
    """Say why a township stands where it stands (`analysis.township.standing_lines`), with the page that tells all."""
    if not sentences:
        st.subheader("没有排名")
        st.info("所选日期之前没有可排名的考核得分。")
        return
    st.subheader(sentences[0])
    for sentence in sentences[1:]:
        line(sentence)
    links_line([("逐项看为什么排在这里", address(STANDING, **filters))])


def cases_heading(ages: pd.DataFrame, in_campaign: int, filters: Filters) -> None:
    """Open the section on cases and villages: how long the open ones have waited, and how many are the campaign's.

    Parameters
    ----------
    ages
        `queries.backlog.ageing` of the whole stream.
    in_campaign
        Open cases of what the headline counts: the running campaign, or the whole stream.
    """
    st.subheader(ages_line(ages).rstrip("。") or "没有未化解的积案")
    other = int(ages["open"].sum()) - in_campaign
    note(f"其中专项行动{in_campaign}件（上方“未化解积案”只计专项行动），行动之外{other}件。" if other else "")
    ledger = ledger_link(date.fromisoformat(filters["as_of"]), township=filters["township"], state="open")
    links_line([("在台账中逐件查看", ledger), ("在积案化解中查看", address(BACKLOG, **filters))])


def cases_table(
    cases: pd.DataFrame, villages: pd.DataFrame, departments: pd.DataFrame, as_of: date, *, township: str
) -> None:
    """Show the oldest open cases of a township (label): `queries.backlog.case_page`, at most OLDEST."""
    if not cases.empty:
        targets: list[Any] = [(number, case_link(number, as_of, township=township)) for number in cases["case_no"]]
        rows = case_rows(cases, villages, departments).assign(linked=targets)
        html_table(rows, case_columns(as_of), caption=f"未化解积案中交办最早的{len(cases)}件。")


def villages_section(villages: pd.DataFrame, open_cases: int, as_of: date, *, is_part: bool) -> None:
    """Show a township's villages with what waits in each; with `is_part` only what the viewer's department leads."""
    clear, unplaced = int(villages["open"].eq(0).sum()), open_cases - int(villages["open"].sum())
    line(without_line(clear, len(villages), unplaced))
    note("只计本单位主办的积案。" if is_part else "")
    waiting = villages[villages["open"] > 0]
    if not waiting.empty:
        html_table(waiting, village_columns(as_of))
    note(clear_villages(villages, as_of))


def decided_section(table: pd.DataFrame) -> None:
    """Show what meetings decided about a township."""
    st.subheader(follow_ups_finding(table))
    if not table.empty:
        follow_up_list(table)


def notes_section(
    notes: Mapping[str, Sequence[Note]],
    names: Mapping[str, str],
    filters: Filters,
    *,
    reply: Callable[[str, date, str], None] | None = None,
) -> None:
    """Say what is written beside a township's figures and where; for the township itself, the forms of its replies.

    Parameters
    ----------
    notes
        `analysis.annotations.notes_by_kpi`.
    names
        Of indicators, by code.
    reply
        A guarded callable of the page, for the township alone: it takes the indicator's code, the month and the text.
    """
    if not notes:
        line("没有情况说明。行动办在“信号”页写明某月数字的原因后，乡镇（街道）可在这里答复。")
    for code, written in notes.items():
        st.html(notes_html(names.get(code, code), written))
        if reply is not None:
            reply_form(written, key=f"portrait_{code}", reply=_bound(reply, code))
    links_line([("在信号页查看逐月走势和说明", address(SIGNALS, **filters))])


def notes_html(name: str, notes: Sequence[Note]) -> str:
    """Return what is written about one indicator, month by month."""
    if not notes:
        return nothing_html("情况说明")
    items = "".join(
        f"<p class='gov-said'><b>{escape(name)}</b> {each.month:%Y年}{each.month.month}月：{escape(each.reason)}"
        f"<small>（{escape(each.author)}）</small>{_answer(each)}</p>"
        for each in notes
    )
    return f"<div>{items}</div>"


def ages_line(ages: pd.DataFrame) -> str:
    """Say how long the open cases have waited, by band: 0-30天2件、31-60天1件; "" without any."""
    counts = ages.groupby("band", sort=False)["open"].sum()
    parts = [f"{band}{n}件" for band, n in counts.items() if n]
    return f"未化解积案{counts.sum()}件，按交办后天数：{'、'.join(parts)}。" if parts else ""


def without_line(x: int, n: int, unplaced: int) -> str:
    """Say how many villages have no open case, and how many cases name no village."""
    rest = f"；另有{unplaced}件积案未注明村（社区），不计入任何村" if unplaced else ""
    return f"现无在办积案的村（社区）{share(x, n)}{rest}。" if n else ""


def links_line(links: Sequence[tuple[str, str]]) -> None:
    """Show where a section goes on: links in one line."""
    st.html(f'<p class="gov-line">{"　".join(link_mark(link) for link in links)}</p>')


def _answer(note: Note) -> str:
    return f" 答复：{escape(note.reply)}<small>（{escape(note.replier)}）</small>" if note.reply else ""


def _bound(reply: Callable[[str, date, str], None], code: str) -> Callable[[date, str], None]:
    return lambda month, text: reply(code, month, text)
