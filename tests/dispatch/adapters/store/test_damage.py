"""Whatever is changed behind the program's back is named, all of it at once."""

from __future__ import annotations

import zlib

import pytest
from sqlalchemy import text

from dispatch.errors import Fault, StoreError
from tests.days import tiny_day
from tests.stores import Caller, Noted, Opener, SqlitePlace, plan

TRIGGERS = [
    f"DROP TRIGGER {table}_not_{verb}{{on}}"
    for table in ("event", "version", "document")
    for verb in ("update", "delete")
]
CHANGE_PLAN_2 = """
UPDATE document SET body = :body WHERE digest = (SELECT plan FROM version WHERE version = 3)
"""
DELETE_PLAN_2 = """
DELETE FROM document WHERE digest = (SELECT plan FROM version WHERE version = 3)
"""
KEYS = {
    "event": ("fk_event_day", "fk_event_undoes"),
    "version": (
        "fk_version_day",
        "fk_version_document",
        "fk_version_plan",
        "fk_version_event",
        "fk_version_parent",
    ),
}


def damaged(opener: Opener, *statements: str, body: bytes = b"") -> tuple[Fault, ...]:
    """Make a store of six events, damage it and return what the check finds.

    Events: 1 opens the day, 2 and 3 are notes, 4 and 5 make versions 2 and 3, 6 undoes 5.
    """
    url = opener.place.new_store()
    store = opener.at(url)
    caller = Caller(store)
    caller(lambda w: w.open_day(tiny_day()))
    caller(lambda w: (w.record("tiny", Noted(text="a")), w.record("tiny", Noted(text="b"))))
    caller(lambda w: w.revise("tiny", expected=1, reason="one", plan=plan(1)))
    caller(lambda w: w.revise("tiny", expected=2, reason="two", plan=plan(2)))
    caller(lambda w: w.undo(5, expected=3))
    assert store.check_log() == ()
    with store.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
        for trigger in TRIGGERS:
            table = trigger.split()[2].split("_")[0]
            connection.execute(text(trigger.format(on="" if sqlite else f" ON {table}")))
        if not sqlite:
            for table, keys in KEYS.items():
                for key in keys:
                    statement = f"ALTER TABLE {table} DROP CONSTRAINT {key} CASCADE"
                    connection.execute(text(statement))
        for statement in statements:
            values = {"body": body} if ":body" in statement else {}
            connection.execute(text(statement), values)
        connection.commit()
    return store.check_log()


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in faults]


def test_a_changed_payload_is_named(opener: Opener) -> None:
    changed = "UPDATE event SET payload = replace(payload, '\"a\"', '\"z\"') WHERE sequence = 2"
    assert told(damaged(opener, changed)) == [("S3002", "event 2 (noted of day tiny)")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET \"at\" = '2026-03-02 05:00:00' WHERE sequence = 2",
        "UPDATE event SET \"by\" = 'somebody' WHERE sequence = 2",
        "UPDATE event SET zone = 'UTC' WHERE sequence = 2",
        "UPDATE event SET request_digest = 'x' WHERE sequence = 2",
        "UPDATE event SET hash = 'x' WHERE sequence = 2",
    ],
)
def test_any_changed_column_is_named(opener: Opener, change: str) -> None:
    assert ("S3002", "event 2 (noted of day tiny)") in told(damaged(opener, change))


def test_a_payload_that_is_no_json_is_named(opener: Opener) -> None:
    changed = "UPDATE event SET payload = 'garbage' WHERE sequence = 3"
    assert told(damaged(opener, changed)) == [
        ("S3002", "event 3 (noted of day tiny)"),
        ("S3005", "event 3 of day tiny"),
    ]


def test_a_removed_event_is_missed(opener: Opener) -> None:
    faults = damaged(opener, "DELETE FROM event WHERE sequence = 2")
    assert told(faults) == [
        ("S3001", "event 3 (noted of day tiny)"),
        ("S3001", "event 3 (noted of day tiny)"),
    ]
    assert faults[0].found == "events 2 to 2 missing"
    assert faults[1].found.startswith("part 1 of request")


