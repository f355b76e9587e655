"""Campaign goals: what a campaign aims at in the office's words (五大目标要求), and how far each has come."""

import sqlalchemy as sa
from alembic import op

revision = "state0005"
down_revision = "state0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_goals",
        sa.Column("campaign_code", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("goal", sa.String(120), nullable=False),
        sa.Column("standing", sa.String(200), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("campaign_code", "number", name="pk_campaign_goals"),
    )


def downgrade() -> None:
    op.drop_table("campaign_goals")
