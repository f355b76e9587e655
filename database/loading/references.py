"""What rows point at: each code must be known, in the database or in the same files."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.loading.findings import Flag, flagged

LEVELS = ("province", "city", "county", "township", "village")
"""The levels of the tree of regions, from the top."""


@dataclass(frozen=True)
class Reference:
    """A column that holds the code of another table's row."""

    column: str
    table: str
    reason: str


COMPUTED = "这项指标由系统计算，不得导入"
DEPARTMENT, REGION, KPI, TASK = "没有这个部门", "没有这个区域", "没有这项指标", "没有这项任务"
REFERENCES: Mapping[str, tuple[Reference, ...]] = {
    "regions": (Reference("parent_code", "regions", "没有这个上级区域"),),
    "work_groups": (Reference("lead_department_code", "departments", DEPARTMENT),),
    "tasks": (
        Reference("work_group_code", "work_groups", "没有这个专项工作组"),
        Reference("lead_department_code", "departments", DEPARTMENT),
    ),
    "task_departments": (
        Reference("task_code", "tasks", TASK),
        Reference("department_code", "departments", DEPARTMENT),
    ),
    "task_progress": (Reference("region_code", "regions", REGION), Reference("task_code", "tasks", TASK)),
    "milestones": (Reference("region_code", "regions", REGION), Reference("task_code", "tasks", TASK)),
    "kpis": (Reference("department_code", "departments", DEPARTMENT),),
    "kpi_values": (Reference("region_code", "regions", REGION), Reference("kpi_code", "kpis", KPI)),
    "kpi_weights": (
        Reference("region_code", "regions", REGION),
        Reference("kpi_code", "kpis", KPI),
        Reference("scheme", "schemes", "没有这个权重方案"),
    ),
    "cases": (
        Reference("township_code", "regions", "没有这个乡镇（街道）"),
        Reference("village_code", "regions", "没有这个村（社区）"),
        Reference("campaign_code", "campaigns", "没有这个专项行动"),
        Reference("lead_department_code", "departments", DEPARTMENT),
    ),
    "case_departments": (Reference("department_code", "departments", DEPARTMENT),),
}


class Known:
    """The codes known once the files are in: those of the database and those of the files, read when asked for."""

    def __init__(self, connection: Connection, frames: Mapping[str, pd.DataFrame]) -> None:
        self._connection, self._frames = connection, frames
        self._codes: dict[str, frozenset[str]] = {}
        self._regions: pd.DataFrame | None = None

    def codes(self, table: str) -> frozenset[str]:
        """Return the codes of one table."""
        if table not in self._codes:
            held = self._connection.scalars(sa.select(tables.METADATA.tables[table].c.code))
            given = self._frames[table]["code"] if table in self._frames else ()
            self._codes[table] = frozenset(held) | frozenset(given)
        return self._codes[table]

    @property
    def regions(self) -> pd.DataFrame:
        """The regions: index code; parent_code and level, the files' over the database's."""
        if self._regions is None:
            r = tables.regions.c
            rows = self._connection.execute(sa.select(r.code, r.parent_code, r.level)).all()
            held = pd.DataFrame(rows, columns=["code", "parent_code", "level"], dtype=object).set_index("code")
            given = self._frames.get("regions")
            if given is not None:
                columns = [name for name in ("parent_code", "level") if name in given]
                given = given.drop_duplicates("code", keep="last").set_index("code")[columns]
                held = held.reindex(held.index.union(given.index))
                held.loc[given.index, columns] = given
            self._regions = held
        return self._regions

    def computed_kpis(self) -> frozenset[str]:
        """Return the indicators that the program computes, the files' word over the database's."""
        k = tables.kpis.c
        computed = {row.code: row.computed_from for row in self._connection.execute(sa.select(k.code, k.computed_from))}
        given = self._frames.get("kpis")
        if given is not None and "computed_from" in given:
            computed |= dict(zip(given["code"], given["computed_from"], strict=True))
        return frozenset(code for code, source in computed.items() if source)

    def counties(self) -> dict[str, str]:
        """Return the county of each region, a region above the counties standing for itself."""
        codes = [str(code) for code in self.regions.index]
        parents = dict(zip(codes, self.regions["parent_code"], strict=True))
        levels = dict(zip(codes, self.regions["level"], strict=True))
        return {code: _county(code, parents, levels) for code in codes}


def reference_flags(table: str, frame: pd.DataFrame, known: Known) -> list[Flag]:
    """Return each cell that names a row which is not there, or one of the wrong kind."""
    flags: list[Flag] = []
    for reference in REFERENCES.get(table, ()):
        if reference.column in frame.columns:
            codes = frame[reference.column]
            is_unknown = codes.notna() & ~codes.isin(known.codes(reference.table))
            flags += flagged(table, frame, is_unknown, reference.column, reference.reason)
    if table == "cases":
        flags += _place_flags(frame, known)
    if table == "kpi_values":
        is_computed = frame["kpi_code"].isin(known.computed_kpis())
        flags += flagged(table, frame, is_computed, "kpi_code", COMPUTED)
    return flags


def _place_flags(frame: pd.DataFrame, known: Known) -> list[Flag]:
    level = frame["township_code"].map(known.regions["level"])
    reason = "这是村（社区）的代码，应填所在乡镇（街道）"
    flags = flagged("cases", frame, level == "village", "township_code", reason)
    if "village_code" in frame.columns:
        village = frame["village_code"]
        is_village = village.map(known.regions["level"]) == "village"
        is_inside = village.map(known.regions["parent_code"]) == frame["township_code"]
        is_known = village.isin(known.codes("regions"))
        is_elsewhere = is_known & ~(is_village & is_inside)
        flags += flagged("cases", frame, is_elsewhere, "village_code", "不是该乡镇（街道）的村（社区）")
    return flags


def _county(code: str, parents: Mapping[str, str | None], levels: Mapping[str, str]) -> str:
    node: str | None = code
    for _ in LEVELS:
        if node is None or node not in levels:
            break
        if levels[node] == "county":
            return node
        node = parents[node]
    return code
