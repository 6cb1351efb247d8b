"""Which form a database has, and the way to ours.

Opening never changes a database: an older one is refused until somebody migrates it, a newer one
altogether. An empty database becomes a store only when asked for.

Alembic is loaded only where there is something to migrate: the service starts faster without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from dispatch.adapters.store.tables import NEWEST, VERSION_TABLE
from dispatch.errors import Fault, StoreError
from dispatch.live.store.codes import StoreCode, fault

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATION_LOCK = 0x5E52_71CE
"""Key of the advisory lock that two migrations of one PostgreSQL database contend for."""


def find_form(connection: Connection) -> str | None:
    """Find the form of the database; None if it holds nothing at all.

    Raises
    ------
    StoreError
        S1004: it holds tables that are not a store's.
    """
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in names:
        if names:
            shown = ", ".join(sorted(names)[:5])
            hint = "Choose another database, or another schema of it; nothing was changed."
            expected = "a store, or an empty database"
            raise StoreError(
                [fault(StoreCode.FOREIGN, "database", f"tables {shown}", expected, hint)]
            )
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    return found.scalar_one_or_none()


def refuse_other_forms(connection: Connection) -> None:
    """Refuse a database this program cannot work with as it is.

    Raises
    ------
    StoreError
        S1004 to S1007.
    """
    form = get_known_form(connection)
    if form is None:
        hint = "`servicenet store migrate URL` makes a store of it."
        raise StoreError([_form_fault(StoreCode.SCHEMA_NONE, "an empty database", hint)])
    if form != NEWEST:
        hint = "Make a backup, then run `servicenet store migrate URL`."
        raise StoreError([_form_fault(StoreCode.SCHEMA_OLDER, f"the older form {form}", hint)])


def get_known_form(connection: Connection) -> str | None:
    """Return the form of a database, None if it is empty; refuse what is no store, or a newer one.

    Raises
    ------
    StoreError
        S1004, S1005.
    """
    form = find_form(connection)
    if form not in {None, NEWEST} and form not in _known():
        hint = "A newer program made it: update this one. Nothing was changed."
        raise StoreError([_form_fault(StoreCode.SCHEMA_NEWER, f"form {form}", hint)])
    return form


def _form_fault(code: StoreCode, found: str, hint: str) -> Fault:
    return fault(code, "database", found, f"form {NEWEST}", hint)


def migrate(connection: Connection, form: str = "head") -> tuple[str | None, str | None]:
    """Bring a database to our form, in the open transaction: wholly or not at all.

    Parameters
    ----------
    connection
        In a writing transaction.
    form
        Up to which; the newest.

    Returns
    -------
    tuple
        The form before (None: it was empty) and after.

    Raises
    ------
    StoreError
        S1004: it is no store; S1005: it is newer than this program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    before = get_known_form(connection)
    if before == NEWEST:
        return before, before
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, form)
    return before, find_form(connection)


def _known() -> set[str]:
    from alembic.script import ScriptDirectory

    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "dispatch.adapters.store:migrations")
    config.set_main_option("path_separator", "os")
    return config
