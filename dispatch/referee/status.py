"""The status and the other words on the cover of a plan."""

from __future__ import annotations

from dispatch.domain import DayPlan, PlanStatus
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.facts import Facts
from dispatch.referee.promises import is_emergency
from dispatch.referee.verdict import Violation


def allowed_statuses(facts: Facts, plan: DayPlan) -> tuple[PlanStatus, ...]:
    """Return the statuses that fit what is unassigned, the plainest first.

    A day of which nothing is served may also be called infeasible; an optional visit left out
    because it is not worth it breaks nothing, so such a day may be called feasible.
    """
    left = [facts.visits[e.visit] for e in plan.unassigned if e.visit in facts.visits]
    nothing = not plan.routes and not plan.contracted
    if any(is_emergency(visit) for visit in left):
        fits: tuple[PlanStatus, ...] = (PlanStatus.EMERGENCY_UNSERVED,)
    elif any(visit.mandatory for visit in left):
        fits = (PlanStatus.HAS_UNASSIGNED,)
    elif left:
        fits = (PlanStatus.HAS_UNASSIGNED, PlanStatus.FEASIBLE)
    else:
        fits = (PlanStatus.FEASIBLE,)
    if nothing and (left or plan.quarantined):
        fits = (*fits, PlanStatus.INFEASIBLE_INPUT)
    return fits


def check_cover(
    facts: Facts, plan: DayPlan, travel: TravelTable, travel_hash: str
) -> list[Violation]:
    """Return what the cover of the plan misstates: day, status, source of travel."""
    found: list[Violation] = []
    if plan.day != facts.day.id:
        found.append(Violation("wrong_day", plan.day, facts.day.id))
    fits = allowed_statuses(facts, plan)
    if plan.status not in fits:
        expected = " or ".join(status.value for status in fits)
        found.append(Violation("status_wrong", plan.status.value, expected))
    if plan.estimated_travel != travel.estimated:
        said, true = str(plan.estimated_travel), str(travel.estimated)
        found.append(Violation("estimated_flag", said, true))
    if travel_hash and plan.travel_hash and plan.travel_hash != travel_hash:
        found.append(Violation("wrong_travel", plan.travel_hash, travel_hash))
    return found
