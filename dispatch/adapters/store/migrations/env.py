"""Runs the steps on the connection that `dispatch.adapters.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from dispatch.adapters.store.service_tables import FORM
from dispatch.adapters.store.tables import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=FORM,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
