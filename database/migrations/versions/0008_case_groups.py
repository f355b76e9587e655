"""Cases by group and by department, for pages that told them by counting; case_months is made anew by the next refresh.

Revision ID: 0008
"""

import sqlalchemy as sa

from database.own_tables import create_table, drop_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLACE = (("township_code", sa.String(12)), ("stream", sa.String(32)))
MONTHS = (*PLACE, ("platform", sa.String(64)), ("month", sa.Date()))
MONTHLY = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled", "late")
INVOLVED = ("involved", "shared")
GROUPS = (*PLACE, ("grouping", sa.String(32)), ("day", sa.Date()), ("value", sa.String(64)))
GROUPED = ("cases", "opened", "reopened", "closings", "closed_in_time", "late", "substantive", "lawful", "open",
           "overdue")  # fmt: skip
DEPARTMENTS = (("township_code", sa.String(12)), ("month", sa.Date()), ("stream", sa.String(32)),
               ("platform", sa.String(64)), ("department_code", sa.String(32)))  # fmt: skip


def upgrade() -> None:
    drop_table("case_months")
    _create("case_months", MONTHS, (*MONTHLY, *INVOLVED))
    _create("case_groups", GROUPS, GROUPED)
    _create("department_months", DEPARTMENTS, ("cases",))


def downgrade() -> None:
    drop_table("department_months")
    drop_table("case_groups")
    drop_table("case_months")
    _create("case_months", MONTHS, MONTHLY)


def _create(name, key, counts) -> None:
    create_table(
        name,
        *(sa.Column(column, kind, nullable=False) for column, kind in key),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in counts),
        sa.PrimaryKeyConstraint(*(column for column, _ in key), name=f"pk_{name}"),
    )
