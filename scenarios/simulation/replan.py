"""Ours: the rest of the day is planned again and again by `dispatch.live.replan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dispatch.live.replan import ReplanMode, Search, decide_rest
from scenarios.simulation.desk import NOTHING, Choice
from scenarios.simulation.policy import View
from solver.stop import MaxIterations

DELAYS: Final[Mapping[str, int]] = {
    "opening": 0, "emergency": 0, "sick": 0, "request": 120, "overrun": 240, "cancel": 300,
    "tick": 1200,
}  # fmt: skip
"""Seconds from a piece of news to the next plan; several pieces are answered by one."""


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
            view.seen.state(view.state, view.words),
            view.table,
            mode=self.mode,
            search=Search(stop=MaxIterations(self.iterations), seed=self.seed, judged=False),
            projector=view.seen.projector,
        )
        now = {(route.technician, route.shift): route.ahead for route in view.state.routes}
        ahead = {key: stops for key, stops in decision.ahead.items() if stops != now[key]}
        if not ahead and decision.contracted == view.state.contracted:
            return NOTHING
        return Choice(ahead, decision.contracted)
