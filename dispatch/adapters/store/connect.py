"""From a URL to connections on which nothing acknowledged can be lost.

SQLite: write-ahead log, a sync of the disk with every commit, foreign keys checked, a command takes
the one writing lock at its beginning. PostgreSQL: the commit waits for the log on disk whatever the
server's default is; readers see one moment; a command takes the row of the log's head first.
"""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from dispatch.errors import Fault, StoreError
from dispatch.live.store.codes import StoreCode, fault

BUSY_TIMEOUT_S = 5.0
READ_ONLY = "servicenet_read_only"
"""Execution option of connections that only read."""
_MY_TURN = "servicenet_turn"
EXPECTED = "sqlite:///FILE, a path, or postgresql://USER:PASSWORD@HOST/NAME"


def read_url(text: str) -> URL:
    """Read a store's URL; a bare path is an SQLite file.

    Raises
    ------
    StoreError
        S1002: no such kind of database; S1001: its driver is not installed.
    """
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text may hold a password, so it is not repeated.
        raise StoreError([_url_fault("text that is no URL")]) from None
    kind = url.drivername.partition("+")[0]
    if kind in {"postgresql", "postgres"}:
        if importlib.util.find_spec("psycopg") is None:
            found, hint = "psycopg is not installed", "pip install 'servicenet[live,postgres]'"
            code = StoreCode.EXTRA_MISSING
            raise StoreError([fault(code, "installation", found, "the extra postgres", hint)])
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise StoreError([_url_fault(f"a URL of {url.drivername}")])
    if url.database in {None, "", ":memory:"} or url.query:
        raise StoreError([_url_fault("an SQLite URL without a file, or with options")])
    return url.set(drivername="sqlite")


def _url_fault(found: str) -> Fault:
    return fault(StoreCode.URL_FORM, "URL of the store", found, EXPECTED)


def show(url: URL) -> str:
    """Return the URL for people, without its password."""
    return url.render_as_string(hide_password=True)


def find_file(url: URL) -> Path | None:
    """Find the file of an SQLite URL; None for other databases."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def make_private(url: URL) -> None:
    """Make a missing SQLite file, for its owner alone: days name customers.

    SQLite gives its other files (write-ahead log, shared memory) the same rights.

    Raises
    ------
    StoreError
        S1003: it cannot be made.
    """
    file = find_file(url)
    if file is None or file.exists():
        return
    try:
        file.touch(mode=0o600)
    except OSError as error:
        found, expected = str(error.strerror), "a folder to make the file in"
        raise StoreError([fault(StoreCode.UNREACHABLE, str(file), found, expected)]) from error


def make_engine(url: URL, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Make the engine of a store; nothing is opened yet.

    Parameters
    ----------
    url
        From `read_url`.
    busy_timeout_s
        How long a command waits for others.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": busy_timeout_s})
        turns = _Turns(busy_timeout_s)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", turns.begin)
        event.listen(engine, "checkin", turns.end)
        return engine
    settings = {
        "lock_timeout": f"{round(busy_timeout_s * 1000)}",
        "synchronous_commit": "on",
        "client_encoding": "UTF8",
        "timezone": "UTC",
    }
    ours = [f"-c {name}={value}" for name, value in settings.items()]
    # Those of the URL (a search path, say) stay, ours come last and win.
    given = url.query.get("options", ())
    options = " ".join([*([given] if isinstance(given, str) else given), *ours])
    return create_engine(
        url,
        # A server that was restarted is found out before the command, not in the middle of it.
        pool_pre_ping=True,
        # What is read after the head was locked has to be what others committed before.
        isolation_level="READ COMMITTED",
        connect_args={"options": options, "connect_timeout": 10},
    )


def reading(engine: Engine) -> Engine:
    """Return the engine for transactions that only read, each at one moment."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READ_ONLY: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def keep_write_ahead(engine: Engine) -> None:
    """Let an SQLite file keep a write-ahead log from now on; nothing to do for other databases."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()


def refuse_lossy_journal(connection: Connection) -> None:
    """Refuse an SQLite file that keeps no write-ahead log.

    Raises
    ------
    StoreError
        S1008.
    """
    if connection.dialect.name != "sqlite":
        return
    journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if journal != "wal":
        where, found = show(connection.engine.url), f"journal mode {journal}"
        hint = "Keep the file on a local disk and run `servicenet store migrate` on it."
        expected = "a write-ahead log (wal)"
        raise StoreError([fault(StoreCode.NOT_DURABLE, where, found, expected, hint)])


def _set_up_sqlite(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    # The driver must not begin transactions on its own: it would do so at the first write, too
    # late to have read under the lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Turns:
    """Writers of one process take turns: SQLite itself lets them ask again after pauses.

    Parameters
    ----------
    patience_s
        How long one waits for its turn; afterwards the database says that it is busy.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._turn = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Begin a transaction; one that writes when it is its turn."""
        if connection.get_execution_options().get(READ_ONLY, False):
            connection.exec_driver_sql("BEGIN")
            return
        # Beside the connection, not on it: whoever lost it midway gives the turn back all the same.
        beside = connection.connection.record_info
        if beside is not None and self._turn.acquire(timeout=self._patience_s):
            beside[_MY_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        """Let the next one write, once the connection is given back."""
        if record.record_info is not None and record.record_info.pop(_MY_TURN, False):
            self._turn.release()
