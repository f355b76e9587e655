"""What was closed in each month, for pages that told it by counting; which cases have a later episode.

Revision ID: 0006
"""

import sqlalchemy as sa

from database.own_tables import create_index, create_table, drop_index, drop_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = (("township_code", sa.String(12)), ("stream", sa.String(32)), ("platform", sa.String(64)), ("month", sa.Date()))
COUNTS = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled", "late")


def upgrade() -> None:
    create_table(
        "case_months",
        *(sa.Column(name, kind, nullable=False) for name, kind in KEY),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint(*(name for name, _ in KEY), name="pk_case_months"),
    )
    create_index("ix_cases_later", "cases", ["township_code", "case_no", "episode", "opened_on"], where="episode > 1")


def downgrade() -> None:
    drop_index("ix_cases_later", "cases")
    drop_table("case_months")
