"""The matrix of lights: tasks by townships with totals both ways, every cell a link; a list on phones."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from analysis.lights import LIGHTS, RED, Light
from components.lights import light_mark, narrow_mark
from components.text import nothing_html
from components.township_names import township_head

NOT_INVOLVED = "不涉及"
COUNTY, COUNTY_LEVEL = "", "县级"
YELLOW = frozenset(light for light, mark in LIGHTS.items() if mark.level == "yellow")
FEW_ROWS = 3
"""A group of fewer tasks has no room for its name from top to bottom."""
MANY_REGIONS = 30
"""More townships than this make no table that anyone can read: the list stands alone."""

MATRIX_NOTES = {
    False: "点格子看该任务在该乡镇（街道）的情况，点任务名看全县；“连未报”为连续未报。乡镇列的合计不含县级任务。",
    True: "格子为该地区各乡镇（街道）和县级任务的平均进度按规则亮灯；点格子进入该地区。",
}
"""What the matrix is and where it leads: of townships, and above them."""

Link = Callable[[str, str], str]
"""Gives the address of a task (code) in a township (label, "" for the task as a whole)."""


@dataclass(frozen=True)
class _Matrix:
    """What every part is drawn from: lights by (task, region; "" the county), labels by region, links, totals."""

    cells: Mapping[tuple[str, str], str]
    regions: Mapping[str, str]
    link: Link
    kept: Collection[str]
    totals: tuple[tuple[str, Collection[str]], ...]
    is_chosen: bool


def matrix_html(
    matrix: pd.DataFrame,
    tasks: pd.DataFrame,
    regions: Mapping[str, str],
    *,
    link: Link,
    kept: Collection[str] = (),
) -> str:
    """Return the lights as a table of tasks by townships, grouped by work group, and as a list for phones.

    Parameters
    ----------
    matrix
        One row per task and region: task_code, region_code, scope (county, township), light. Column totals count all
        of it, whichever tasks are shown.
    tasks
        One row per task in the order shown: task_code, number, title, work_group (name).
    regions
        The label of each township by code, in fixed order: the columns. A county task's cell spans all columns.
    link
        The address behind a cell and behind a task's title.
    kept
        The lights shown; cells of others stay empty. None given: all.
    """
    if tasks.empty:
        return nothing_html("符合条件的任务")
    cells = {
        (row["task_code"], row["region_code"] if row["region_code"] in regions else COUNTY): row["light"]
        for row in matrix.to_dict("records")
    }
    totals: tuple[tuple[str, Collection[str]], ...] = (("红灯", RED), ("黄灯", YELLOW))
    own = _Matrix(cells, regions, link, kept or tuple(LIGHTS), (("所选", kept),) if kept else totals, bool(kept))
    groups = [(name, list(rows)) for name, rows in groupby(tasks.to_dict("records"), lambda row: row["work_group"])]
    listed = "".join(_listed(name, rows, own) for name, rows in groups)
    if len(regions) > MANY_REGIONS:
        return f'<div class="gov-box is-list"><ul class="gov-list">{listed}</ul></div>'
    body = "".join(_group(name, rows, own) for name, rows in groups)
    table = f'<table class="gov-matrix"><thead>{_head(own)}</thead>{body}</table>'
    return f'<div class="gov-box has-list" tabindex="0">{table}<ul class="gov-list">{listed}</ul></div>'


def light_matrix(
    matrix: pd.DataFrame,
    tasks: pd.DataFrame,
    regions: Mapping[str, str],
    *,
    link: Link,
    kept: Collection[str] = (),
) -> None:
    """Show the lights as a matrix."""
    st.html(matrix_html(matrix, tasks, regions, link=link, kept=kept))


def _head(own: _Matrix) -> str:
    """Return the townships' names, and below them how many cells of each total stand in their columns."""
    names = "".join(map(township_head, own.regions.values()))
    sums = "".join(f'<th class="sum" scope="col">{word}</th>' for word, _ in own.totals)
    first = f'<tr><th class="group"></th><th class="task" scope="col">重点任务</th>{names}{sums}</tr>'
    return first + "".join(_column_sums(own, i) for i in range(len(own.totals)))


