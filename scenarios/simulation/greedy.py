"""Greedy nearest: nobody plans ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatch.domain import Priority, Visit
from dispatch.domain.travel_table import NO_WAY
from dispatch.live.state import LiveRoute
from dispatch.planning.objective import COST_SCALE, unassigned_fen
from scenarios.simulation.desk import NOTHING, Choice
from scenarios.simulation.policy import View
from scenarios.simulation.rest import Rest, build_rest
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import Step

SOON_S = 2 * 3600
"""Of who has not left yet no way is longer: promises that open later cannot be due."""


Offer = tuple[bool, bool, int, int, int]
"""No emergency, late, seconds of the way, seat, vehicle."""


@dataclass(frozen=True, slots=True)
class GreedyNearest:
    """Whoever is free takes the nearest visit that is due.

    A visit is due when the technician would wait no longer than ``patience_s`` at its door.
    Emergencies come first; then pairs are made nearest first, so a new request gets the nearest
    free technician, and a free technician the nearest request.

    Parameters
    ----------
    by_price
        Promises that can still be kept come before those that cannot, and a visit whose lateness
        would cost more than leaving it out is left out.
    """

    patience_s: int = 600
    by_price: bool = False
    plans_morning: bool = False

    @property
    def name(self) -> str:
        """One word."""
        return "greedy_by_price" if self.by_price else "greedy_nearest"

    def delay(self, news: str) -> int | None:
        """Decide at once on whatever may join somebody free and somebody waiting."""
        return None if news in {"overrun", "home"} else 0

    def decide(self, view: View) -> Choice:
        """Give each free technician at most one visit."""
        if not view.state.open or not view.idle:
            return NOTHING
        free = [
            route
            for route in view.state.routes
            if (route.technician, route.shift) in view.idle
            and all(stop.kind != "visit" for stop in route.ahead)
        ]
        if not free:
            return NOTHING
        keys = [(route.technician, route.shift) for route in free]
        soon = view.second + _longest_way(view, free) + self.patience_s
        rest = build_rest(view.state, view.table, only=keys, until=soon)
        if rest is None:
            return NOTHING
        offers = [
            offer
            for vehicle, tail in enumerate(rest.tails)
            if not tail.visits
            for offer in self._offers(view, rest, vehicle)
        ]
        return _pair(rest, sorted(offers))

    def _offers(self, view: View, rest: Rest, vehicle: int) -> Iterator[Offer]:
        problem, t = rest.translation.problem, rest.translation
        profile = problem.durations_s[int(problem.vehicle_profile[vehicle])]
        row = profile[int(problem.vehicle_start[vehicle])]
        start = max(view.second, int(problem.vehicle_earliest[vehicle]))
        waiting = set(view.state.open)
        for seat, visit in enumerate(t.visits):
            if visit.id not in waiting or problem.assignment_cost[seat, vehicle] == FORBIDDEN:
                continue
            leg = int(row[int(problem.visit_location[seat])])
            opens = min(int(problem.window_earliest[w]) for w in problem.windows_of(seat))
            if leg < 0 or opens > start + leg + visit.access_s + self.patience_s:
                continue
            late = _late_s(problem, seat, start + leg + visit.access_s) if self.by_price else 0
            if late == 0 or not _is_too_late(view, problem, seat, visit, late):
                yield visit.priority is not Priority.EMERGENCY, late > 0, leg, seat, vehicle


def _longest_way(view: View, free: Sequence[LiveRoute]) -> int:
    """Return seconds no way of theirs to an open visit is longer than, access included."""
    profiles = {person.id: person.profile for person in view.state.day.technicians}
    waiting = set(view.state.open)
    visits = [visit for visit in view.state.day.visits if visit.id in waiting]
    places = [view.table.index(visit.place) for visit in visits]
    access = max((visit.access_s for visit in visits), default=0)
    longest = 0
    for route in free:
        if not route.past:
            return SOON_S
        row = view.table.durations_s[profiles[route.technician]]
        legs = row[view.table.index(route.here or route.past[-1].place), places]
        longest = max(longest, int(legs[legs != NO_WAY].max(initial=0)))
    return longest + access


def _late_s(problem: RoutingProblem, seat: int, reached: int) -> int:
    return max(0, reached - max(int(problem.window_latest[w]) for w in problem.windows_of(seat)))


def _is_too_late(view: View, problem: RoutingProblem, seat: int, visit: Visit, late_s: int) -> bool:
    if visit.priority is Priority.EMERGENCY:
        return False
    mild = min(late_s, int(problem.late_knee_s[seat]))
    units = mild * int(problem.late_rate[seat])
    units += (late_s - mild) * int(problem.late_rate_after[seat])
    return units > unassigned_fen(view.state.day.prices, visit) * COST_SCALE


def _pair(rest: Rest, offers: Sequence[Offer]) -> Choice:
    taken, given = set[int](), dict[int, tuple[Step, ...]]()
    for *_, seat, vehicle in offers:
        if seat in taken or vehicle in given:
            continue
        steps = rest.steps(vehicle, [(seat, rest.translation.problem.windows_of(seat)[0])])
        if steps is not None:
            taken.add(seat)
            given[vehicle] = steps
    return Choice(rest.ahead(given, only=given)) if given else NOTHING
