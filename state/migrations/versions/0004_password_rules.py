"""Passwords that must be changed, the hashes of former ones, and an audit trail whose rows stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "state0004"
down_revision = "state0003"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit WHEN OLD.at > datetime('now', '-180 days') "
    "BEGIN SELECT RAISE(ABORT, 'audit is kept for 180 days'); END",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $kept$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at <= (now() AT TIME ZONE 'UTC') - interval '180 days' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit is append-only and kept for 180 days';
    END $kept$""",
    "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept()",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()",
)


def upgrade() -> None:
    op.add_column(
        "accounts", sa.Column("must_change_password", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_table(
        "former_passwords",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_former_passwords"),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.name"], name="fk_former_passwords_account", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_former_passwords_account", "former_passwords", ["account"])
    op.execute("INSERT INTO former_passwords (account, password_hash) SELECT name, password_hash FROM accounts")
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_kept ON audit")
        op.execute("DROP TRIGGER audit_whole ON audit")
        op.execute("DROP FUNCTION audit_is_kept()")
    else:
        op.execute("DROP TRIGGER audit_unchanged")
        op.execute("DROP TRIGGER audit_kept")
    op.drop_table("former_passwords")
    op.drop_column("accounts", "must_change_password")
