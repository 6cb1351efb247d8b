"""How the referee judges visits that depend on each other.

Written from ``docs/semantics.md`` ("Crews", "Links"): the starts of a plan are the least ones that
every route and every link allow. The referee finds them by driving all routes again until no
start moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from solver.routing.features import UNLIMITED, Links
from solver.routing.problem import RoutingProblem
from solver.routing.referee_clock import get_service_s
from solver.routing.referee_drive import RouteDrive
from solver.routing.solution import RoutingSolution, StepKind
from solver.routing.violation import Violation, ViolationCode

ANYBODY, SAME_PERSON, TWO_PERSONS = 0, 1, 2
EITHER, SECOND_NEEDS_FIRST, BOTH_OR_NONE = 0, 1, 2

_NEVER: Final = -(2**40)
A_DAY_S: Final = 86_400


def settle_starts(
    problem: RoutingProblem, drives: Mapping[int, RouteDrive], patience_s: int = A_DAY_S
) -> dict[int, int] | int:
    """Find the least start of every linked visit.

    Parameters
    ----------
    problem
        The problem.
    drives
        Routes by vehicle, all of them drivable.
    patience_s
        How far beyond the end of every shift starts are followed.

    Returns
    -------
    dict or int
        Start by visit, for the linked visits on the routes; or a visit whose start runs past
        every shift and the patience, because the links of the plan push each other on forever.
    """
    links = problem.links
    if links is None:
        return {}
    home = {visit: vehicle for vehicle, drive in drives.items() for visit in drive.visits}
    linked: set[int] = {*links.first.tolist(), *links.second.tolist()} & set(home)
    waits = dict.fromkeys(linked, _NEVER)
    longest = problem.vehicle_latest.astype(int) + problem.vehicle_overtime_s
    cap = int(longest.max()) + patience_s
    while True:
        starts: dict[int, int] = {}
        for vehicle in {home[visit] for visit in linked}:
            for moment in drives[vehicle].drive_early(waits).moments:
                if moment.step.kind is StepKind.VISIT and moment.step.index in linked:
                    starts[moment.step.index] = moment.start
        pushed = _push(problem, links, home, starts)
        late = next((visit for visit in sorted(linked) if pushed[visit] > cap), None)
        if late is not None:
            return late
        if pushed == starts:
            return starts
        waits = pushed


def _push(
    problem: RoutingProblem, links: Links, home: Mapping[int, int], starts: Mapping[int, int]
) -> dict[int, int]:
    """Return the least starts that each link allows, given ``starts`` of the other end."""
    pushed = dict(starts)
    for number in range(links.first.shape[0]):
        one, two = int(links.first[number]), int(links.second[number])
        if one not in home or two not in home:
            continue
        offset = get_service_s(problem, home[one], one) if int(links.from_end[number]) else 0
        least, most = int(links.least_s[number]), int(links.most_s[number])
        pushed[two] = max(pushed[two], starts[one] + offset + least)
        if most != UNLIMITED:
            pushed[one] = max(pushed[one], starts[two] - most - offset)
    return pushed


def judge_links(problem: RoutingProblem, solution: RoutingSolution) -> list[Violation]:
    """Judge who serves linked visits: persons, all or none, no pools."""
    links = problem.links
    if links is None:
        return []
    person = {
        visit: int(links.vehicle_person[route.vehicle])
        for route in solution.routes
        if 0 <= route.vehicle < problem.n_vehicles
        for visit in route.visits
    }
    pooled = {visit for members in solution.pools for visit in members}
    found: list[Violation] = []
    for number in range(links.first.shape[0]):
        one, two = int(links.first[number]), int(links.second[number])
        where = f"link {number} of visits {one} and {two}"
        expected = _find_fault(
            int(links.person[number]), int(links.demands[number]), person.get(one), person.get(two)
        )
        if expected:
            stated = f"persons {person.get(one)} and {person.get(two)}"
            found.append(Violation(ViolationCode.LINK, where, stated, expected))
        if {one, two} & pooled:
            found.append(Violation(ViolationCode.LINK, where, "in a pool", "on routes"))
    return found


def _find_fault(rule: int, demands: int, one: int | None, two: int | None) -> str:
    """Return what is expected of the two persons (None = not served), empty if it holds."""
    if demands == BOTH_OR_NONE and (one is None) != (two is None):
        return "both or none"
    if demands == SECOND_NEEDS_FIRST and two is not None and one is None:
        return "the second only with the first"
    if one is None or two is None:
        return ""
    if rule == SAME_PERSON and one != two:
        return "the same person"
    if rule == TWO_PERSONS and one == two:
        return "two persons"
    return ""
