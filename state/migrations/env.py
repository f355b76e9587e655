"""Run by Alembic: migrates on the connection, and in the transaction, that `state.engine` hands over."""

from alembic import context

from state.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # SQLite too: its transactions are ours (state.engine)
)
with context.begin_transaction():
    context.run_migrations()
