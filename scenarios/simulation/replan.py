"""Ours: the rest of the day is planned again and again by `dispatch.live.replan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.domain import Day, Priority, Told, Visit
from dispatch.live.replan import ReplanMode, Search, decide_rest
from dispatch.live.state import LiveState, with_told
from dispatch.planning.objective import unassigned_fen
from scenarios.simulation.desk import NOTHING, Choice
from scenarios.simulation.policy import View
from solver.stop import MaxIterations

LATE_FACTOR: Final = 4
"""How many times its price lateness weighs in the search, from the first second on.

A promise is lost with its first late second; the table of prices, mild at first and steep later,
would rather have many visits a little late than one very late. With this table, and visits left
out where they cost more than their price, a promise that cannot be kept any more gives way to
those that can.
"""

DELAYS: Final[Mapping[str, int]] = {
    "opening": 0, "emergency": 0, "sick": 0, "request": 120, "overrun": 240, "cancel": 300,
    "tick": 1200,
}  # fmt: skip
"""Seconds from a piece of news to the next plan; several pieces are answered by one."""


def promises_first(day: Day) -> dict[str, Any]:
    """Return prices and settings of a day as the search is to see them."""
    own = day.prices
    late = ("late_emergency_per_min", "late_urgent_per_min", "late_important_per_min",
            "late_general_per_min")  # fmt: skip
    prices = own.model_copy(
        update={
            **{name: getattr(own, name) * LATE_FACTOR for name in late},
            "emergency_arrival_per_min": own.emergency_arrival_per_min * own.late_factor_after_knee,
            "late_factor_after_knee": 1,
        }
    )
    settings = day.settings.model_copy(update={"mandatory": "by_price"})
    return {"prices": prices, "settings": settings}


@dataclass(frozen=True, slots=True)
class Replan:
    """Plans what is not begun anew soon after each piece of news; takes every plan whole.

    Parameters
    ----------
    mode
        As for `dispatch.live.replan.decide_rest`.
    iterations, seed
        Of each search; it starts from the plan as it stands.
    """

    mode: ReplanMode = ReplanMode.ALL
    iterations: int = 100
    seed: int = 1
    plans_morning: bool = True

    @property
    def name(self) -> str:
        """One word."""
        return f"ours_{self.mode.value}"

    def delay(self, news: str) -> int | None:
        """Return how soon to plan after such news."""
        if self.mode is ReplanMode.FILL_GAPS and news == "overrun":
            return None  # makes no gap
        return DELAYS.get(news)

    def decide(self, view: View) -> Choice:
        """Return the routes the new plan changes."""
        if self.mode is ReplanMode.FILL_GAPS and not view.state.open:
            return NOTHING
        decision = decide_rest(
            seen_by_planner(view),
            view.table,
            mode=self.mode,
            search=Search(stop=MaxIterations(self.iterations), seed=self.seed, judged=False),
        )
        now = {(route.technician, route.shift): route.ahead for route in view.state.routes}
        ahead = {key: stops for key, stops in decision.ahead.items() if stops != now[key]}
        if not ahead and decision.contracted == view.state.contracted:
            return NOTHING
        return Choice(ahead, decision.contracted)


def seen_by_planner(view: View) -> LiveState:
    """Return the state with what customers were told, as the search is to see it.

    A mandatory visit is one whose value is the price of leaving it out: the same price, but no
    promise that can be kept is looked at again for the sake of one that cannot.
    """
    told = {
        visit: Told(
            technician=word.technician, arrival=view.clock.moment(word.arrival), order=word.order
        )
        for visit, word in view.words.of.items()
        if word.technician is not None and word.arrival is not None
    }
    day = with_told(view.state.day, told)
    visits = tuple(_priced(visit, day) for visit in day.visits)
    day = day.model_copy(update={**promises_first(day), "visits": visits})
    return view.state.model_copy(update={"day": day})


def _priced(visit: Visit, day: Day) -> Visit:
    if visit.priority is Priority.EMERGENCY or not visit.mandatory:
        return visit
    return visit.model_copy(
        update={"mandatory": False, "value_fen": unassigned_fen(day.prices, visit)}
    )
