"""Run by Alembic: migrates on the connection, and in the transaction, that `database.contract` hands over."""

from alembic import context

from database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # SQLite too: its transactions are ours (database.engine)
)
with context.begin_transaction():
    context.run_migrations()