def test_an_end_cut_off_is_missed(opener: Opener) -> None:
    removed = ("DELETE FROM version WHERE sequence = 6", "DELETE FROM event WHERE sequence = 6")
    assert told(damaged(opener, *removed)) == [
        ("S3004", "end of the log"),
        ("S3008", "day tiny"),
    ]


def test_a_rewritten_event_no_longer_fits_the_chain(opener: Opener) -> None:
    swapped = [
        "UPDATE event SET previous_hash = hash WHERE sequence = 3",
    ]
    assert told(damaged(opener, *swapped)) == [
        ("S3003", "event 3 (noted of day tiny)"),
        ("S3002", "event 3 (noted of day tiny)"),
    ]


def test_a_pointer_set_back_is_named(opener: Opener) -> None:
    faults = damaged(opener, "UPDATE day SET version = 2")
    assert told(faults) == [("S3008", "day tiny")]
    assert (faults[0].found, faults[0].expected) == (
        "version 2 in force",
        "version 4, as the log says",
    )


def test_a_changed_or_missing_version_is_named(opener: Opener) -> None:
    faults = damaged(
        opener,
        "UPDATE version SET reason = 'better' WHERE version = 2",
        "DELETE FROM version WHERE version = 3",
    )
    assert told(faults) == [("S3007", "day tiny version 2"), ("S3007", "day tiny version 3")]
    assert faults[1].found == "no such version"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"no zlib", "a body that cannot be unpacked"),
        (zlib.compress(b"{}"), "2 bytes or more"),
        (zlib.compress(b"x" * 10_000_000), "bytes or more"),
    ],
)
def test_a_damaged_document_is_named_and_not_read(opener: Opener, body: bytes, found: str) -> None:
    faults = damaged(opener, CHANGE_PLAN_2, body=body)
    (fault,) = faults
    assert fault.code == "S3006"
    assert fault.where.endswith("of event 5 (day_revised of day tiny)")
    assert found in fault.found


def test_a_missing_document_is_named_by_the_check_and_when_it_is_read(opener: Opener) -> None:
    faults = damaged(opener, DELETE_PLAN_2)
    assert [fault.code for fault in faults] == ["S3006"]


def test_a_plan_whose_document_is_damaged_is_refused(opener: Opener) -> None:
    url = opener.place.new_store()
    Caller(opener.at(url))(
        lambda w: (w.open_day(tiny_day()), w.revise("tiny", expected=1, reason="", plan=plan(1)))
    )
    fresh = opener.at(url)
    with fresh.engine.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON document"
        connection.execute(text(f"DROP TRIGGER document_not_update{on}"))
        connection.execute(text("UPDATE document SET body = :body"), {"body": b"x"})
    with fresh.read() as store, pytest.raises(StoreError) as error:
        store.get_plan("tiny")
    assert [fault.code for fault in error.value.faults] == ["S3006"]
    assert error.value.faults[0].where == "plan of day tiny version 2"


def test_an_event_that_undoes_two_things_at_once_is_named(opener: Opener) -> None:
    faults = damaged(opener, "UPDATE event SET undoes = 4 WHERE sequence = 6")
    assert told(faults) == [
        ("S3002", "event 6 (undone of day tiny)"),
        ("S3009", "event 6 (undone of day tiny)"),
    ]


def test_every_fault_comes_at_once(opener: Opener) -> None:
    faults = damaged(
        opener,
        "UPDATE event SET payload = 'x' WHERE sequence IN (2, 3)",
        "UPDATE day SET version = 1",
        "UPDATE log_head SET sequence = 9",
    )
    assert [fault.code for fault in faults] == [
        "S3002", "S3005", "S3002", "S3005", "S3004", "S3008",
    ]  # fmt: skip


def test_a_moment_that_is_no_moment_is_named(sqlite_place: SqlitePlace) -> None:
    opener = Opener(sqlite_place)
    faults = damaged(opener, "UPDATE event SET \"at\" = 'noon' WHERE sequence = 2")
    opener.close()
    assert told(faults) == [("S3002", "event 2 (noted of day tiny)")]
