"""The ledger's filters at a million cases, and what was open on a past day, answered from an index alone.

Revision ID: 0004
"""

from database.own_tables import create_index, drop_index

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ASKED = ["stream", "village_code", "category", "channel", "level", "case_leader", "closing_method", "satisfaction",
         "is_repeat", "lead_department_code", "platform", "case_no"]  # fmt: skip
CLOSED = ["stream", "closed_on", "township_code"]


def upgrade() -> None:
    create_index("ix_cases_asked", "cases", ASKED)
    drop_index("ix_cases_closed", "cases")
    create_index("ix_cases_closed", "cases", [*CLOSED, "case_no", "episode", "opened_on"])


def downgrade() -> None:
    drop_index("ix_cases_closed", "cases")
    create_index("ix_cases_closed", "cases", CLOSED)
    drop_index("ix_cases_asked", "cases")
