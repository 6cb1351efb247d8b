"""Runs the steps on the connection that `dispatch.adapters.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from dispatch.adapters.store import service_tables  # noqa: F401 - its tables belong to the form, too
from dispatch.adapters.store.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
