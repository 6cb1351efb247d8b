"""The log as JSON lines: complete, the same from every place, and refused where it was changed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from dispatch.errors import StoreError
from dispatch.live.store import MemoryStore, Store
from tests.days import tiny_day
from tests.stores import KINDS, Caller, Noted, Opener, plan


def lived(store: Store) -> Store:
    """A day with two notes in one request, two plans, the second undone; six events."""
    caller = Caller(store)
    caller(lambda w: w.open_day(tiny_day()))
    caller(lambda w: (w.record("tiny", Noted(text="é\u2028")), w.record("tiny", Noted())))
    caller(lambda w: w.revise("tiny", expected=1, reason="one", plan=plan(1)))
    caller(lambda w: w.revise("tiny", expected=2, reason="two", plan=plan(2)))
    caller(lambda w: w.undo(5, expected=3))
    return store


def exported(store: Store) -> str:
    out = io.StringIO()
    store.export_log(out)
    return out.getvalue()


def test_an_export_is_the_same_from_every_place(opener: Opener) -> None:
    text = exported(lived(opener()))
    assert text == exported(lived(MemoryStore(KINDS)))
    lines = [json.loads(line) for line in text.splitlines()]
    # A header, the day and two plans as documents, six events.
    assert lines[0]["events"] == 6
    assert [line["line"] for line in lines[1:]] == [
        "document", "event", "event", "event", "document", "event", "document", "event", "event",
    ]  # fmt: skip
    assert json.loads(lines[1]["text"])["id"] == "tiny"


def test_a_restored_store_goes_on_where_the_first_one_stopped(opener: Opener) -> None:
    text = exported(lived(MemoryStore(KINDS)))
    store = opener()
    head = store.restore_log(io.StringIO(text))
    assert head.sequence == 6
    assert exported(store) == text
    assert store.check_log() == ()
    with store.read() as reader:
        assert reader.get_plan("tiny") == plan(1)
        assert not reader.holds(5)
    # Requests are remembered too: the first one of this caller opened the day.
    assert Caller(store)(lambda w: w.open_day(tiny_day())).repeated
    Caller(store, by="other")(lambda w: w.revise("tiny", expected=4, reason="", plan=plan(3)))
    assert store.check_log() == ()


def test_a_store_that_is_not_empty_is_not_overwritten(opener: Opener) -> None:
    store = lived(opener())
    text = exported(store)
    with pytest.raises(StoreError) as error:
        store.restore_log(io.StringIO(text))
    assert [fault.code for fault in error.value.faults] == ["S1009"]
    assert exported(store) == text


def cut(text: str) -> str:
    return "".join(text.splitlines(keepends=True)[:-1])


def cut_inside_line_6(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:5]) + lines[5][:20]


def without(number: int) -> Callable[[str], str]:
    def remove(text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(lines[: number - 1] + lines[number:])

    return remove


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


CHANGES = [
    (cut, "S3010", "end of the file"),
    (lambda _: "", "S3010", "end of the file"),
    (cut_inside_line_6, "S3010", "line 6"),
    (without(1), "S3010", "line 1"),
    (without(2), "S3010", "line 2"),
    (without(3), "S3010", "line 3"),
    (without(4), "S3010", "line 4"),
    (without(6), "S3010", "line 6"),
    (replaced('"by": "dispatcher:li"', '"by": "nobody"'), "S3002", "event 1"),
    (replaced("servicenet-log/1", "servicenet-log/9"), "S3010", "line 1"),
    (replaced('"line": "event"', '"line": "pickle"'), "S3010", "line 3"),
    (replaced('\\"id\\":\\"tiny\\"', '\\"id\\":\\"tine\\"'), "S3010", "line 2"),
    (replaced('"kind": "noted"', '"kind": "strange"'), "S2013", "event 2"),
]


@pytest.mark.parametrize(("change", "code", "where"), CHANGES)
def test_a_changed_file_is_refused_and_nothing_is_kept(
    opener: Opener, change: Callable[[str], str], code: str, where: str
) -> None:
    text = exported(lived(MemoryStore(KINDS)))
    broken = change(text)
    assert broken != text
    store = opener()
    with pytest.raises(StoreError) as error:
        store.restore_log(io.StringIO(broken))
    assert error.value.faults[0].code == code
    assert error.value.faults[0].where.startswith(where)
    with store.read() as reader:
        assert reader.head().sequence == 0
        assert reader.days() == ()
