"""The dispatcher's desk as a simulated day sees it: facts and decisions go in, the state comes out.

`StateDesk` keeps the state alone; `scenarios.simulation.service_desk` is the desk of the house with
its store in memory. Both apply the same rules (`dispatch.live`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dispatch.domain import Day, DayPlan
from dispatch.domain.disruption import Happening
from dispatch.domain.event import Event
from dispatch.live.apply import apply, wait_until
from dispatch.live.decide import assign
from dispatch.live.state import LiveState, Stop, begin_day
from dispatch.planning.clock import Clock

RouteKey = tuple[str, int]

SIMULATOR = "simulated day"
"""Who records."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision.

    Attributes
    ----------
    ahead
        All stops ahead of the routes that change.
    contracted
        (visit, outlet) of everything contracted outlets have from now on; None = as it was.
    """

    ahead: Mapping[RouteKey, Sequence[Stop]]
    contracted: tuple[tuple[str, str], ...] | None = None


NOTHING = Choice({})
"""Everything stays as it is."""


class Desk(Protocol):
    """Where a simulated day happens."""

    @property
    def state(self) -> LiveState:
        """The day as it stands."""
        ...

    def record(self, second: int, fact: Happening) -> None:
        """Record a fact at a second of the day."""
        ...

    def decide(self, second: int, choice: Choice) -> None:
        """Put a decision in force, whole."""
        ...


class StateDesk:
    """A desk without a log: the state after each fact and decision, nothing else.

    Parameters
    ----------
    day, plan
        The day as it begins and its morning plan.
    """

    def __init__(self, day: Day, plan: DayPlan) -> None:
        self._clock, self._sequence = Clock(day), 0
        self._state = begin_day(day, plan)

    @property
    def state(self) -> LiveState:
        """The day as it stands."""
        return self._state

    def record(self, second: int, fact: Happening) -> None:
        """Apply a fact; errors are those of `dispatch.live.apply.apply`."""
        self._sequence += 1
        event = Event(
            sequence=self._sequence, at=self._clock.moment(second), by=SIMULATOR,
            day=self._state.day.id, what=fact,
            request_id=f"simulated-{self._sequence}",
        )  # fmt: skip
        self._state = apply(self._state, event)

    def decide(self, second: int, choice: Choice) -> None:
        """Decide; errors are those of `dispatch.live.decide.assign`."""
        now = wait_until(self._state, self._clock.moment(second))
        self._state = assign(now, choice.ahead, contracted=choice.contracted)
