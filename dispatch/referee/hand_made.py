"""Judge a plan of which only the order is given: times, violations, price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dispatch.domain import (
    ContractedService,
    CostBreakdown,
    Day,
    DayPlan,
    PlanStatus,
    Technician,
    UnassignedVisit,
    Visit,
)
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.facts import Facts
from dispatch.referee.judge import judge
from dispatch.referee.status import allowed_statuses
from dispatch.referee.timing import timed_plan
from dispatch.referee.verdict import Verdict, Violation

Order = Mapping[str | tuple[str, int], Sequence[str]]
"""Visit ids in order by technician id, or by (technician id, shift)."""

Line = tuple[Technician, int, list[Visit]]


def judge_order(
    day: Day,
    order: Order,
    travel: TravelTable,
    *,
    contracted: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Verdict, DayPlan]:
    """Time a hand-made order and judge it; the order is never changed.

    Promises and places of breaks are chosen as cheaply as the order allows
    (``dispatch.referee.timing``). An order that cannot be kept is timed anyway and every rule it
    breaks is reported. Visits named nowhere are unassigned.

    Parameters
    ----------
    order
        Visit ids in order by technician id, or by (technician id, shift).
    contracted
        Visit ids by contracted outlet.

    Returns
    -------
    tuple[Verdict, DayPlan]
        The judgment, and the plan with its times (ETAs) and its price.
    """
    facts = Facts(day)
    lines, unknown = _known(facts, order)
    draft = _draft(facts, lines, travel, contracted or {})
    cost = judge(day, draft, travel).cost
    status = allowed_statuses(facts, draft)[0]
    plan = draft.model_copy(update={"cost": cost, "status": status})
    verdict = judge(day, plan, travel)
    return replace(verdict, violations=(*unknown, *verdict.violations)), plan


def _draft(
    facts: Facts, lines: list[Line], travel: TravelTable, contracted: Mapping[str, Sequence[str]]
) -> DayPlan:
    """Return the timed plan, not priced yet."""
    services = tuple(
        ContractedService(outlet=outlet, visits=tuple(visits))
        for outlet, visits in sorted(contracted.items())
        if visits
    )
    named = {visit.id for _, _, visits in lines for visit in visits}
    named |= {visit for service in services for visit in service.visits}
    return DayPlan(
        status=PlanStatus.FEASIBLE,
        day=facts.day.id,
        seed=0,
        iterations=0,
        runtime_s=0.0,
        engine="by hand",
        stopped_by="by hand",
        estimated_travel=travel.estimated,
        travel=travel.description,
        cost=CostBreakdown(),
        routes=timed_plan(facts, travel, lines),
        contracted=services,
        unassigned=tuple(UnassignedVisit(visit=id_) for id_ in facts.visits if id_ not in named),
    )


def _known(facts: Facts, order: Order) -> tuple[list[Line], list[Violation]]:
    """Split an order into what can be timed and what names nobody."""
    lines: list[Line] = []
    found: list[Violation] = []
    for key, ids in order.items():
        name, shift = (key, 0) if isinstance(key, str) else key
        technician = facts.technicians.get(name)
        if technician is None:
            found.append(Violation("unknown_technician", name, "a technician of the day", name))
            continue
        if not 0 <= shift < len(technician.shifts):
            expected = f"0 to {len(technician.shifts) - 1}"
            found.append(Violation("unknown_shift", str(shift), expected, name))
            continue
        found += [
            Violation("unknown_visit", visit, "a visit of the day", name, visit)
            for visit in ids
            if visit not in facts.visits
        ]
        lines.append((technician, shift, [facts.visits[i] for i in ids if i in facts.visits]))
    return lines, found
