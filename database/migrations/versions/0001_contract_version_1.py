"""The tables of contract version 1, but for those that a county offers as views.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from database.own_tables import create_index, create_table, drop_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "backlog_states",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened_to_date", sa.Integer(), nullable=False),
        sa.Column("reopened_to_date", sa.Integer(), nullable=False),
        sa.Column("closings_to_date", sa.Integer(), nullable=False),
        sa.Column("substantive_to_date", sa.Integer(), nullable=False),
        sa.Column("lawful_to_date", sa.Integer(), nullable=False),
        sa.Column("led_opened_to_date", sa.Integer(), nullable=False),
        sa.Column("led_open", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("open_0_30", sa.Integer(), nullable=False),
        sa.Column("open_31_60", sa.Integer(), nullable=False),
        sa.Column("open_61_90", sa.Integer(), nullable=False),
        sa.Column("open_91_180", sa.Integer(), nullable=False),
        sa.Column("open_over_180", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region_code", "stream", "platform", "day", name=op.f("pk_backlog_states")),
    )
    create_table(
        "campaigns",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("goal_rate", sa.Double(), nullable=True),
        sa.Column("is_demo_goal", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_campaigns")),
    )
    create_table(
        "case_departments",
        sa.Column("township_code", sa.String(length=12), nullable=False),
        sa.Column("case_no", sa.String(length=64), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint(
            "township_code", "case_no", "episode", "department_code", name=op.f("pk_case_departments")
        ),
    )
    create_table(
        "cases",
        sa.Column("township_code", sa.String(length=12), nullable=False),
        sa.Column("case_no", sa.String(length=64), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("campaign_code", sa.String(length=32), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("platform", sa.String(length=64), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("lead_department_code", sa.String(length=32), nullable=True),
        sa.Column("case_leader", sa.String(length=64), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("first_opened_on", sa.Date(), nullable=True),
        sa.Column("repeat_of", sa.String(length=64), nullable=True),
        sa.Column("accept_due_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_is_default", sa.Boolean(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_method", sa.String(length=32), nullable=True),
        sa.Column("is_repeat", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("township_code", "case_no", "episode", name=op.f("pk_cases")),
    )
    create_index("ix_cases_campaign_code", "cases", ["campaign_code", "township_code"])
    create_index("ix_cases_case_no", "cases", ["case_no"])
    create_index("ix_cases_closed", "cases", ["stream", "closed_on", "township_code"])
    create_index("ix_cases_due", "cases", ["stream", "due_on", "township_code"])
    create_index("ix_cases_lead", "cases", ["lead_department_code", "stream"])
    create_index(
        "ix_cases_opened", "cases", ["stream", "opened_on", "township_code", "case_no", "episode"]
    )
    create_table(
        "data_releases",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=128), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_releases")),
    )
    create_table(
        "departments",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )
    create_table(
        "kpi_scores",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("rank_low", sa.Double(), nullable=True),
        sa.Column("rank_high", sa.Double(), nullable=True),
        sa.Column("first_three", sa.Double(), nullable=True),
        sa.Column("last_three", sa.Double(), nullable=True),
        sa.Column("weight_low", sa.Double(), nullable=True),
        sa.Column("weight_high", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("region_code", "scheme", "month", name=op.f("pk_kpi_scores")),
    )
    create_table(
        "kpi_values",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("kpi_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("region_code", "kpi_code", "month", name=op.f("pk_kpi_values")),
    )
    create_table(
        "kpi_weights",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("kpi_code", sa.String(length=32), nullable=False),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("goal", sa.Double(), nullable=True),
        sa.Column("floor", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("region_code", "scheme", "kpi_code", name=op.f("pk_kpi_weights")),
    )
    create_table(
        "kpis",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("domain", sa.String(length=32), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("direction", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("period", sa.String(length=16), nullable=True),
        sa.Column("reset", sa.String(length=16), nullable=True),
        sa.Column("formula", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("department_code", sa.String(length=32), nullable=True),
        sa.Column("computed_from", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kpis")),
    )
    create_table(
        "milestones",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("task_code", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("region_code", "task_code", "seq", name=op.f("pk_milestones")),
    )
    create_table(
        "regions",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("short_name", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("county_leader", sa.String(length=64), nullable=True),
        sa.Column("contact_department", sa.String(length=64), nullable=True),
        sa.Column("named_on", sa.Date(), nullable=True),
        sa.Column("tile_col", sa.Integer(), nullable=True),
        sa.Column("tile_row", sa.Integer(), nullable=True),
        sa.Column("sort_order", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
        sa.UniqueConstraint("parent_code", "name", name=op.f("uq_regions_parent_code_name")),
    )
    create_index(op.f("ix_regions_parent_code"), "regions", ["parent_code"])
    create_table(
        "schemes",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_schemes")),
    )
    create_table(
        "task_departments",
        sa.Column("task_code", sa.String(length=32), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("task_code", "department_code", "role", name=op.f("pk_task_departments")),
    )
    create_table(
        "task_progress",
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("task_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("planned_work", sa.Text(), nullable=True),
        sa.Column("planned_pct", sa.Double(), nullable=True),
        sa.Column("actual_pct", sa.Double(), nullable=True),
        sa.Column("bottleneck", sa.Text(), nullable=True),
        sa.Column("countermeasure", sa.Text(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("region_code", "task_code", "month", name=op.f("pk_task_progress")),
    )
    create_table(
        "tasks",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=128), nullable=True),
        sa.Column("objective", sa.Text(), nullable=True),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.Column("work_group_code", sa.String(length=32), nullable=True),
        sa.Column("lead_department_code", sa.String(length=32), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tasks")),
    )
    create_table(
        "work_groups",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("lead_department_code", sa.String(length=32), nullable=True),
        sa.Column("sort_order", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_work_groups")),
    )


def downgrade() -> None:
    drop_table("work_groups")
    drop_table("tasks")
    drop_table("task_progress")
    drop_table("task_departments")
    drop_table("schemes")
    drop_table("regions")
    drop_table("milestones")
    drop_table("kpis")
    drop_table("kpi_weights")
    drop_table("kpi_values")
    drop_table("kpi_scores")
    drop_table("departments")
    drop_table("data_releases")
    drop_table("cases")
    drop_table("case_departments")
    drop_table("campaigns")
    drop_table("backlog_states")
