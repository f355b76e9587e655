"""Meetings: named agendas, frozen meetings, and when a session was last in the presenter."""

import sqlalchemy as sa
from alembic import op

revision = "state0006"
down_revision = "state0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agendas",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("slides", sa.JSON, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_agendas"),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("slides", sa.JSON, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("frozen_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
    )
    op.add_column("sessions", sa.Column("presenting_at", sa.DateTime))


def downgrade() -> None:
    op.drop_column("sessions", "presenting_at")
    op.drop_table("snapshots")
    op.drop_table("agendas")
