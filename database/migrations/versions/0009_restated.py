"""Which days of the past a release tells otherwise than the one before.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("data_releases", sa.Column("restated", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("data_releases", "restated")
