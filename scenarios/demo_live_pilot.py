"""The autopilot: what nobody has is given to whom our emergency ways would give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dispatch.domain import Priority, Visit
from dispatch.live.store import Request
from dispatch.planning.clock import Clock
from dispatch.service.desk import Desk
from dispatch.service.emergency import Mode
from dispatch.service.view import DayView

NAME = "autopilot"
EMERGENCY_S, OTHER_S, AGAIN_S = 60, 180, 1200
"""Seconds until it decides on an emergency and on other visits, and until it tries again."""


class Autopilot:
    """Takes the cheapest way for each visit nobody has, a while after it came in.

    Parameters
    ----------
    desk
        Where it decides.
    left
        Visits that are nobody's for a reason and stay so: what the plan left out.
    """

    def __init__(self, desk: Desk, left: Iterable[str]) -> None:
        self._desk, self._left = desk, frozenset(left)
        self._due: dict[str, int] = {}

    def next_of(self, view: DayView) -> tuple[int, str] | None:
        """Return second and visit of the next decision; None where everybody has somebody."""
        state = view.state
        visits = {visit.id: visit for visit in state.day.visits}
        now = Clock(state.day).ceil(state.now)
        waiting = [visit for visit in state.open if visit not in self._left]
        for visit in waiting:
            self._due.setdefault(visit, now + _delay(visits[visit]))
        self._due = {visit: self._due[visit] for visit in waiting}
        return min(((second, visit) for visit, second in self._due.items()), default=None)

    def decide(
        self, view: DayView, visit: str, second: int, request: Callable[[str], Request]
    ) -> None:
        """Decide on a visit; where there is no way it is tried again later."""
        self._due[visit] = second + AGAIN_S
        asked = next((one for one in view.state.day.visits if one.id == visit), None)
        if asked is None:  # taken back meanwhile
            return
        found = self._desk.emergency(view.day_id, asked, _mode(asked))
        if found.options:
            self._desk.choose(view.day_id, found, 0, request(NAME), why=NAME)


def _delay(visit: Visit) -> int:
    return EMERGENCY_S if visit.priority is Priority.EMERGENCY else OTHER_S


def _mode(visit: Visit) -> Mode:
    return "soonest" if visit.priority is Priority.EMERGENCY else "after_current"
