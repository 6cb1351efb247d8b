"""Writers of one process on one SQLite file: one after the other, whatever becomes of one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import PendingRollbackError

from dispatch.adapters.store.connect import keep_write_ahead, make_engine, read_url
from tests.waiting import PATIENCE_S


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(read_url(str(tmp_path / "turns.db")), PATIENCE_S)
    keep_write_ahead(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (line INTEGER)"))
    yield engine
    engine.dispose()


def write(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (:line)"), {"line": 1})


def is_free(engine: Engine) -> bool:
    """Say whether a writer gets its turn without waiting for one that never ends."""
    writer = threading.Thread(target=write, args=(engine,), daemon=True)
    writer.start()
    writer.join(PATIENCE_S / 2)
    return not writer.is_alive()


def test_a_writer_waits_in_the_process_and_not_in_the_database(engine: Engine) -> None:
    asked: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with engine.begin():
        waiting = threading.Thread(target=write, args=(engine,), daemon=True)
        waiting.start()
        # The database, asked now, would answer after one of its pauses.
        waiting.join(0.3)
        assert asked == ["BEGIN IMMEDIATE"]
    waiting.join(PATIENCE_S / 2)
    assert asked[1:] == ["BEGIN IMMEDIATE", "INSERT INTO note VALUES (?)"]


def test_the_turn_goes_on_after_an_error_and_after_a_lost_connection(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin():
        _ = 1 // 0
    assert is_free(engine)
    with pytest.raises(PendingRollbackError), engine.begin() as connection:
        connection.invalidate()
    assert is_free(engine)
