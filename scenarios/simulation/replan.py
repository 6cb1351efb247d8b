"""Ours: the rest of the day is planned again and again, promises first, disturbance priced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from dispatch.domain import Day, Priority, Settings
from dispatch.domain.prices import Prices
from dispatch.live.state import Stop
from dispatch.planning.objective import COST_SCALE, PER_MINUTE
from dispatch.planning.translate import Translation
from scenarios.simulation.desk import RouteKey
from scenarios.simulation.insertion import insert_open
from scenarios.simulation.policy import View
from scenarios.simulation.rest import Rest, build_rest
from solver.routing.problem import FORBIDDEN
from solver.routing.solve import solve
from solver.routing.timetable import TimetableData
from solver.stop import MaxIterations

Mode = Literal["fill_gaps", "keep_technicians", "all"]

LATE_FACTOR = 4
"""How many times its price lateness weighs in the search, from the first second on.

A promise is lost with its first late second; the table of prices, mild at first and steep later,
would rather have many visits a little late than one very late. With this table, and visits left
out where they cost more than their price, a promise that cannot be kept any more gives way to
those that can.
"""

DELAYS: Mapping[str, int] = {
    "emergency": 0, "sick": 0, "request": 60, "overrun": 60, "cancel": 300, "tick": 300,
}  # fmt: skip
"""Seconds from a piece of news to the next plan; several pieces are answered by one."""


def promises_first(day: Day) -> dict[str, Any]:
    """Return prices and settings of a day as the search is to see them."""
    own = day.prices
    late = ("late_emergency_per_min", "late_urgent_per_min", "late_important_per_min",
            "late_general_per_min")  # fmt: skip
    prices: Prices = own.model_copy(
        update={
            **{name: getattr(own, name) * LATE_FACTOR for name in late},
            "emergency_arrival_per_min": own.emergency_arrival_per_min * own.late_factor_after_knee,
            "late_factor_after_knee": 1,
        }
    )
    settings: Settings = day.settings.model_copy(update={"mandatory": "by_price"})
    return {"prices": prices, "settings": settings}


@dataclass(frozen=True, slots=True)
class Replan:
    """Plans what is not begun anew soon after each piece of news.

    Parameters
    ----------
    mode
        ``fill_gaps``: visits keep technician and order, open ones are put in; ``keep_technicians``:
        visits keep their technician; ``all``: everything not begun may change.
    iterations
        Of each search; it starts from the plan as it stands.
    seed
        Of each search.
    """

    mode: Mode = "all"
    iterations: int = 150
    seed: int = 1
    plans_morning: bool = True

    @property
    def name(self) -> str:
        """One word."""
        return f"ours_{self.mode}"

    def delay(self, news: str) -> int | None:
        """Return how soon to plan after such news."""
        return DELAYS.get(news)

    def decide(self, view: View) -> Mapping[RouteKey, Sequence[Stop]]:
        """Return the routes the new plan changes."""
        if self.mode == "fill_gaps" and not view.state.open:
            return {}
        rest = build_rest(view.state, view.table, seen=promises_first(view.state.day))
        if rest is None:
            return {}
        if self.mode == "fill_gaps":
            return rest.ahead(*insert_open(rest, worth=True))
        rest = _announced(rest, view, keep=self.mode == "keep_technicians")
        start = rest.solution(rest.standing())
        found = solve(
            rest.translation.problem, stop=MaxIterations(self.iterations), seed=self.seed,
            start=start,
        )  # fmt: skip
        return rest.ahead({r.vehicle: tuple(s.step for s in r.stops) for r in found.routes})


def _announced(rest: Rest, view: View, *, keep: bool) -> Rest:
    """Return the rest with what customers were told priced (docs/semantics.md, disturbance)."""
    t = rest.translation
    update = {"assignment_cost": _other_people(rest, view, keep=keep), **_other_times(t, view)}
    problem = replace(t.problem, **update)
    return replace(rest, translation=replace(t, problem=problem), data=TimetableData(problem))


def _other_people(rest: Rest, view: View, *, keep: bool) -> Any:  # noqa: ANN401 - numpy array
    t = rest.translation
    cost = t.problem.assignment_cost.copy()
    price = t.day.prices.disturbed_technician * COST_SCALE
    names = np.array([tail.key[0] for tail in rest.tails])
    holder = {s.visit: tail.key[0] for tail in rest.tails for s in tail.visits}
    for seat, visit in enumerate(t.visits):
        word = view.words.of.get(visit.id)
        if word is not None and word.technician is not None:
            cost[seat, (names != word.technician) & (cost[seat] != FORBIDDEN)] += price
        if keep and visit.id in holder:
            cost[seat, names != holder[visit.id]] = FORBIDDEN
    return cost


def _other_times(t: Translation, view: View) -> dict[str, Any]:
    """Return windows and late rates: never earlier than told, later at the price of telling.

    The price of telling holds between what was told and the end of the promise; behind that it is
    the price of lateness. Visits with a choice of promises, and emergencies, are owed theirs.
    """
    p, prices, free = t.problem, t.day.prices, t.day.settings.disturbed_free_s
    earliest, latest = p.window_earliest.copy(), p.window_latest.copy()
    knee, rate, after = p.late_knee_s.copy(), p.late_rate.copy(), p.late_rate_after.copy()
    telling = prices.disturbed_eta_per_min * PER_MINUTE
    for seat, visit in enumerate(t.visits):
        word, windows = view.words.of.get(visit.id), p.windows_of(seat)
        if word is None or word.arrival is None or len(windows) != 1:
            continue
        if visit.priority is Priority.EMERGENCY:
            continue
        window = windows[0]
        earliest[window] = max(earliest[window], min(word.arrival - free, latest[window]))
        if word.arrival + free < latest[window]:
            knee[seat] = latest[window] - word.arrival - free
            latest[window] = word.arrival + free
            rate[seat], after[seat] = telling, max(telling, rate[seat])
    return {
        "window_earliest": earliest, "window_latest": latest, "late_knee_s": knee,
        "late_rate": rate, "late_rate_after": after,
    }  # fmt: skip
