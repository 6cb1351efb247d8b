"""A day projected again and again: only routes something happened to are timed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.domain.travel_table import TravelTable
from dispatch.live.course import Facts
from dispatch.live.projection import Projection, RouteKey, TimedRoute, project_routes
from dispatch.live.state import LiveRoute, LiveState

OF_ALL = ("date", "horizon_start", "horizon_end", "zone", "standards", "traffic", "settings",
          "outlets", "technicians")  # fmt: skip
"""Fields of a day that concern every route."""


class Projector:
    """Projects the states of one day; what comes out is what `project` returns.

    Safe between threads: what is remembered is replaced whole, never changed.
    """

    def __init__(self) -> None:
        self._known: _Known | None = None

    def project(self, state: LiveState, travel: TravelTable) -> Projection:
        """Return the rest of the day; as `dispatch.live.projection.project`."""
        return self.look(state, travel)[1]

    def look(self, state: LiveState, travel: TravelTable) -> tuple[Facts, Projection]:
        """Return the rest of the day, and the state looked up."""
        known = self._known
        holds: Mapping[RouteKey, TimedRoute] = {}
        if known is not None and known.is_of(state):
            facts = Facts(state, travel, like=known.facts)
            holds = known.holding(facts)
        else:
            facts = Facts(state, travel)
        projection, routes = project_routes(facts, holds)
        self._known = _Known(facts, routes)
        return facts, projection


@dataclass(frozen=True, eq=False)
class _Known:
    """A projection taken apart."""

    facts: Facts
    routes: Mapping[RouteKey, TimedRoute]

    def is_of(self, state: LiveState) -> bool:
        """Return whether everything that concerns all routes is as it was."""
        old, new = self.facts.day, state.day
        pairs = [(getattr(old, name), getattr(new, name)) for name in OF_ALL]
        pairs.append((self.facts.state.closures, state.closures))
        return all(one is other or one == other for one, other in pairs)

    def holding(self, facts: Facts) -> dict[RouteKey, TimedRoute]:
        """Return the routes whose times still hold."""
        old = self.facts
        if old.travel is not facts.travel or old.now > facts.now:
            return {}
        was = {(one.technician, one.shift): one for one in old.state.routes}
        found = {}
        for route in facts.state.routes:
            key = route.technician, route.shift
            timed = self.routes.get(key)
            same = was.get(key) is route and _same_visits(old, facts, route)
            if timed is not None and same and facts.now <= timed.until:
                found[key] = timed
        return found


def _same_visits(old: Facts, new: Facts, route: LiveRoute) -> bool:
    names = [stop.visit for stop in route.ahead if stop.visit is not None]
    return all(old.visits.get(name) is new.visits.get(name) for name in names)
