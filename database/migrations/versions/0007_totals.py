"""Indicators and the checklist of regions above the townships, for reads that added up every township.

Revision ID: 0007
"""

import sqlalchemy as sa

from database.own_tables import create_table, drop_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CODE = sa.String(12)
CELLS = ("cells", "red_cells", "planned_cells", "unreported_cells")


def upgrade() -> None:
    create_table(
        "kpi_totals",
        sa.Column("region_code", CODE, nullable=False),
        sa.Column("kpi_code", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double()),
        sa.Column("denominator", sa.Double()),
        sa.PrimaryKeyConstraint("region_code", "kpi_code", "month", name="pk_kpi_totals"),
    )
    create_table(
        "task_totals",
        sa.Column("region_code", CODE, nullable=False),
        sa.Column("task_code", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in CELLS),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("planned_total", "actual_total")),
        sa.Column("reported_on", sa.Date()),
        sa.Column("light", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("region_code", "task_code", "month", "known_on", name="pk_task_totals"),
    )


def downgrade() -> None:
    drop_table("task_totals")
    drop_table("kpi_totals")
