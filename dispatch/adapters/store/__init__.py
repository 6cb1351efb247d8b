"""The store in a database (extra ``live``; PostgreSQL needs the extra ``postgres`` too).

Importing this package needs SQLAlchemy and Alembic.
"""

from dispatch.adapters.store.sql_store import SqlStore, migrate_store, open_store

__all__ = ["SqlStore", "migrate_store", "open_store"]
