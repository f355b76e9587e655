"""Which petitions repeat another: few among many, asked for at each correction of petitions.

Revision ID: 0005
"""

from database.own_tables import create_index, drop_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REPEATS = "repeat_of IS NOT NULL"


def upgrade() -> None:
    create_index("ix_cases_repeats", "cases", ["repeat_of", "opened_on", "township_code", "case_no"], where=REPEATS)


def downgrade() -> None:
    drop_index("ix_cases_repeats", "cases")
