"""What the base tables held when a release was made: how a scheduled refresh notices change.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("data_releases", sa.Column("marks", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("data_releases", "marks")
