"""The page of one task: its facts, its townships as small multiples, its tables, and the way to the next one."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.milestones import STEPS, Step
from analysis.task_book import MEAN, NO_COUNTERMEASURE, Book, fact_rows, latest_cells, neighbours, progress_said
from analysis.task_titles import cells_title
from analysis.tasks import light_counts as counted
from analysis.wording import month, number
from components.kpi import Multiple, small_multiples
from components.lights import light_counts, light_mark, light_word, narrow_mark
from components.links import TASK, TASKS, address, link_mark, task_link
from components.tables import Column, html_table, short_day
from components.text import finding, line, note
from components.township_names import township_mark

Filters = Mapping[str, str | Sequence[str]]

CHOOSER_EXPORT = (
    Column("task", "重点任务"),
    Column("work_group", "专项组"),
    Column("lead", "牵头单位"),
    Column("light", "亮灯", html=light_mark, csv=light_word, figure="task_light"),
    Column("progress", "计划 / 实际", is_number=True, figure="planned_pct"),
    Column("due_on", "完成时限", short_day),
)
CHOOSER = (Column("linked", "重点任务", html=link_mark), *CHOOSER_EXPORT[1:])


def step_mark(state: Any) -> str:
    """Return the state of a milestone as trusted markup: shape and word in the colour of its level."""
    mark = STEPS[Step(state)]
    return f'<span class="light {mark.level}"><span class="shape">{mark.shape}</span> {escape(mark.word)}</span>'


def step_word(state: Any) -> str:
    """Return the word of a milestone's state."""
    return STEPS[Step(state)].word


STEP_COLUMNS = (
    Column("due_on", "时限", short_day),
    Column("step", "里程碑", figure="milestone"),
    Column("state", "情况", html=step_mark, csv=step_word),
    Column("done_on", "完成日期", short_day),
)


def _percent(value: Any) -> str:
    return f"{number(value, digits=1)}%" if not pd.isna(value) else "—"


def _gap(value: Any) -> str:
    return "—" if pd.isna(value) else f"{'+' if value > 0 else ''}{number(value, digits=1)}"


def _light(value: Any) -> str:
    return light_mark(value) if value else "—"


def _light_said(value: Any) -> str:
    return light_word(value) if value else ""


MONTH_COLUMNS = (
    Column("month", "月份", month),
    Column("work", "本月工作"),
    Column("planned_pct", "计划", _percent, is_number=True, figure="planned_pct"),
    Column("actual_pct", "实际", _percent, is_number=True),
    Column("gap", "相差（百分点）", _gap, is_number=True),
    Column("light", "亮灯", html=_light, csv=_light_said, figure="light"),
)


def countermeasure_mark(text: Any) -> str:
    """Return a countermeasure as trusted markup; that there is none stands out."""
    said = escape(str(text))
    return f'<span class="light yellow">▲ {said}</span>' if text == NO_COUNTERMEASURE else said


def region_columns(book: Book, *, with_texts: bool = True) -> tuple[Column, ...]:
    """Return the columns of a task's table by region: its light in every month, then the newest report."""
    texts = (
        Column("bottleneck", "瓶颈性问题", figure="task_texts"),
        Column("countermeasure", "对策措施", html=countermeasure_mark, csv=str),
    )
    months = sorted(set(book.cells["month"]))
    lights = (
        Column(f"{each:%Y-%m}", f"{each.month}月", html=narrow_mark, csv=light_word, figure="light" if i == 0 else "")
        for i, each in enumerate(months)
    )
    return (
        Column("region", "乡镇（街道）", html=township_mark),
        *lights,
        Column("progress", "计划 / 实际", is_number=True, figure="planned_pct"),
        *(texts if with_texts else ()),
    )


def chooser(rows: pd.DataFrame, asked: str) -> None:
    """Show the tasks to choose from; `asked` is what the URL asks for in vain."""
    st.title("任务详情")
    if asked:
        st.warning(f"链接中的任务“{asked}”不在清单中，请在下面选择。", icon=":material/info:")
    finding(f"请选择要看的任务（共{len(rows)}项）")
    html_table(rows, CHOOSER, caption="点任务名打开；乡镇任务的计划、实际为各乡镇（街道）的平均数。")


