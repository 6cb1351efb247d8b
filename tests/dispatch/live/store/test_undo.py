"""Undo is a compensating event; undoing that one is a redo."""

from __future__ import annotations

import pytest

from dispatch.errors import Conflict, StoreError
from tests.days import tiny_day
from tests.stores import Caller, Noted, Opener, plan


def planned(opener: Opener, plans: int) -> Caller:
    """A day with ``plans`` plans: event n + 1 made version n + 1 with plan n."""
    caller = Caller(opener())
    caller(lambda w: w.open_day(tiny_day()))
    for number in range(1, plans + 1):
        caller(
            lambda w, number=number: w.revise(
                "tiny", expected=number, reason=f"plan {number}", plan=plan(number)
            )
        )
    return caller


def in_force(caller: Caller) -> tuple[int, int | None]:
    with caller.store.read() as store:
        found = store.find_plan("tiny")
        return store.get_day("tiny").version, found and found.seed


def test_undo_brings_the_plan_before_back_as_a_new_version(opener: Opener) -> None:
    caller = planned(opener, 2)
    caller(lambda w: w.undo(3, expected=3, reason="wrong button"))
    assert in_force(caller) == (4, 1)
    with caller.store.read() as store:
        row = store.get_version("tiny")
        assert (row.revision.parent, row.revision.origin, row.reason) == (3, 2, "wrong button")
        assert store.get_plan("tiny", 3) == plan(2)
        assert not store.holds(3)
        assert store.holds(4)


def test_undo_goes_back_step_by_step_and_redo_forward_again(opener: Opener) -> None:
    caller = planned(opener, 2)
    # versions: 1 none, 2 plan 1, 3 plan 2; events 1, 2, 3
    steps = [(3, 1), (2, None), (5, 1), (4, 2)]
    for version, (event, seed) in enumerate(steps, start=3):
        caller(lambda w, event=event, version=version: w.undo(event, expected=version))
        assert in_force(caller) == (version + 1, seed)
    assert caller.store.check_log() == ()


def test_an_undone_event_is_toggled_by_the_last_undo_that_the_message_names(
    opener: Opener,
) -> None:
    caller = planned(opener, 1)
    caller(lambda w: w.undo(2, expected=2))
    caller(lambda w: w.undo(3, expected=3))
    with pytest.raises(Conflict) as error:
        caller(lambda w: w.undo(2, expected=4))
    (fault,) = error.value.faults
    assert (fault.code, fault.found, fault.hint) == (
        "S2010",
        "undone by event 3",
        "Undo event 4 instead.",
    )
    with caller.store.read() as store:
        assert store.holds(2)
    caller(lambda w: w.undo(4, expected=4))
    with caller.store.read() as store:
        assert not store.holds(2)


def test_what_later_versions_are_built_upon_is_not_undone(opener: Opener) -> None:
    caller = planned(opener, 2)
    with pytest.raises(Conflict) as error:
        caller(lambda w: w.undo(2, expected=3))
    assert [fault.code for fault in error.value.faults] == ["S2011"]
    assert in_force(caller) == (3, 2)


def test_an_event_without_version_stops_to_hold_whatever_came_later(opener: Opener) -> None:
    caller = planned(opener, 0)
    noted = caller.one(lambda w: w.record("tiny", Noted(text="late")))
    caller(lambda w: w.revise("tiny", expected=1, reason="", plan=plan(1)))
    caller(lambda w: w.undo(noted.sequence, expected=2))
    assert in_force(caller) == (2, 1)
    with caller.store.read() as store:
        assert not store.holds(noted.sequence)


def test_undo_is_decided_for_a_version_too(opener: Opener) -> None:
    caller = planned(opener, 2)
    with pytest.raises(Conflict) as error:
        caller(lambda w: w.undo(3, expected=2))
    assert [fault.code for fault in error.value.faults] == ["S2003"]


def test_the_opening_of_a_day_cannot_be_undone(opener: Opener) -> None:
    caller = planned(opener, 0)
    with pytest.raises(StoreError) as error:
        caller(lambda w: w.undo(1, expected=1))
    assert [fault.code for fault in error.value.faults] == ["S2012"]
