"""The tables of the shared database, contract version 1.

Types are portable: SQLite and PostgreSQL give the same rows. Codes are strings. The region stands first in the key of
every table that has one. There are no foreign keys, because a county may put views in place of the base tables:
`load` and `check` verify the references.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

CODE = String(12)
_NOT_CLOSED = text("closed_on IS NULL")
IN_HAND: dict[str, Any] = {"sqlite_where": _NOT_CLOSED, "postgresql_where": _NOT_CLOSED}
"""An index over the few cases without a closing day: the open ones, as long as nothing was closed after the day."""
_IS_REPEAT = text("repeat_of IS NOT NULL")
REPEATS: dict[str, Any] = {"sqlite_where": _IS_REPEAT, "postgresql_where": _IS_REPEAT}
"""An index over the petitions that repeat another."""
_IS_LATER = text("episode > 1")
LATER: dict[str, Any] = {"sqlite_where": _IS_LATER, "postgresql_where": _IS_LATER}
"""An index over the few episodes after the first: whether a case has one is asked of every case that is counted."""
_ASKED = ("stream", "village_code", "category", "channel", "level", "case_leader", "closing_method",
          "satisfaction", "is_repeat", "lead_department_code", "platform", "case_no")  # fmt: skip
_KEYS: dict[str, Any] = {"region_code": CODE, "township_code": CODE, "platform": String(64), "value": String(64),
                         "month": Date, "day": Date, "known_on": Date}  # fmt: skip


def _key(names: str) -> list[Column[Any]]:
    return [Column(name, _KEYS.get(name, String(32)), primary_key=True) for name in names.split()]


def _counts(names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names.split()]


METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# One row per region of any level; parent_code alone makes the tree.
regions = Table(
    "regions",
    METADATA,
    Column("code", CODE, primary_key=True),
    Column("parent_code", CODE, index=True),
    Column("level", String(16), nullable=False),
    Column("name", String(64), nullable=False),
    Column("short_name", String(32)),
    Column("kind", String(16)),
    Column("population", Integer),
    Column("households", Integer),
    Column("county_leader", String(64)),
    Column("contact_department", String(64)),
    Column("named_on", Date),
    Column("tile_col", Integer),
    Column("tile_row", Integer),
    Column("sort_order", Integer),
    UniqueConstraint("parent_code", "name"),
)

# One row per department.
departments = Table(
    "departments",
    METADATA,
    Column("code", String(32), primary_key=True),
    Column("name", String(64)),
    Column("kind", String(32)),
)

# One row per special work group.
work_groups = Table(
    "work_groups",
    METADATA,
    Column("code", String(32), primary_key=True),
    Column("name", String(64)),
    Column("lead_department_code", String(32)),
    Column("sort_order", Integer),
)

# One row per campaign; the baseline rate comes from rows.
campaigns = Table(
    "campaigns",
    METADATA,
    Column("code", String(32), primary_key=True),
    Column("name", String(128)),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("baseline_on", Date),
    Column("goal_rate", Double),
    Column("is_demo_goal", Boolean),
)

# One row per key task.
tasks = Table(
    "tasks",
    METADATA,
    Column("code", String(32), primary_key=True),
    Column("number", Integer),
    Column("title", String(128)),
    Column("objective", Text),
    Column("scope", String(16)),
    Column("work_group_code", String(32)),
    Column("lead_department_code", String(32)),
    Column("measure", Text),
    Column("weight", Double),
    Column("starts_on", Date),
    Column("due_on", Date),
    Column("origin", String(8)),
)

# One row per task, department and role (lead, responsible).
task_departments = Table(
    "task_departments",
    METADATA,
    Column("task_code", String(32), primary_key=True),
    Column("department_code", String(32), primary_key=True),
    Column("role", String(16), primary_key=True),
)

# One row per region, task and month (its first day); county tasks stand on the county.
task_progress = Table(
    "task_progress",
    METADATA,
    *_key("region_code task_code month"),
    Column("planned_work", Text),
    *(Column(name, Double) for name in ("planned_pct", "actual_pct")),
    Column("bottleneck", Text),
    Column("countermeasure", Text),
    Column("reported_on", Date),
)

# One row per region, task and step.
milestones = Table(
    "milestones",
    METADATA,
    Column("region_code", CODE, primary_key=True),
    Column("task_code", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("title", String(128)),
    Column("due_on", Date),
    Column("done_on", Date),
)

# One row per indicator.
kpis = Table(
    "kpis",
    METADATA,
    Column("code", String(32), primary_key=True),
    Column("name", String(64)),
    Column("domain", String(32)),
    *(Column(name, String(16)) for name in ("unit", "direction", "kind", "period", "reset")),
    Column("formula", Text),
    Column("source", Text),
    Column("department_code", String(32)),
    Column("computed_from", String(64)),
)

# One row per region, indicator and month: the month's own numerator and denominator. Computed ones are ours to write.
kpi_values = Table(
    "kpi_values",
    METADATA,
    *_key("region_code kpi_code month"),
    *(Column(name, Double) for name in ("numerator", "denominator", "value")),
    Column("published_on", Date),
)

# One row per weight scheme; periods do not overlap.
schemes = Table(
    "schemes",
    METADATA,
    Column("code", String(32), primary_key=True),
    Column("name", String(64)),
    Column("valid_from", Date),
    Column("valid_to", Date),
)

# One row per region, scheme and indicator: the county row is the default, a township row overrides column by column.
kpi_weights = Table(
    "kpi_weights",
    METADATA,
    *_key("region_code scheme kpi_code"),
    *(Column(name, Double) for name in ("weight", "goal", "floor")),
)

# One row per township, case and episode; a case without a township carries the county's code.
cases = Table(
    "cases",
    METADATA,
    Column("township_code", CODE, primary_key=True),
    Column("case_no", String(64), primary_key=True),
    Column("episode", Integer, primary_key=True),
    Column("stream", String(32), nullable=False),
    Column("campaign_code", String(32)),
    Column("village_code", CODE),
    Column("category", String(64)),
    Column("channel", String(64)),
    Column("platform", String(64)),
    Column("level", String(32)),
    Column("lead_department_code", String(32)),
    Column("case_leader", String(64)),
    Column("opened_on", Date, nullable=False),
    Column("first_opened_on", Date),
    Column("repeat_of", String(64)),
    Column("accept_due_on", Date),
    Column("accepted_on", Date),
    Column("due_on", Date),
    Column("due_is_default", Boolean),
    Column("closed_on", Date),
    Column("closing_method", String(32)),
    Column("is_repeat", Boolean),
    Column("satisfaction", Integer),
    Index("ix_cases_case_no", "case_no"),
    Index("ix_cases_campaign_code", "campaign_code", "township_code"),
    Index("ix_cases_opened", "stream", "opened_on", "township_code", "case_no", "episode"),
    Index("ix_cases_closed", "stream", "closed_on", "township_code", "case_no", "episode", "opened_on"),
    Index("ix_cases_due", "stream", "due_on", "township_code"),
    Index("ix_cases_lead", "lead_department_code", "stream"),
    Index("ix_cases_number", "stream", "case_no", "township_code"),
    Index("ix_cases_asked", *_ASKED),
    Index("ix_cases_open", "stream", "opened_on", "township_code", "case_no", **IN_HAND),
    Index("ix_cases_open_due", "stream", "due_on", "township_code", "case_no", **IN_HAND),
    Index("ix_cases_later", "township_code", "case_no", "episode", "opened_on", **LATER),
    Index("ix_cases_repeats", "repeat_of", "opened_on", "township_code", "case_no", **REPEATS),
)

# One row per township, case, episode and department involved.
case_departments = Table(
    "case_departments",
    METADATA,
    Column("township_code", CODE, primary_key=True),
    Column("case_no", String(64), primary_key=True),
    Column("episode", Integer, primary_key=True),
    Column("department_code", String(32), primary_key=True),
)

# One row per region (township or above), stream, platform ("" = all) and stored day: each Sunday, month end and
# release's as-of day. A flow is a difference of two rows; open = opened + reopened - closings.
backlog_states = Table(
    "backlog_states",
    METADATA,
    *_key("region_code stream platform day"),
    *_counts(
        "opened_to_date reopened_to_date closings_to_date substantive_to_date lawful_to_date led_opened_to_date "
        "led_open open overdue open_0_30 open_31_60 open_61_90 open_91_180 open_over_180"
    ),
)

# One row per township (or county, for its own cases), stream, platform ("" = none) and full month in which anything was
# closed, fell due, or was begun with a department; episodes, involved and shared cases.
case_months = Table(
    "case_months",
    METADATA,
    *_key("township_code stream platform month"),
    *_counts("closed closed_in_time rated satisfied ended settled late involved shared"),
)

# One row per township (or county, for its own cases), stream, grouping (a column of cases, or days_taken), value ("" =
# none) and stored day: what changed since the month of that day began.
case_groups = Table(
    "case_groups",
    METADATA,
    *_key("township_code stream grouping day value"),
    *_counts("cases opened reopened closings closed_in_time late substantive lawful open overdue"),
)

# One row per township (or county, for its own cases), stream, platform ("" = none), department and full month in which
# cases were begun in which the department is involved.
department_months = Table(
    "department_months",
    METADATA,
    *_key("township_code month stream platform department_code"),
    Column("cases", Integer, nullable=False),
)

# One row per region above the townships (where counties have one above them), indicator and month: the sums over the
# townships in it of what adds up and was published by the newest as-of day.
kpi_totals = Table(
    "kpi_totals",
    METADATA,
    *_key("region_code kpi_code month"),
    *(Column(name, Double) for name in ("numerator", "denominator")),
)

# One row per region as in kpi_totals, task, month and day from which it holds (the month's last, or that of a report
# that came later): the sums over the cells in it, and the light of their means.
task_totals = Table(
    "task_totals",
    METADATA,
    *_key("region_code task_code month known_on"),
    *(Column(name, Integer, nullable=False) for name in ("cells", "red_cells", "planned_cells", "unreported_cells")),
    *(Column(name, Double, nullable=False) for name in ("planned_total", "actual_total")),
    Column("reported_on", Date),
    Column("light", String(20), nullable=False),
)

# One row per region, scheme and month.
kpi_scores = Table(
    "kpi_scores",
    METADATA,
    *_key("region_code scheme month"),
    Column("score", Double),
    Column("rank", Integer),
    *(Column(name, Double) for name in ("coverage", "rank_low", "rank_high", "first_three", "last_three")),
    *(Column(name, Double) for name in ("weight_low", "weight_high")),
)

# One row per release; the newest id is the data version. Its marks say what the base tables held (database.marks).
data_releases = Table(
    "data_releases",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("published_at", DateTime, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("source", String(128)),
    Column("note", Text),
    *(Column(name, JSON) for name in ("rows", "checks", "marks", "restated")),
)

DERIVED = (backlog_states, case_months, case_groups, department_months, kpi_scores, kpi_totals, task_totals,
           data_releases)  # fmt: skip