def _column_sums(own: _Matrix, place: int) -> str:
    """Return one total of every column, and at its end, under its own heading, of the whole."""
    word, kinds = own.totals[place]
    columns = [[light for (_, region), light in own.cells.items() if region == code] for code in own.regions]
    ends = [list(own.cells.values()) if place == i else [] for i in range(len(own.totals))]
    sums = "".join(_sum(lights, kinds, place) for lights in (*columns, *ends))
    return f'<tr class="sums"><th class="group"></th><th class="task" scope="row">{word}合计</th>{sums}</tr>'


def _group(name: str, rows: list[dict[Any, Any]], own: _Matrix) -> str:
    look = "group few" if len(rows) < FEW_ROWS else "group"
    heading = f'<th class="{look}" scope="rowgroup" rowspan="{len(rows)}">{escape(name)}</th>'
    headings = [heading, *[""] * (len(rows) - 1)]
    lines = (
        f'<tr>{heading}<th class="task" scope="row">{_title(task, own)}</th>{_lights(task["task_code"], own)}</tr>'
        for heading, task in zip(headings, rows, strict=True)
    )
    return f"<tbody>{''.join(lines)}</tbody>"


def _title(task: Mapping[Any, Any], own: _Matrix) -> str:
    address = escape(own.link(task["task_code"], ""))
    return f'<a href="{address}" target="_self">{task["number"]} {escape(task["title"])}</a>'


def _lights(task: str, own: _Matrix) -> str:
    whole = own.cells.get((task, COUNTY))
    if whole is not None:
        mark = f"{COUNTY_LEVEL} {narrow_mark(whole, own.link(task, ''))}" if whole in own.kept else ""
        cell = f'<td class="{LIGHTS[Light(whole)].level if mark else "off"}" colspan="{len(own.regions)}">{mark}</td>'
        return cell + _sums([whole], own)
    found = {code: own.cells.get((task, code)) for code in own.regions}
    cells = "".join(_cell(task, light, own.regions[code], own) for code, light in found.items())
    return cells + _sums([light for light in found.values() if light is not None], own)


def _cell(task: str, light: str | None, label: str, own: _Matrix) -> str:
    if light is None:
        return f'<td class="none"><span class="light none">{NOT_INVOLVED}</span></td>'
    if light not in own.kept:
        return '<td class="off"></td>'
    return f'<td class="{LIGHTS[Light(light)].level}">{narrow_mark(light, own.link(task, label))}</td>'


def _sums(lights: list[str], own: _Matrix) -> str:
    return "".join(_sum(lights, kinds, i) for i, (_, kinds) in enumerate(own.totals))


def _sum(lights: list[str], kinds: Collection[str], place: int) -> str:
    """Count the lights of some kinds in a cell: the first total with what it is of, the others bare."""
    if not lights:
        return '<td class="sum"></td>'
    n = sum(light in kinds for light in lights)
    look = "sum red" if n and kinds == RED else "sum"
    return f'<td class="{look}">{f"{n}/{len(lights)}" if place == 0 else n}</td>'


def _listed(name: str, rows: list[dict[Any, Any]], own: _Matrix) -> str:
    """Return a work group's tasks for a phone: each light with who has it; the calm ones only counted."""
    items = "".join(f"<li>{_title(task, own)}<p>{_spread(task['task_code'], own)}</p></li>" for task in rows)
    return f"<h4>{escape(name)}</h4>{items}"


def _spread(task: str, own: _Matrix) -> str:
    found = {label: own.cells.get((task, code)) for code, label in {COUNTY: COUNTY_LEVEL, **own.regions}.items()}
    parts = []
    for light in LIGHTS:
        who = [label for label, one in found.items() if one == light]
        if who and light in own.kept:
            parts.append(f"{light_mark(light)} {_who(task, light, who, own)}")
    return "；".join(parts) or NOT_INVOLVED


def _who(task: str, light: Light, who: list[str], own: _Matrix) -> str:
    is_named = own.is_chosen or LIGHTS[light].level in ("red", "grey") or who == [COUNTY_LEVEL]
    if not is_named:
        return f"{len(who)}个"
    links = {label: escape(own.link(task, "" if label == COUNTY_LEVEL else label)) for label in who}
    return "、".join(f'<a href="{links[label]}" target="_self">{escape(label)}</a>' for label in who)
