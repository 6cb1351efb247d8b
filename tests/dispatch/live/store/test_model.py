"""Random commands against a model that fits on a page: a list of contents and a set of undos."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.errors import Conflict, StoreError
from dispatch.live.store import Store
from tests.days import tiny_day
from tests.stores import Caller, Noted, Opener, plan

DAYS = ("a", "b")
Step = tuple[str, str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["revise", "revise", "note", "undo", "undo", "repeat", "fail"]),
        st.sampled_from(DAYS),
        st.integers(0, 12),
        # How far the version somebody decided for lies behind the one in force; mostly not.
        st.sampled_from([0, 0, 0, 1]),
    ),
    max_size=25,
)
SETTINGS = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class ModelEvent:
    """What happened to a day; for a version, the content before and after as (version, plan)."""

    day: str
    before: tuple[int, int | None] | None = None
    after: tuple[int, int | None] | None = None
    undoes: int | None = None


class Model:
    """A day's content is named by the version that first had it."""

    def __init__(self) -> None:
        self.log: list[ModelEvent] = [ModelEvent(day, after=(1, None)) for day in DAYS]
        self.content = {day: [(1, None)] for day in DAYS}

    def revise(self, day: str, number: int) -> None:
        versions = self.content[day]
        after = (len(versions) + 1, number)
        self.log.append(ModelEvent(day, versions[-1], after))
        versions.append(after)

    def can_undo(self, sequence: int) -> bool:
        if not 1 <= sequence <= len(self.log):
            return False
        event = self.log[sequence - 1]
        opened = event.after is not None and event.before is None
        undone = any(later.undoes == sequence for later in self.log)
        on_top = event.after is None or self.content[event.day][-1] == event.after
        return not opened and not undone and on_top

    def undo(self, sequence: int) -> None:
        event = self.log[sequence - 1]
        if event.before is None:
            self.log.append(ModelEvent(event.day, undoes=sequence))
        else:
            now = self.content[event.day][-1]
            self.log.append(ModelEvent(event.day, now, event.before, sequence))
            self.content[event.day].append(event.before)

    def holds(self, sequence: int) -> bool:
        return all(
            not self.holds(number)
            for number, event in enumerate(self.log, start=1)
            if event.undoes == sequence
        )


class Run:
    """A store and its model, driven by the same steps."""

    def __init__(self, store: Store) -> None:
        self.caller = Caller(store)
        self.model = Model()
        for day in DAYS:
            document = tiny_day().model_copy(update={"id": day})
            self.caller(lambda w, document=document: w.open_day(document))

    def step(self, kind: str, day: str, number: int, behind: int) -> None:
        model, caller = self.model, self.caller
        version = len(model.content[day]) - behind
        if kind == "note":
            caller(lambda w: w.record(day, Noted(number=number)))
            model.log.append(ModelEvent(day))
        elif kind == "revise":
            new = plan(number, day)
            if self.accepts(
                lambda w: w.revise(day, expected=version, reason="", plan=new), refused=behind > 0
            ):
                model.revise(day, number)
        elif kind == "undo":
            self.undo(number + 1, behind)
        elif kind == "repeat":
            request = caller.request()
            for _ in range(2):
                caller.store.execute(request, lambda w: note(w, day))
            model.log.append(ModelEvent(day))
        else:
            with pytest.raises(ZeroDivisionError):
                caller(lambda w: (note(w, day), 1 // 0))

    def undo(self, sequence: int, behind: int) -> None:
        model = self.model
        possible = model.can_undo(sequence)
        day = model.log[sequence - 1].day if sequence <= len(model.log) else DAYS[0]
        version = len(model.content[day]) - behind
        refused = not possible or behind > 0
        if self.accepts(lambda w: w.undo(sequence, expected=version), refused=refused):
            model.undo(sequence)

    def accepts(self, work: object, *, refused: bool) -> bool:
        """Send a command that has to be refused or not."""
        if refused:
            with pytest.raises((Conflict, StoreError)):
                self.caller(work)
            return False
        self.caller(work)
        return True

    def compare(self) -> None:
        with self.caller.store.read() as store:
            events = tuple(store.events())
            assert [event.sequence for event in events] == list(range(1, len(self.model.log) + 1))
            assert [event.day for event in events] == [event.day for event in self.model.log]
            for sequence in range(1, len(events) + 1):
                assert store.holds(sequence) == self.model.holds(sequence), sequence
            for day, contents in self.model.content.items():
                assert store.get_day(day).version == len(contents)
                for version, (origin, number) in enumerate(contents, start=1):
                    found = store.find_plan(day, version)
                    assert (found and found.seed) == number
                    assert store.get_version(day, version).revision.origin == origin
        assert self.caller.store.check_log() == ()


def note(writer: object, day: str) -> None:
    writer.record(day, Noted())


def run(opener: Opener, steps: list[Step]) -> None:
    store = opener()
    try:
        together = Run(store)
        for step in steps:
            together.step(*step)
        together.compare()
    finally:
        store.close()


def examples(opener: Opener, *, soak: bool) -> int:
    """A database costs some ten times what memory costs."""
    few = 60 if opener.place is None else 6
    return few * 20 if soak else few


def test_any_commands_leave_what_the_model_says(opener: Opener, soak: bool) -> None:
    @settings(SETTINGS, max_examples=examples(opener, soak=soak))
    @given(STEPS)
    def check(steps: list[Step]) -> None:
        run(opener, steps)

    check()
