"""The lights of the tasks, always word, shape and colour together: as a matrix, as counts, as a list on phones."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from analysis.lights import LIGHTS, Light

NOT_INVOLVED = "不涉及"
COUNTY = ""


def light_mark(light: Any) -> str:
    """Return a light as trusted markup: shape and word in the colour of its level."""
    style = LIGHTS[Light(light)]
    parts = f'<span class="shape">{style.shape}</span> <span class="word">{escape(style.word)}</span>'
    return f'<span class="light {style.level}">{parts}</span>'


def light_word(light: Any) -> str:
    """Return the word of a light."""
    return LIGHTS[Light(light)].word


def counted_marks(counts: Mapping[Light, int]) -> list[str]:
    """Return each light that occurs, with how often, as trusted markup."""
    return [f"{light_mark(light)}<b>{counts[light]}</b>" for light in LIGHTS if counts.get(light)]


def counts_html(counts: Mapping[Light, int]) -> str:
    """Return how many there are of each light, worst last, as one line of words; a light with none is left out."""
    return f'<ul class="gov-counts">{"".join(f"<li>{item}</li>" for item in counted_marks(counts))}</ul>'


def light_counts(counts: Mapping[Light, int]) -> None:
    """Show how many there are of each light."""
    st.html(counts_html(counts))


def matrix_html(matrix: pd.DataFrame, tasks: pd.DataFrame, regions: Mapping[str, str]) -> str:
    """Return the lights as a table of tasks by townships, grouped by work group, and as a list for phones.

    Parameters
    ----------
    matrix
        One row per task and region: task_code, region_code, scope (county, township), light.
    tasks
        One row per task in the order shown: task_code, number, title, work_group (name).
    regions
        The label of each township by code, in fixed order: the columns.        A county task's cell spans all columns.
    """
    cells = {
        (row["task_code"], COUNTY if row["scope"] == "county" else row["region_code"]): row["light"]
        for row in matrix.to_dict("records")
    }
    groups = [(name, list(rows)) for name, rows in groupby(tasks.to_dict("records"), lambda row: row["work_group"])]
    names = "".join(f'<th scope="col">{escape(label)}</th>' for label in regions.values())
    first, last = (
        '<th class="group"></th><th class="task" scope="col">重点任务</th>',
        '<th class="sum" scope="col">红灯</th>',
    )
    head = f"<tr>{first}{names}{last}</tr>"
    body = "".join(_group(name, rows, cells, regions) for name, rows in groups)
    table = f'<table class="gov-matrix"><thead>{head}</thead>{body}</table>'
    listed = "".join(_listed(name, rows, cells, regions) for name, rows in groups)
    return f'<div class="gov-box has-list" tabindex="0">{table}<ul class="gov-list">{listed}</ul></div>'


def light_matrix(matrix: pd.DataFrame, tasks: pd.DataFrame, regions: Mapping[str, str]) -> None:
    """Show the lights as a matrix."""
    st.html(matrix_html(matrix, tasks, regions))


Cells = Mapping[tuple[Any, Any], Any]


def _group(name: str, rows: list[dict[Any, Any]], cells: Cells, regions: Mapping[str, str]) -> str:
    heading = f'<th class="group" scope="rowgroup" rowspan="{len(rows)}">{escape(name)}</th>'
    lines = []
    for i, task in enumerate(rows):
        title = f'<th class="task" scope="row">{task["number"]} {escape(task["title"])}</th>'
        lines.append(f"<tr>{heading if i == 0 else ''}{title}{_lights(task['task_code'], cells, regions)}</tr>")
    return f"<tbody>{''.join(lines)}</tbody>"


def _lights(task: str, cells: Cells, regions: Mapping[str, str]) -> str:
    whole = cells.get((task, COUNTY))
    if whole is not None:
        level = LIGHTS[Light(whole)].level
        mark = f'<td class="{level}" colspan="{len(regions)}">县级 {light_mark(whole)}</td>'
        return f'{mark}<td class="sum">{_red([whole])}</td>'
    own = [cells.get((task, code)) for code in regions]
    marks = "".join(
        f'<td class="none"><span class="light none">{NOT_INVOLVED}</span></td>'
        if light is None
        else f'<td class="{LIGHTS[Light(light)].level}">{light_mark(light)}</td>'
        for light in own
    )
    return f'{marks}<td class="sum">{_red([light for light in own if light is not None])}</td>'


def _listed(name: str, rows: list[dict[Any, Any]], cells: Cells, regions: Mapping[str, str]) -> str:
    items = [f"<h4>{escape(name)}</h4>"]
    for task in rows:
        found = {label: cells.get((task["task_code"], code)) for code, label in {COUNTY: "县级", **regions}.items()}
        by_light = {light: [label for label, own in found.items() if own == light] for light in LIGHTS}
        said = "；".join(f"{light_mark(light)} {_who(light, who)}" for light, who in by_light.items() if who)
        items.append(f"<li>{task['number']} {escape(task['title'])}<p>{said or NOT_INVOLVED}</p></li>")
    return "".join(items)


def _who(light: Light, who: list[str]) -> str:
    named = LIGHTS[light].level in ("red", "grey") or who == ["县级"]
    return escape("、".join(who)) if named else f"{len(who)}个"


def _red(lights: Iterable[Any]) -> str:
    own = list(lights)
    return f"{sum(LIGHTS[Light(light)].level == 'red' for light in own)}/{len(own)}"
