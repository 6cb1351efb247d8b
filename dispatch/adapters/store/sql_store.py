"""The store in a database: SQLite or PostgreSQL, by URL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dispatch.adapters.store import schema
from dispatch.adapters.store.connect import (
    BUSY_TIMEOUT_S,
    find_file,
    keep_write_ahead,
    make_engine,
    make_private,
    read_url,
    reading,
    refuse_lossy_journal,
    show,
)
from dispatch.adapters.store.sql_rows import SqlRows
from dispatch.domain.event import STORE_KINDS, EventKinds
from dispatch.errors import Fault, StoreBusy, StoreError
from dispatch.live.store.check import check_rows
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.documents import Shelf
from dispatch.live.store.export import read_rows, write_rows
from dispatch.live.store.reader import Fittings, Reader
from dispatch.live.store.request import Receipt, Request
from dispatch.live.store.rows import Head
from dispatch.live.store.writer import Writer, run_command

BUSY_STATES = {"55P03", "40001", "40P01"}
"""SQLSTATEs of PostgreSQL: lock not available, serialization failure, deadlock."""


class SqlStore:
    """A store in a database; see `dispatch.live.store.Store`. Made by `open_store`.

    Parameters
    ----------
    engine
        From `make_engine`, on a database of the newest form.
    kinds
        Facts beside the store's own.
    """

    def __init__(self, engine: Engine, kinds: EventKinds | None = None) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._fittings = Fittings(STORE_KINDS | kinds if kinds else STORE_KINDS, Shelf())

    @property
    def engine(self) -> Engine:
        """Return the engine, for maintenance."""
        return self._engine

    def execute(self, request: Request, work: Callable[[Writer], None]) -> Receipt:
        """Run a command; see `dispatch.live.store.Store.execute`."""
        with told(self._engine), self._engine.begin() as connection:
            rows = SqlRows(connection, writing=True)
            return run_command(rows, self._fittings, request, work)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open the store as it is at this moment."""
        with told(self._engine), self._reading.begin() as connection:
            rows = SqlRows(connection, writing=False)
            rows.head()  # a moment begins with the first statement, not with BEGIN
            yield Reader(rows, self._fittings)

    def check_log(self) -> tuple[Fault, ...]:
        """Verify log, versions and documents against each other; return every fault."""
        with told(self._engine), self._reading.begin() as connection:
            return check_rows(SqlRows(connection, writing=False), self._fittings.kinds)

    def export_log(self, out: TextIO) -> Head:
        """Write everything as JSON lines; see `dispatch.live.store.export`."""
        with told(self._engine), self._reading.begin() as connection:
            return write_rows(SqlRows(connection, writing=False), self._fittings.kinds, out)

    def restore_log(self, lines: Iterable[str]) -> Head:
        """Fill this empty store from JSON lines; see `dispatch.live.store.export`."""
        with told(self._engine), self._engine.begin() as connection:
            return read_rows(SqlRows(connection, writing=True), self._fittings.kinds, lines)

    def close(self) -> None:
        """Let go of files and connections."""
        self._engine.dispose()


def open_store(
    url: str, kinds: EventKinds | None = None, *, busy_timeout_s: float = BUSY_TIMEOUT_S
) -> SqlStore:
    """Open the store at a URL; it must be there and have the newest form.

    Parameters
    ----------
    url
        ``sqlite:///FILE``, a path of an SQLite file, or ``postgresql://…``.
    kinds
        Facts beside the store's own.
    busy_timeout_s
        How long a command waits for others.

    Raises
    ------
    StoreError
        S1001 to S1008: the URL, the database or its form will not do. Nothing was changed.
    """
    engine = _engine(url, busy_timeout_s, must_exist=True)
    try:
        with told(engine), reading(engine).begin() as connection:
            schema.refuse_other_forms(connection)
            refuse_lossy_journal(connection)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine, kinds)


def migrate_store(url: str, form: str = "head") -> tuple[str | None, str | None]:
    """Make a store of an empty database, or bring an older one to the newest form.

    Parameters
    ----------
    url
        As for `open_store`; an SQLite file is made if it is missing.
    form
        Up to which form; the newest.

    Returns
    -------
    tuple
        The form before (None: there was none) and after.

    Raises
    ------
    StoreError
        S1001 to S1005. Nothing was changed.
    """
    engine = _engine(url, BUSY_TIMEOUT_S, must_exist=False)
    try:
        make_private(engine.url)
        with told(engine):
            with reading(engine).begin() as connection:
                schema.get_known_form(connection)
            keep_write_ahead(engine)
            with engine.begin() as connection:
                return schema.migrate(connection, form)
    finally:
        engine.dispose()


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Tell what a database refuses in the words of a store.

    Raises
    ------
    StoreBusy
        S2008: others held it too long.
    StoreError
        S1003: it cannot be reached, read or written.
    """
    where = show(engine.url)
    try:
        yield
    except PoolTimeout as error:
        raise _busy(where, "no connection became free") from error
    except DBAPIError as error:
        cause = str(error.orig).strip().partition("\n")[0]
        if _is_busy(error):
            raise _busy(where, cause) from error
        hint = (
            "Nothing was kept, unless the connection broke during the commit; repeat the request."
        )
        expected = "a database that can be reached, read and written"
        raise StoreError([fault(StoreCode.UNREACHABLE, where, cause, expected, hint)]) from error


def _is_busy(error: DBAPIError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or (
        getattr(error.orig, "sqlstate", None) in BUSY_STATES
    )


def _busy(where: str, cause: str) -> StoreBusy:
    expected = "the store to become free in time"
    return StoreBusy([fault(StoreCode.BUSY, where, cause, expected, "Repeat the same request.")])


def _engine(url: str, busy_timeout_s: float, *, must_exist: bool) -> Engine:
    read = read_url(url)
    file = find_file(read)
    if must_exist and file is not None and not file.is_file():
        hint = f"`servicenet store migrate {url}` makes a store."
        code = StoreCode.SCHEMA_NONE
        raise StoreError([fault(code, str(file), "no such file", "the file of a store", hint)])
    return make_engine(read, busy_timeout_s)