def choosable(summary: pd.DataFrame, facts: pd.DataFrame, *, filters: Filters) -> pd.DataFrame:
    """Return the tasks to choose from, a row each with the address of its page."""
    rows = summary.merge(facts[["code", "work_group", "lead"]], left_on="task_code", right_on="code")
    named = [f"{n} {title}" for n, title in zip(rows["number"], rows["title"], strict=True)]
    targets = (task_link(code, filters=filters) for code in rows["task_code"])
    linked: list[Any] = list(zip(named, targets, strict=True))
    said = [progress_said(*pair) for pair in zip(rows["planned_pct"], rows["actual_pct"], strict=True)]
    return rows.assign(task=named, linked=linked, progress=said)


def facts_html(fact: Mapping[str, Any]) -> str:
    """Return what the list says of a task as headings and texts."""
    rows = "".join(f"<div><dt>{heading}</dt><dd>{escape(said)}</dd></div>" for heading, said in fact_rows(fact))
    return f'<dl class="gov-facts">{rows}</dl>'


def task_facts(fact: Mapping[str, Any]) -> None:
    """Show what the list says of a task."""
    st.html(facts_html(fact))


def task_lights(book: Book) -> None:
    """Show how many townships have each light; of one place alone its own."""
    if book.place == MEAN:
        light_counts(counted(latest_cells(book)["light"]))
    else:
        st.html(f'<p class="gov-line">{light_mark(book.now["light"])}</p>')


def place_texts(book: Book, regions: pd.DataFrame) -> None:
    """Show what one place alone wrote about the month, as lines that a phone can show."""
    if book.place != MEAN:
        row = regions.iloc[0]
        line(f"{book.month.month}月瓶颈性问题：{row['bottleneck'] or '未填报'}")
        line(f"{book.month.month}月对策措施：{row['countermeasure'] or '未填报'}")


def township_cells(book: Book, *, filters: Filters) -> None:
    """Show the townships of a task as small multiples; nothing for one place alone."""
    if book.place == MEAN:
        st.subheader(cells_title(book))
        note("实线为实际，虚线为计划。")
        small_multiples(township_multiples(book, filters=filters))


def township_multiples(book: Book, *, filters: Filters) -> list[Multiple]:
    """Return a cell per township: its light, and its months against its plan; its name leads to its own page."""
    cells = []
    for row in latest_cells(book).to_dict("records"):
        own = book.cells[book.cells["region_code"] == row["region_code"]]
        cells.append(
            Multiple(
                row["region"],
                "未报" if pd.isna(row["actual_pct"]) else _percent(row["actual_pct"]),
                tuple(own["actual_pct"]),
                plan=tuple(own["planned_pct"]),
                mark=light_mark(row["light"]),
                address=task_link(book.fact["code"], row["region"], filters=filters),
            )
        )
    return cells


def task_ways_html(facts: pd.DataFrame, code: str, *, filters: Filters) -> str:
    """Return the links from one task to the list, to the one before and the one after, and how to print it."""
    titles = {code: f"{n} {title}" for code, n, title in facts[["code", "number", "title"]].itertuples(index=False)}
    before, after = neighbours(facts, code)
    ways = [("← 任务清单", address(TASKS, **filters)), ("全部任务", address(TASK, **filters))]
    ways += [(f"上一项：{titles[before]}", task_link(before, filters=filters))] if before else []
    ways += [(f"下一项：{titles[after]}", task_link(after, filters=filters))] if after else []
    return f'<nav class="gov-ways">{"".join(map(link_mark, ways))}<span>打印任务书：按 Ctrl+P（A4）</span></nav>'


def task_ways(facts: pd.DataFrame, code: str, *, filters: Filters) -> None:
    """Show the links from one task to the others."""
    st.html(task_ways_html(facts, code, filters=filters))
