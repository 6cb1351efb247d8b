"""Why and why not: reasons of unassigned visits, choices of assigned ones, reachable share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from dispatch.domain import Choice, Priority, UnassignedVisit, Visit
from dispatch.planning import choices
from dispatch.planning.choices import explain_choices
from dispatch.planning.drive import find_drive_s
from dispatch.planning.reasons import explain_unassigned
from dispatch.planning.seats import Seat, linked_ids
from dispatch.planning.standing import Standing
from dispatch.planning.translate import Translation
from dispatch.planning.windows import received_s
from dispatch.standards import get_profile
from solver.errors import SolverUnavailable
from solver.routing.insertion import InsertionRanker
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution
from solver.routing.timetable import TimetableData

Explain = bool | Literal["unassigned"]
"""What to explain: everything, nothing, or only the unassigned visits."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a plan says about itself."""

    unassigned: tuple[UnassignedVisit, ...]
    choices: tuple[Choice, ...]
    notes: tuple[str, ...]


def explain(t: Translation, solution: RoutingSolution, what: Explain) -> Explanation:
    """Explain a solution.

    Parameters
    ----------
    what
        True: reasons of every unassigned visit and the choice for every assigned one (bounded by
        ``choices.MAX_CHOICE_PAIRS``; a note says how many were left out). ``"unassigned"``: no
        choices. False: the unassigned visits are listed without reasons.

    Returns
    -------
    Explanation
        Everything by visit id. Where the compiled core is missing nothing can be ranked; a note
        says so.
    """
    left_out = t.once(solution.unassigned)
    standing = Standing(t, solution)
    bare = tuple(
        UnassignedVisit(visit=t.visits[i].id, earliest_date=standing.earliest_date(t.visits[i]))
        for i in left_out
    )
    if what is False:
        return Explanation(bare, (), ())
    in_the_way = unranked_features(t.problem)
    try:
        ranker = InsertionRanker(t.problem, solution)
    except SolverUnavailable:
        return Explanation(bare, (), ("not explained: the compiled core was not built here",))
    linked = linked_ids(t.day.visits)
    reasons = tuple(
        explain_unassigned(
            t,
            solution,
            i,
            None if _waits(t.visits[i], linked) else ranker.rank(i),
            standing,
            is_exact=not in_the_way,
        )
        for i in left_out
    )
    if what == "unassigned":
        return Explanation(reasons, (), ())
    if in_the_way:
        return Explanation(reasons, (), (_unranked_note(in_the_way),))
    found = explain_choices(t, solution, ranker, TimetableData(t.problem))
    notes = (_left_out_note(found.left_out),) if found.left_out else ()
    return Explanation(reasons, found.choices, notes)


_FEATURES = {"links": "crews or links", "fair_shares": "fair shares"}
"""Features with which insertions are not ranked exactly, in words."""


def _waits(visit: Visit, linked: Collection[str]) -> bool:
    """Return whether a visit's start depends on others."""
    return visit.crew_size > 1 or visit.id in linked


def unranked_features(problem: RoutingProblem) -> tuple[str, ...]:
    """Return, in words, what keeps insertions from being ranked exactly; empty if they are."""
    return tuple(words for name, words in _FEATURES.items() if getattr(problem, name) is not None)


def _unranked_note(in_the_way: tuple[str, ...]) -> str:
    return f"choices are left out: they are not worked out on days with {' and '.join(in_the_way)}"


def _left_out_note(left_out: int) -> str:
    return (
        f"choices of {left_out} assigned visits (the last by id) are not explained:"
        f" visits times shifts exceed {choices.MAX_CHOICE_PAIRS}"
    )


def reachable_share(t: Translation) -> float | None:
    """Return the share of emergencies that somebody could have reached in time (CARD-E15).

    Somebody is a technician no rule keeps off the visit who leaves the *start place* when the
    request comes in, or when the shift (and the outlet) opens if that is later, but not after the
    shift ends, and is at the door, access time included, within 15 minutes of the request. Other
    work is not looked at: the share says what the network could do at best from its bases.

    Returns
    -------
    float or None
        0 to 1; None without emergencies.
    """
    emergencies = [i for i, seat in enumerate(t.seats) if _is_emergency(seat)]
    if not emergencies or not t.lines:
        return 0.0 if emergencies else None
    return sum(_reachable(t, i) for i in emergencies) / len(emergencies)


def _is_emergency(seat: Seat) -> bool:
    return seat.visit.priority is Priority.EMERGENCY and seat.member == 0


def _reachable(t: Translation, index: int) -> bool:
    visit, problem = t.visits[index], t.problem
    received = received_s(visit, t.clock)
    limit = received + get_profile(t.day.standards).emergency_arrival_s
    for vehicle, line in enumerate(t.lines):
        leaves = max(line.earliest, received)
        if problem.assignment_cost[index, vehicle] < 0 or leaves > line.latest:
            continue
        leg = find_drive_s(t.table, line.technician.profile, line.start, visit.place, leaves)
        if leg is not None and leaves + leg + visit.access_s <= limit:
            return True
    return False
