"""Annotations: what the office writes beside a figure, and the township's reply."""

import sqlalchemy as sa
from alembic import op

revision = "state0002"
down_revision = "state0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annotations",
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("kpi_code", sa.String(32), nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("is_excluded", sa.Boolean, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.Column("reply", sa.String(200)),
        sa.Column("replier", sa.String(40)),
        sa.Column("replied_at", sa.DateTime),
        sa.PrimaryKeyConstraint("region_code", "kpi_code", "month", name="pk_annotations"),
    )


def downgrade() -> None:
    op.drop_table("annotations")
