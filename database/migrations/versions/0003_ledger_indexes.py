"""The ledger's pages at a million cases: what is open by its days, and any case by its number.

Revision ID: 0003
"""

from database.own_tables import create_index, drop_index

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOT_CLOSED = "closed_on IS NULL"


def upgrade() -> None:
    create_index("ix_cases_number", "cases", ["stream", "case_no", "township_code"])
    create_index("ix_cases_open", "cases", ["stream", "opened_on", "township_code", "case_no"], where=NOT_CLOSED)
    create_index("ix_cases_open_due", "cases", ["stream", "due_on", "township_code", "case_no"], where=NOT_CLOSED)


def downgrade() -> None:
    drop_index("ix_cases_open_due", "cases")
    drop_index("ix_cases_open", "cases")
    drop_index("ix_cases_number", "cases")
