"""The frames of the checklist's slides and sheets: tasks and red cells in words, and both counted by work group."""

import pandas as pd

from analysis.lights import LIGHTS, Light
from analysis.meeting.figures import Figures
from analysis.meeting.frames import day_or
from analysis.wording import MISSING, number

CALM = (Light.DONE, Light.ON_TRACK, Light.MADE_UP, Light.NOT_STARTED)


def lights_by_group(figures: Figures) -> pd.DataFrame:
    """Count the tasks of each work group by their own light; of chosen townships their cells.

    Returns
    -------
    pd.DataFrame
        One row per work group with tasks, in their order: work_group (str), and an int64 column for each light that
        occurs, in the order of LIGHTS.
    """
    cells = figures.matrix[figures.matrix["scope"] == "township"] if figures.is_filtered else figures.summary
    counts = pd.crosstab(cells["work_group_code"], cells["light"])
    counts = counts.reindex([code for code in figures.group_names.index if code in counts.index])
    lights = [light.value for light in LIGHTS if light.value in counts]
    named = counts[lights].astype("int64").set_axis(figures.group_names[counts.index], axis=0)
    return named.rename_axis("work_group").rename_axis(None, axis=1).reset_index()


def task_rows(figures: Figures) -> pd.DataFrame:
    """Return every task as a whole: task, work_group, lead, progress (计划/实际), light_word, due_on, and `summary`."""
    rows = figures.summary
    bodies = figures.departments.set_index("code")["name"]
    return rows.assign(
        task=[f"{number} {title}" for number, title in zip(rows["number"], rows["title"], strict=True)],
        work_group=rows["work_group_code"].map(figures.group_names),
        lead=rows["lead_department_code"].map(bodies),
        progress=[_progress(*each) for each in zip(rows["planned_pct"], rows["actual_pct"], strict=True)],
        light_word=[light_word(light) for light in rows["light"]],
    )


def pressing_tasks(figures: Figures) -> pd.DataFrame:
    """Return the tasks that are not on schedule as a whole, the gravest light first."""
    rows = task_rows(figures)
    place = {light.value: i for i, light in enumerate(Light)}
    own = rows[~rows["light"].isin([light.value for light in CALM])]
    order = sorted(range(len(own)), key=lambda i: -place[own["light"].iloc[i]])
    return own.take(order).reset_index(drop=True)


def cell_rows(figures: Figures) -> pd.DataFrame:
    """Return the red cells with full names, words for lights, and when each was reported and falls due."""
    rows = figures.red_cells
    return rows.assign(
        place=[figures.names.get(code, "县级") for code in rows["region_code"]],
        light_word=[light_word(light) for light in rows["light"]],
        reported=[day_or(day, "未报") for day in rows["reported_on"]],
        deadline=[day_or(day, MISSING) for day in rows["due_on"]],
    )


def red_by_group(figures: Figures) -> pd.DataFrame:
    """Count the red cells of each work group, the most first: work_group (str), red (int64)."""
    counts = figures.red_cells["work_group"].value_counts()
    return pd.DataFrame({"work_group": counts.index.astype("str"), "red": counts.to_numpy(dtype="int64")})


def group_rows(figures: Figures) -> pd.DataFrame:
    """Return a row per work group: its tasks by level of light, its red cells, and the townships these lie in."""
    levels = figures.summary["light"].map(lambda light: LIGHTS[Light(light)].level)
    names = figures.summary["work_group_code"].map(figures.group_names)
    counts = pd.crosstab(names, levels).reindex(columns=["green", "yellow", "red", "grey"], fill_value=0)
    rows = counts.assign(tasks=names.value_counts(), grey=names.value_counts() - counts.iloc[:, :3].sum(axis=1))
    red = figures.red_cells[figures.red_cells["scope"] == "township"].groupby("work_group")
    rows = rows.assign(cells=red.size(), townships=red["region_code"].nunique()).fillna(0)
    order = [name for name in figures.group_names if name in rows.index]
    return rows.reindex(order).rename_axis("work_group").reset_index()


def light_word(light: str) -> str:
    """Say a light with its shape: ■ 逾期."""
    mark = LIGHTS[Light(light)]
    return f"{mark.shape} {mark.word}"


def _progress(planned: float, actual: float) -> str:
    done = "未报" if pd.isna(actual) else f"{number(actual, digits=1)}%"
    return f"{MISSING if pd.isna(planned) else f'{number(planned, digits=1)}%'} / {done}"
