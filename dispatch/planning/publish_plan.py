"""The plan of a day as people and programs read it."""

from __future__ import annotations

from dispatch.domain import CostBreakdown, Day, DayPlan, PlanStatus, Priority, QuarantinedVisit
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.explain import Explanation, reachable_share
from dispatch.planning.objective import MANDATORY_WEIGHT
from dispatch.planning.price import price
from dispatch.planning.publish import publish_contracted, publish_part_fill, publish_routes
from dispatch.planning.translate import Translation
from dispatch.planning.travel import travel_digest
from solver.routing.solution import RoutingSolution
from solver.status import StoppedBy


def publish_plan(
    t: Translation,
    solution: RoutingSolution,
    explanation: Explanation,
    aside: tuple[QuarantinedVisit, ...] = (),
) -> DayPlan:
    """Return the plan of a day.

    Parameters
    ----------
    t, solution, explanation
        The day, what was found for it, and why.
    aside
        Visits set aside, by id.
    """
    left_out = [t.visits[i] for i in solution.unassigned]
    if any(visit.priority is Priority.EMERGENCY for visit in left_out):
        status = PlanStatus.EMERGENCY_UNSERVED
    elif left_out:
        status = PlanStatus.HAS_UNASSIGNED
    else:
        status = PlanStatus.FEASIBLE if t.visits or not aside else PlanStatus.INFEASIBLE_INPUT
    return DayPlan(
        status=status,
        day=t.day.id,
        seed=solution.seed,
        iterations=solution.iterations,
        runtime_s=solution.runtime_s,
        engine=solution.engine,
        stopped_by=solution.stopped_by.value,
        estimated_travel=t.table.estimated,
        travel=t.table.description,
        travel_hash=travel_digest(t.table),
        cost=price(t, solution),
        routes=publish_routes(t, solution),
        contracted=publish_contracted(t, solution),
        unassigned=explanation.unassigned,
        quarantined=aside,
        choices=explanation.choices,
        reachable_emergencies=reachable_share(t),
        part_fill=publish_part_fill(t, solution),
        notes=(*_weight_notes(t), *explanation.notes),
    )


def _weight_notes(t: Translation) -> tuple[str, ...]:
    if t.weight == MANDATORY_WEIGHT:
        return ()
    weights = f"{t.weight} times their price in the search, not {MANDATORY_WEIGHT}"
    return (f"visits that must not be left out weigh {weights}: costs would leave 64 bits",)


def empty_plan(
    day: Day, table: TravelTable, aside: tuple[QuarantinedVisit, ...], seed: int
) -> DayPlan:
    """Return the plan of a day without a single place left."""
    return DayPlan(
        status=PlanStatus.INFEASIBLE_INPUT if aside else PlanStatus.FEASIBLE,
        day=day.id,
        seed=seed,
        iterations=0,
        runtime_s=0.0,
        engine="none",
        stopped_by=StoppedBy.EXHAUSTED.value,
        estimated_travel=table.estimated,
        travel=table.description,
        travel_hash=travel_digest(table),
        cost=CostBreakdown(),
        quarantined=aside,
    )
