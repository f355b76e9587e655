"""Follow-ups: what a meeting decided, for whom and until when, and the township's reply."""

import sqlalchemy as sa
from alembic import op

revision = "state0003"
down_revision = "state0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("township_code", sa.String(12)),
        sa.Column("raised_on", sa.Date, nullable=False),
        sa.Column("promise", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("done_on", sa.Date),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.Column("reply", sa.String(200)),
        sa.Column("replier", sa.String(40)),
        sa.Column("replied_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_township_code", "follow_ups", ["township_code"])


def downgrade() -> None:
    op.drop_table("follow_ups")
