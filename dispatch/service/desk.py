"""The desk: everything a dispatcher does on a live day, over a store.

Thin on purpose: it finds the day, asks the rooms below, and writes what they decided in one command
of the store. Doors (API, board, command line, simulation) call it and hold no rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from dispatch.domain import Day, DayPlan, Visit
from dispatch.domain.event import Event, Fact
from dispatch.live.accept import ForStop
from dispatch.live.replan import Search
from dispatch.live.roads import Roads
from dispatch.live.store import Request, Store
from dispatch.live.store.rows import DayRow
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.emergency import EmergencyOptions, Mode
from dispatch.service.emergency_desk import Emergencies
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.moves import Allowed, Move, MovePreview
from dispatch.service.replans import Locks, Replanned, ReplanRequest, Replans
from dispatch.service.undo_stack import UndoStack
from dispatch.service.view import DayView
from solver.stop import MaxRuntime, Stop

IMPROVE = MaxRuntime(3)
"""A dispatcher reads the first options that long."""


class Desk:
    """Use cases of live days; one per store, safe between threads.

    Parameters
    ----------
    store
        Where days are kept, opened with `dispatch.live.kinds.KINDS`.
    roads
        Travel figures.
    now
        The clock: wall time, or that of a simulated day.
    """

    def __init__(self, store: Store, roads: Roads, *, now: Callable[[], datetime]) -> None:
        self._days = LiveDays(store, roads, now)
        self._emergencies = Emergencies(self._days)
        self._replans = Replans(self._days)

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

    def prepare(self, day: str, mode: Mode = "soonest") -> None:
        """Make a day ready for emergencies; what `emergency` would do first.

        A door that calls it after each event (in the background) has options in a tenth of a
        second; without it the first ones after an event take longer.
        """
        self._days.view(day).prepared(divert=mode == "soonest")

    def emergency(
        self, day: str, visit: Visit, mode: Mode = "soonest", top: int = 5
    ) -> EmergencyOptions:
        """Return ways to serve a visit nobody has, best first. Nothing is recorded.

        Parameters
        ----------
        visit
            Of the day, or new: then `choose` brings it into the day.
        mode
            ``soonest``: who is on the way may be sent elsewhere; ``after_current``: who is on the
            way goes there first.
        top
            How many ways.

        Raises
        ------
        InvalidRequest
            D9504: somebody has the visit, or it is for a crew.
        SolverUnavailable
            Without the compiled engine.
        """
        return self._emergencies.options(day, visit, mode, top)

    def improve(
        self,
        day: str,
        options: EmergencyOptions,
        *,
        stop: Stop = IMPROVE,
        seed: int = 0,
        top: int = 5,
    ) -> EmergencyOptions:
        """Return the options again, with what a search from the plan as it stands finds.

        What the search found has the rung ``resolve`` and may change more than two routes; it is
        in its place by price. Promises kept without it stay kept.
        """
        return self._emergencies.improve(day, options, stop, seed, top)

    def choose(
        self, day: str, options: EmergencyOptions, index: int, request: Request, *, why: str = ""
    ) -> Recorded:
        """Decide on an option, whole or not at all.

        News and changes elsewhere do not matter: the option is stale only if the stops ahead of a
        route it changes are not those any more for which it was made.

        Raises
        ------
        Conflict
            D9503: somebody else decided on one of its technicians, or on the visit; says who.
        InvalidRequest
            D9502: no such option.
        """
        return self._emergencies.choose(day, options, index, request, why)

    def replan(
        self, day: str, asked: ReplanRequest | None = None, search: Search | None = None
    ) -> Replanned:
        """Plan the rest of a day again. Nothing is recorded.

        Parameters
        ----------
        asked
            What may change; by default all that is not under way.
        search
            How long to search; by default five seconds.

        Returns
        -------
        Replanned
            Its ``diff`` says what changes for whom; `accept` puts it in force.
        """
        return self._replans.replan(day, asked or ReplanRequest(), search or Search())

    def accept(
        self,
        replanned: Replanned,
        request: Request,
        *,
        changes: Collection[str] | None = None,
        waivers: Sequence[ForStop] = (),
        why: str = "",
    ) -> Recorded:
        """Put a re-plan in force, whole or some of its changes; the plan becomes a version.

        Raises
        ------
        InvalidRequest
            D9123, D9124: no such change, or the changes cannot stand alone.
        Conflict
            D9503: the stops of a route it changes are not those any more; says whose doing it was.
        """
        return self._replans.accept(replanned, changes, waivers, request, why)

    def preview_move(self, day: str, move: Move, allowed: Sequence[Allowed] = ()) -> MovePreview:
        """Say what a visit put elsewhere by hand costs, breaks and changes. Nothing is recorded.

        Raises
        ------
        InvalidRequest
            D9504: it cannot be moved at all.
        """
        return self._replans.preview(day, move, allowed)

    def move(
        self,
        day: str,
        move: Move,
        request: Request,
        *,
        allowed: Sequence[Allowed] = (),
        expected: int | None = None,
    ) -> Recorded:
        """Put a visit elsewhere by hand.

        Parameters
        ----------
        allowed
            Soft rules to break, with the reason: they become waivers in the name of the actor.

        Raises
        ------
        InvalidRequest
            D9504; D9506 for each rule it breaks that is not waived.
        Conflict
            S2003 for another ``expected``; D9503 as `accept`.
        """
        return self._replans.move(day, move, allowed, request, expected=expected)

    def lock(self, day: str, visit: str, hold: Locks, request: Request) -> Recorded:
        """Lock technician, time or both of a visit as they stand; ``none`` lifts the lock.

        Raises
        ------
        InvalidRequest
            D9504: nobody has the visit, or it is over.
        """
        return self._replans.lock(day, visit, request, hold)
