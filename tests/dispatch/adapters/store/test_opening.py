"""Which databases are opened, which are migrated, and which are refused untouched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from dispatch.adapters.store import migrate_store, open_store
from dispatch.adapters.store.connect import make_engine, read_url, show
from dispatch.adapters.store.service_tables import FORM
from dispatch.adapters.store.tables import NEWEST, VERSION_TABLE
from dispatch.errors import StoreError
from tests.days import tiny_day
from tests.stores import Caller, Opener, plan


def codes(error: pytest.ExceptionInfo[StoreError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def ask(url: str, *statements: str) -> None:
    """Run statements on a database, as somebody outside the program would."""
    engine = make_engine(read_url(url))
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def test_an_empty_database_becomes_a_store_only_when_asked(opener: Opener) -> None:
    url = opener.place.new()
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert codes(error) == ["S1007"]
    assert migrate_store(url) == (None, NEWEST)
    assert migrate_store(url) == (NEWEST, NEWEST)
    Caller(opener.at(url))(lambda w: w.open_day(tiny_day()))


def test_the_migrations_make_exactly_the_tables_of_the_program(opener: Opener) -> None:
    engine = make_engine(read_url(opener.place.new_store()))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        differences = compare_metadata(context, FORM)
    engine.dispose()
    assert differences == []


def test_an_older_store_is_refused_until_somebody_migrates_it(opener: Opener) -> None:
    url = opener.place.new()
    assert migrate_store(url, "0001") == (None, "0001")
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert codes(error) == ["S1006"]
    assert error.value.faults[0].found == "the older form 0001"
    assert migrate_store(url) == ("0001", NEWEST)
    Caller(opener.at(url))(lambda w: w.open_day(tiny_day()))


def test_a_newer_store_is_refused_and_not_migrated(opener: Opener) -> None:
    url = opener.place.new_store()
    ask(url, "UPDATE servicenet_schema SET version_num = '0999'")
    for work in (open_store, migrate_store):
        with pytest.raises(StoreError) as error:
            work(url)
        assert codes(error) == ["S1005"]
        assert error.value.faults[0].found == "form 0999"


def test_somebody_elses_database_is_left_alone(opener: Opener) -> None:
    url = opener.place.new()
    ask(url, "CREATE TABLE alembic_version (version_num TEXT)", "CREATE TABLE a (b TEXT)")
    for work in (open_store, migrate_store):
        with pytest.raises(StoreError) as error:
            work(url)
        assert codes(error) == ["S1004"]
        assert error.value.faults[0].found == "tables a, alembic_version"


def test_a_refused_file_is_not_touched(tmp_path: Path) -> None:
    url = str(tmp_path / "foreign.db")
    ask(url, "CREATE TABLE a (b TEXT)")
    before = hashlib.sha256(Path(url).read_bytes()).hexdigest()
    for work in (open_store, migrate_store):
        with pytest.raises(StoreError):
            work(url)
    assert hashlib.sha256(Path(url).read_bytes()).hexdigest() == before
    assert [path.name for path in tmp_path.iterdir()] == ["foreign.db"]


def test_a_file_that_is_missing_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(str(tmp_path / "no.db"))
    assert codes(error) == ["S1007"]
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    migrate_store(str(path))
    store = open_store(str(path))
    Caller(store)(lambda w: w.open_day(tiny_day()))
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 3  # the file, its log, its shared memory
    store.close()


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        migrate_store(str(tmp_path / "no" / "a.db"))
    assert codes(error) == ["S1003"]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database, whatever its name says" * 100)
    with pytest.raises(StoreError) as error:
        open_store(str(path))
    assert codes(error) == ["S1003"]
    assert "file is not a database" in error.value.faults[0].found


def test_a_file_without_write_ahead_log_is_refused(opener: Opener, tmp_path: Path) -> None:
    url = str(tmp_path / "a.db")
    migrate_store(url)
    engine = make_engine(read_url(url))
    connection = engine.raw_connection()
    connection.cursor().execute("PRAGMA journal_mode = DELETE").close()
    connection.close()
    engine.dispose()
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert codes(error) == ["S1008"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a?mode=ro",
        "::://secret",
    ],
)
def test_other_urls_are_refused_without_showing_what_they_hold(url: str) -> None:
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert codes(error) == ["S1002"]
    assert "secret" not in str(error.value)


def test_a_server_that_does_not_answer_is_named_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql://li:secret@/d?host={tmp_path}"
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert codes(error) == ["S1003"]
    assert "secret" not in str(error.value)
    assert "***" in show(read_url(url))


def test_commits_wait_for_the_disk_whatever_the_default_is(opener: Opener) -> None:
    url = opener.place.new_store()
    store = opener.at(url)
    with store.engine.connect() as connection:
        if opener.place.name == "sqlite":
            asked = ("journal_mode", "synchronous", "foreign_keys")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]
            assert found == ["wal", 2, 1]
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


@pytest.mark.parametrize(
    ("table", "column"), [("event", "payload"), ("version", "reason"), ("document", "digest")]
)
def test_the_database_itself_refuses_to_change_what_was_kept(
    opener: Opener, table: str, column: str
) -> None:
    url = opener.place.new_store()
    caller = Caller(opener.at(url))
    caller(lambda w: w.open_day(tiny_day()))
    caller(lambda w: w.revise("tiny", expected=1, reason="", plan=plan(1)))
    for change in ("DELETE FROM {table}", "UPDATE {table} SET {column} = 'x'"):
        with pytest.raises(Exception, match=f"{table} is append-only"):
            ask(url, change.format(table=table, column=column))
