"""What every desk does: open days, look at them, record what happened, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dispatch.domain import Day, DayPlan
from dispatch.domain.event import Event, Fact
from dispatch.live.roads import Roads
from dispatch.live.store import Request, Store
from dispatch.live.store.rows import DayRow
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.undo_stack import UndoStack
from dispatch.service.view import DayView


class LiveDesk:
    """Days of a store: what happened on them.

    Parameters
    ----------
    store, roads, now
        As for `dispatch.service.desk.Desk`.
    """

    def __init__(self, store: Store, roads: Roads, *, now: Callable[[], datetime]) -> None:
        self._days = LiveDays(store, roads, now)

    @property
    def store(self) -> Store:
        """Return where days are kept."""
        return self._days.store

    def days(self) -> tuple[DayRow, ...]:
        """Return every day of the store with its version in force, by id."""
        with self.store.read() as reader:
            return reader.days()

    def open_day(self, day: Day, plan: DayPlan, request: Request) -> DayView:
        """Begin a live day with its published plan.

        Raises
        ------
        StoreError
            S2002: the store has this day; S2014: the plan is of another day.
        InvalidRequest
            D9116: the plan names what the day lacks.
        """
        return self._days.open(day, plan, request)

    def view(self, day: str) -> DayView:
        """Return a day as it stands now, to the minute; the projection is made when asked for.

        Raises
        ------
        StoreError
            S2001: no such day; S2005: it has no plan.
        """
        return self._days.view(day)

    def events(self, day: str, after: int = 0, limit: int | None = None) -> tuple[Event, ...]:
        """Return events of a day in order.

        Parameters
        ----------
        after, limit
            Only those behind a sequence; at most so many.
        """
        with self.store.read() as reader:
            return tuple(reader.events(day, after, limit))

    def record(
        self, day: str, fact: Fact, request: Request, *, expected: int | None = None
    ) -> Recorded:
        """Record what happened. Nothing is projected before somebody asks for it.

        Parameters
        ----------
        fact
            A happening of the day or a step of a work order.
        expected
            Sequence of the day this was decided for; None = any.

        Raises
        ------
        InvalidRequest
            D91xx: it does not fit the day; nothing was recorded.
        Conflict
            S2003: something happened since ``expected``.
        """
        return self.record_all(day, [fact], request, expected=expected)

    def record_all(
        self, day: str, facts: Sequence[Fact], request: Request, *, expected: int | None = None
    ) -> Recorded:
        """Record several facts in one command, all or none; errors as for `record`."""
        return self._days.command(day, lambda *_: facts, request, expected=expected)

    def undo(
        self,
        day: str,
        request: Request,
        sequence: int | None = None,
        *,
        expected: int | None = None,
        reason: str = "",
    ) -> Recorded:
        """Undo a command with all its events.

        Parameters
        ----------
        sequence
            An event of the command; by default the actor's last command that holds.
        expected
            Sequence of the day this was decided for; None = any.
        reason
            In words.

        Raises
        ------
        InvalidRequest
            D91xx: what happened afterwards does not fit without it; D9501: nothing to undo.
        Conflict
            S2003, S2010 (undone already), S2011 (later versions are built upon it).
        """
        stack = UndoStack(request.by)
        done, _ = stack.read(self.events(day))
        name = (
            stack.find_request(sequence) if sequence is not None else next(iter(done[::-1]), None)
        )
        if name is None:
            words = "no command of this actor that holds", "a command to undo"
            raise refuse(DeskCode.NOTHING_TO_UNDO, f"day {day}", *words)
        what = stack.events_of(name)
        return self._days.undo(day, what, request, expected=expected, reason=reason)

    def redo(self, day: str, request: Request, *, expected: int | None = None) -> Recorded:
        """Take back the actor's last undoing; what was recorded since leaves nothing to redo.

        Raises
        ------
        InvalidRequest, Conflict
            As for `undo`.
        """
        stack = UndoStack(request.by)
        _, undone = stack.read(self.events(day))
        if not undone:
            words = "no undoing of this actor that holds", "an undoing to take back"
            raise refuse(DeskCode.NOTHING_TO_UNDO, f"day {day}", *words)
        what = stack.events_of(undone[-1])
        return self._days.undo(day, what, request, expected=expected, reason="redo")
