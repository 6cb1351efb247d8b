"""The desk: everything a dispatcher does on a live day, over a store.

Thin on purpose: it finds the day, asks the rooms below, and writes what they decided in one command
of the store. Doors (API, board, command line, simulation) call it and hold no rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from dispatch.domain import Visit
from dispatch.live.accept import ForStop
from dispatch.live.freeze import NOTHING, Freeze
from dispatch.live.replan import Search
from dispatch.live.roads import Roads
from dispatch.live.store import Request, Store
from dispatch.service.customer_desk import CustomerDesk
from dispatch.service.emergency import EmergencyOptions, Mode
from dispatch.service.emergency_desk import Emergencies
from dispatch.service.improvement import Searching, search_improvement
from dispatch.service.live_days import Recorded
from dispatch.service.moves import Allowed, Move, MovePreview
from dispatch.service.remedying import OpenVisit, Remedies
from dispatch.service.replans import Locks, Replanned, ReplanRequest, Replans
from solver.stop import MaxRuntime, Stop

IMPROVE = MaxRuntime(3)
"""A dispatcher reads the first options that long."""


class Desk(CustomerDesk):
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
        super().__init__(store, roads, now=now)
        self._emergencies = Emergencies(self._days)
        self._replans = Replans(self._days)
        self._remedies = Remedies(self._days)

    def prepare(self, day: str, mode: Mode = "soonest") -> None:
        """Make a day ready for emergencies; what `emergency` would do first.

        A door that calls it after each event (in the background) has options in a tenth of a
        second; without it the first ones after an event take longer.
        """
        self._emergencies.prepare(day, mode)

    def emergency(
        self,
        day: str,
        visit: Visit,
        mode: Mode = "soonest",
        top: int = 5,
        *,
        freeze: Freeze = NOTHING,
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
        freeze
            Technicians and outlets that are left alone; visits that stay with who has them.

        Raises
        ------
        InvalidRequest
            D9504: somebody has the visit, or it is for a crew.
        SolverUnavailable
            Without the compiled engine.
        """
        return self._emergencies.options(day, visit, mode, top, freeze)

    def improve(
        self,
        day: str,
        options: EmergencyOptions,
        *,
        stop: Stop = IMPROVE,
        seed: int = 0,
        top: int = 5,
        freeze: Freeze = NOTHING,
        search: Searching | None = None,
    ) -> EmergencyOptions:
        """Return the options again, with what a search from the plan as it stands finds.

        What the search found has the rung ``resolve`` and may change more than two routes; it is
        in its place by price. Promises kept without it stay kept.

        Parameters
        ----------
        stop, seed
            Of the search.
        freeze
            As for `emergency`.
        search
            Searches elsewhere; by default it is done here.
        """
        here = partial(search_improvement, stop=stop, seed=seed)
        return self._emergencies.improve(day, options, search or here, top, freeze)

    def choose(
        self, day: str, options: EmergencyOptions, index: int, request: Request, *, why: str = ""
    ) -> Recorded:
        """Decide on an option, whole or not at all.

        News and changes elsewhere do not matter: the option is stale only if the stops ahead of a
        route it changes are not those any more for which it was made.

        Raises
        ------
        Conflict
            D9503: somebody else decided on one of its technicians, on the visit, or on the parts
            it wants of an outlet; says who.
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
            D9121, D9122: no such change, or the changes cannot stand alone.
        Conflict
            D9503: the stops of a route it changes are not those any more, or an outlet has not left
            what it wants; says whose doing it was.
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

    def lock(
        self,
        day: str,
        visit: str,
        hold: Locks,
        request: Request,
        *,
        expected: int | None = None,
    ) -> Recorded:
        """Lock technician, time or both of a visit as they stand; ``none`` lifts the lock.

        Raises
        ------
        InvalidRequest
            D9504: nobody has the visit, or it is over.
        Conflict
            S2003: the same, and something happened since ``expected``.
        """
        return self._replans.lock(day, visit, request, hold, expected)

    def remedies(self, day: str, visit: str) -> OpenVisit:
        """Say why nobody has a visit and what would help, cheapest first. Nothing is recorded.

        Raises
        ------
        InvalidRequest
            D9504: somebody has the visit, or it is over.
        """
        return self._remedies.find(day, visit)

    def apply_remedy(self, found: OpenVisit, index: int, request: Request) -> Recorded:
        """Take one of the remedies: the change and who serves the visit, in one command.

        Raises
        ------
        InvalidRequest
            D9502: no such remedy; D9510: people have to make the change themselves.
        Conflict
            D9503: the visit, or a route the remedy changes, is not as it was.
        """
        return self._remedies.take(found, index, request)
