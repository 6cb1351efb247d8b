"""A policy: who decides what, and how soon after which news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dispatch.domain.travel_table import TravelTable
from dispatch.live.state import LiveState
from dispatch.planning.clock import Clock
from scenarios.simulation.desk import Choice, RouteKey
from scenarios.simulation.promises import Words
from scenarios.simulation.seen import SeenDay

NEWS = ("opening", "request", "emergency", "cancel", "sick", "overrun", "free", "tick")
"""What a decision may follow; ``tick`` comes every `TICK_S`."""

TICK_S = 300


@dataclass(frozen=True, eq=False)
class View:
    """What a policy sees: the desk's state, the travel table, what customers were told.

    Attributes
    ----------
    second
        Now.
    news
        Kinds of news since the last decision.
    idle
        Routes whose technician is on shift and not busy.
    seen
        For who searches: the day as a search is to see it, from decision to decision.
    """

    state: LiveState
    table: TravelTable
    clock: Clock
    second: int
    news: frozenset[str]
    idle: tuple[RouteKey, ...]
    words: Words
    seen: SeenDay


class Policy(Protocol):
    """Decides on a simulated day; sees no truth that has not happened."""

    @property
    def name(self) -> str:
        """One word."""
        ...

    @property
    def plans_morning(self) -> bool:
        """Whether what is known in the morning is planned then, by the planner of the house."""
        ...

    def delay(self, news: str) -> int | None:
        """Return how many seconds after such news to decide; None = not for its sake."""
        ...

    def decide(self, view: View) -> Choice:
        """Decide on what is not begun."""
        ...
