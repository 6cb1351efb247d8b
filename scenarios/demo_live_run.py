"""A simulated day on the service's desk: technicians and callers report as time runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from dispatch.domain.disruption import Happening
from dispatch.errors import Conflict, InvalidRequest, StoreBusy
from dispatch.live.store import Request
from dispatch.service.desk import Desk
from dispatch.service.view import DayView
from scenarios.demo_live_calls import calls_of, may_happen
from scenarios.demo_live_clock import SimulatedClock
from scenarios.demo_live_pilot import Autopilot
from scenarios.demo_live_road import Coming, Truth
from scenarios.simulation.world import World

PERIOD_S = 0.05
_LOG = logging.getLogger("servicenet.demo")


class LiveDemo:
    """Lets a simulated day happen.

    Parameters
    ----------
    desk
        With the clock below; the day of the world is open.
    world
        What will happen; what lies behind the day's last event is not repeated.
    clock
        Of the day.
    seal
        Puts customers away before a fact reaches the log.
    by_hand
        A technician nobody simulates: somebody has the phone.
    """

    def __init__(
        self,
        desk: Desk,
        world: World,
        clock: SimulatedClock,
        *,
        seal: Callable[[Happening], Happening] = lambda fact: fact,
        by_hand: str | None = None,
    ) -> None:
        self._desk, self._world, self._clock = desk, world, clock
        self._seal, self._by_hand = seal, by_hand
        self._calls = calls_of(world, world.clock.floor(self._view().state.now))
        self._refused: tuple[int, list[Happening]] = 0, []
        self._stopped = threading.Event()
        self.pilot: Autopilot | None = None
        """Decides where somebody is wanted; None leaves everything to people."""

    def _view(self) -> DayView:
        return self._desk.view(self._world.day.id)

    def live_until(self, moment: datetime) -> None:
        """Let everything up to a moment happen at once, the clock jumping along."""
        last = self._world.clock.floor(moment)
        while self._step(last):
            continue
        self._clock.jump(moment)

    def run(self) -> None:
        """Let things happen as time runs, until `stop` or the end of the day."""
        while not self._stopped.wait(PERIOD_S) and not self._clock.is_over:
            try:
                self.catch_up()
            except StoreBusy:
                _LOG.info("others have the store; once more in a moment")

    def stop(self) -> None:
        """End `run`."""
        self._stopped.set()

    def catch_up(self) -> None:
        """Let everything happen that is due by the clock."""
        while not self._stopped.is_set():
            if not self._step(self._world.clock.floor(self._clock.now())):
                return

    def _step(self, last: int) -> bool:
        """Let the next thing up to a second happen; False where there is none."""
        view = self._view()
        self._forget(view)
        coming = min(self._coming(view), key=lambda one: (one.second, one.by), default=None)
        thought = self.pilot.next_of(view) if self.pilot is not None else None
        if self.pilot is not None and thought is not None and thought[0] <= last:
            second, visit = thought
            if coming is None or second < coming.second:
                self._clock.jump(self._world.clock.moment(second))
                self._decide(self.pilot, visit, second, view)
                return True
        if coming is None or coming.second > last:
            return False
        self._clock.jump(self._world.clock.moment(coming.second))
        self._record(view, coming)
        return True

    def _decide(self, pilot: Autopilot, visit: str, second: int, view: DayView) -> None:
        try:
            pilot.decide(self._view(), visit, second, self._envelope(view, visit))
        except (Conflict, InvalidRequest):
            # A person decided meanwhile; the visit may have somebody by now.
            _LOG.info("somebody was faster; looking again")

    def _forget(self, view: DayView) -> None:
        """Leave out what cannot happen any more."""
        self._calls = [one for one in self._calls if may_happen(one.fact, view.state)]
        if self._refused[0] != view.sequence:
            self._refused = view.sequence, []

    def _coming(self, view: DayView) -> Iterator[Coming]:
        truth = Truth(view.state, view.table, self._world)
        for route in view.state.routes:
            news = truth.next_of(route) if route.technician != self._by_hand else None
            if news is not None and news.fact not in self._refused[1]:
                yield news
        yield from self._calls[:1]

    def _record(self, view: DayView, coming: Coming) -> None:
        fact = self._seal(coming.fact)
        request = self._envelope(view, f"{coming.second}-{fact.kind}")(coming.by)
        try:
            self._desk.record(view.day_id, fact, request, expected=view.sequence)
        except Conflict:
            _LOG.info("somebody was faster; looking again")
            return
        except InvalidRequest as error:
            codes = [fault.code for fault in error.faults]
            _LOG.warning("refused", extra={"fields": {"kind": fact.kind, "codes": codes}})
            self._refused[1].append(coming.fact)
        self._calls = [one for one in self._calls if one is not coming]

    def _envelope(self, view: DayView, what: str) -> Callable[[str], Request]:
        name = f"demo-{view.sequence}-{what}"

        def request(by: str) -> Request:
            return Request(id=name, by=by, at=self._clock.now(), content=name)

        return request
