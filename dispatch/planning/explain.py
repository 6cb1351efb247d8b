"""Why and why not: reasons of unassigned visits, choices of assigned ones, reachable share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dispatch.domain import Choice, Priority, UnassignedVisit
from dispatch.domain.travel_table import NO_WAY
from dispatch.planning import choices
from dispatch.planning.choices import explain_choices
from dispatch.planning.reasons import explain_unassigned
from dispatch.planning.translate import Translation
from dispatch.planning.windows import received_s
from dispatch.standards import get_profile
from solver.errors import SolverUnavailable
from solver.routing.insertion import InsertionRanker
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
    bare = tuple(UnassignedVisit(visit=t.visits[i].id) for i in solution.unassigned)
    if what is False:
        return Explanation(bare, (), ())
    try:
        ranker = InsertionRanker(t.problem, solution)
    except SolverUnavailable:
        return Explanation(bare, (), ("not explained: the compiled core was not built here",))
    reasons = tuple(explain_unassigned(t, solution, i, ranker.rank(i)) for i in solution.unassigned)
    if what == "unassigned":
        return Explanation(reasons, (), ())
    found = explain_choices(t, solution, ranker, TimetableData(t.problem))
    notes = (_left_out_note(found.left_out),) if found.left_out else ()
    return Explanation(reasons, found.choices, notes)


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
    emergencies = [i for i, v in enumerate(t.visits) if v.priority is Priority.EMERGENCY]
    if not emergencies or not t.lines:
        return 0.0 if emergencies else None
    return sum(_reachable(t, i) for i in emergencies) / len(emergencies)


def _reachable(t: Translation, index: int) -> bool:
    visit, problem = t.visits[index], t.problem
    received = received_s(visit, t.clock)
    limit = received + get_profile(t.day.standards).emergency_arrival_s
    allowed = problem.assignment_cost[index] >= 0
    leaves = np.maximum(problem.vehicle_earliest, received)
    at = int(problem.visit_location[index])
    legs = np.array(
        [
            int(problem.durations_s[profile][start, at])
            for profile, start in zip(problem.vehicle_profile, problem.vehicle_start, strict=True)
        ]
    )
    in_time = leaves + legs + visit.access_s <= limit
    on_shift = leaves <= problem.vehicle_latest
    return bool((allowed & (legs != NO_WAY) & in_time & on_shift).any())
