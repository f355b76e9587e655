"""The lists that a template offers: names of the rows that the database or the reference knows, and fixed words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.demo.departments import departments as reference_departments
from database.demo.departments import work_groups as reference_work_groups
from database.demo.regions import regions as reference_regions
from database.loading.columns import CHOICES, WORDS, Field, fields, loadable
from database.loading.references import REFERENCES

YES_NO = ("是", "否")
LONGEST = 5_000
"""Entries of a list; a longer one is left out."""

NAMES = {"tasks": "title"}
"""Column that names a row; `name` where nothing else is said."""

TITLES = {
    "departments": "部门", "work_groups": "专项工作组", "campaigns": "专项行动", "tasks": "任务", "kpis": "指标",
    "schemes": "考核方案",
}  # fmt: skip
TOWNSHIPS, VILLAGES, REGIONS = "乡镇（街道）", "村（社区）", "区域"

Named = tuple[str, str]
"""The code and the name of a row."""


@dataclass(frozen=True)
class Choices:
    """Lists by title, and the title of each column's list."""

    lists: Mapping[str, Sequence[str]]
    titles: Mapping[tuple[str, str], str]

    def range_of(self, field: Field, sheet: str) -> str | None:
        """Return the cells of the sheet of lists that hold a column's list; None where it has none."""
        title = self.titles.get((field.table, field.column), "")
        if not self.lists.get(title):
            return None
        letters = _letters(list(self.lists).index(title))
        return f"='{sheet}'!${letters}$2:${letters}${len(self.lists[title]) + 1}"


def choices(connection: Connection | None) -> Choices:
    """Gather the lists: from the database what it holds, from the reference county where it holds none.

    Source: tables regions, departments, work_groups, campaigns, tasks, kpis, schemes.
    """
    lists: dict[str, Sequence[str]] = {}
    for title, rows in (*_regions(connection).items(), *_others(connection).items()):
        if 0 < len(rows) <= LONGEST:
            lists[title] = _names(rows, is_within=title == VILLAGES)
            lists[f"{title}代码"] = [code for code, _ in rows]
    titles = _reference_titles()
    for key, values in (*_worded().items(), *CHOICES.items(), *dict.fromkeys(_truths(), YES_NO).items()):
        title = "是否" if values is YES_NO else next(f.header for f in fields(key[0]) if f.column == key[1])
        titles[key] = _free_title(title, lists, values)
        lists[titles[key]] = values
    return Choices(lists, titles)


def _regions(connection: Connection | None) -> dict[str, list[Named]]:
    r = tables.regions.c
    found: list[tuple[str, str, str]] = []
    if connection is not None:
        asked = sa.select(r.code, r.name, r.level).order_by(r.sort_order, r.code)
        found = [(row.code, row.name, row.level) for row in connection.execute(asked)]
    if not found:
        frame = reference_regions(14, 0)
        found = list(frame[["code", "name", "level"]].itertuples(index=False, name=None))
    townships = [(code, name) for code, name, level in found if level in ("county", "township")]
    villages = [(code, name) for code, name, level in found if level == "village"]
    upper = [(code, name) for code, name, level in found if level != "village"]
    return {TOWNSHIPS: townships, VILLAGES: villages, REGIONS: upper}


def _others(connection: Connection | None) -> dict[str, list[Named]]:
    """Return the rows of the other tables that rows may name; those of the reference where none are held."""
    found: dict[str, list[Named]] = {}
    for table, title in TITLES.items():
        c = tables.METADATA.tables[table].c
        name = c[NAMES.get(table, "name")]
        asked = sa.select(c.code, name).where(name.is_not(None)).order_by(c.code)
        if table == "kpis":
            asked = asked.where(c.computed_from.is_(None))
        found[title] = [(code, text) for code, text in connection.execute(asked)] if connection is not None else []
    for title, frame in (("部门", reference_departments()), ("专项工作组", reference_work_groups())):
        found[title] = found[title] or list(frame[["code", "name"]].itertuples(index=False, name=None))
    return found


def _reference_titles() -> dict[tuple[str, str], str]:
    titles = {}
    for table, references in REFERENCES.items():
        for reference in references:
            titles[table, reference.column] = TITLES.get(reference.table, TOWNSHIPS)
    titles["regions", "parent_code"] = REGIONS
    titles["cases", "village_code"] = VILLAGES
    return titles | {("case_departments", "township_code"): TOWNSHIPS}


def _worded() -> dict[tuple[str, str], Sequence[str]]:
    return {key: tuple(words.values()) for key, words in WORDS.items()}


def _truths() -> list[tuple[str, str]]:
    return [
        (table, field.column)
        for table in loadable()
        for field in fields(table)
        if isinstance(tables.METADATA.tables[table].columns[field.column].type, sa.Boolean)
    ]


def _names(rows: Sequence[Named], *, is_within: bool) -> list[str]:
    """Return each row's name, or its code where several bear the name; `is_within`: it is told by its township."""
    count = Counter(name for _, name in rows)
    return [name if is_within or count[name] == 1 else code for code, name in rows]


def _free_title(title: str, lists: Mapping[str, Sequence[str]], values: Sequence[str]) -> str:
    """Return a title that no other list bears."""
    number, free = 1, title
    while free in lists and lists[free] != values:
        number += 1
        free = f"{title}{number}"
    return free


def _letters(place: int) -> str:
    """Return the letters of a column: A, B, ..., Z, AA, ..."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
