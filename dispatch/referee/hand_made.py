"""Judge a plan of which only the order is given: times, violations, price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dispatch.domain import (
    ContractedService,
    CostBreakdown,
    Day,
    DayPlan,
    Outlet,
    PlanRoute,
    PlanStatus,
    Technician,
    UnassignedVisit,
    Visit,
)
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.allotting import allot
from dispatch.referee.contracted import touches_hours
from dispatch.referee.course import Course, Stretch, settle
from dispatch.referee.eligibility import blocks, service_s
from dispatch.referee.facts import Facts
from dispatch.referee.judge import judge
from dispatch.referee.pickups import Left, can_be_had, find_earliest_date, find_fill, units_left
from dispatch.referee.pricing import price_exactly, round_cost
from dispatch.referee.reading import read_plan
from dispatch.referee.status import allowed_statuses
from dispatch.referee.timing import Call, draft_route
from dispatch.referee.together import Member, Start, Together
from dispatch.referee.verdict import Verdict, Violation
from dispatch.referee.writing import Draft, write_route

Order = Mapping[str | tuple[str, int], Sequence[str]]
"""Visit ids in order by technician id, or by (technician id, shift); ``@O1`` among them is a stop
at outlet O1 to pick up parts. A visit of a crew stands with each of its technicians."""

PICKUP = "@"

ROUNDS = 8
"""Of choosing promises and breaks again while people wait for each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """One shift of an order."""

    technician: Technician
    shift: int
    calls: list[Call]


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
        Visit ids in order by technician id, or by (technician id, shift); ``@O1`` is a stop at
        outlet O1 to pick up parts; the technicians of a crew all name its visit.
    contracted
        Visit ids by contracted outlet.

    Returns
    -------
    tuple[Verdict, DayPlan]
        The judgment, and the plan with its times (ETAs) and its price.
    """
    facts = Facts(day, travel)
    lines, unknown = _known(facts, order)
    draft = _draft(facts, lines, travel, contracted or {})
    cost = round_cost(price_exactly(facts, travel, draft, read_plan(facts, draft)))
    status = allowed_statuses(facts, draft)[0]
    plan = draft.model_copy(update={"cost": cost, "status": status})
    verdict = judge(day, plan, travel)
    return replace(verdict, violations=(*unknown, *verdict.violations)), plan


def _draft(
    facts: Facts, lines: list[Line], travel: TravelTable, contracted: Mapping[str, Sequence[str]]
) -> DayPlan:
    """Return the timed plan, not priced yet."""
    services = tuple(
        service
        for outlet, visits in sorted(contracted.items())
        for service in _services(facts, outlet, visits)
    )
    named = {call.visit.id for line in lines for call in line.calls}
    named |= {visit for service in services for visit in service.visits}
    plan = DayPlan(
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
        routes=_timed(facts, travel, lines),
        contracted=services,
        unassigned=tuple(UnassignedVisit(visit=id_) for id_ in facts.visits if id_ not in named),
    )
    plan = plan.model_copy(update={"routes": allot(facts, plan.routes, read_plan(facts, plan))})
    reads = read_plan(facts, plan)
    left = units_left(facts, reads)
    out = tuple(_left_out(facts, facts.visits[entry.visit], left) for entry in plan.unassigned)
    fill = find_fill(facts, plan, reads)
    return plan.model_copy(update={"part_fill": fill, "unassigned": out})


def _services(facts: Facts, name: str, visits: Sequence[str]) -> list[ContractedService]:
    """Return what a contracted outlet serves, each visit on the first day that has room for it."""
    outlet = facts.outlets.get(name)
    room = outlet.capacity.visits_per_day if outlet is not None and outlet.capacity else 0
    by_day: dict[date, list[str]] = {}
    for one in visits:
        visit = facts.visits.get(one)
        fits = [
            day
            for day in facts.dates
            if outlet is not None and visit is not None and touches_hours(facts, outlet, visit, day)
        ]
        free = [day for day in fits if len(by_day.get(day, ())) < room]
        by_day.setdefault((free or fits or facts.dates)[0], []).append(one)
    several = len(facts.dates) > 1
    return [
        ContractedService(outlet=name, visits=tuple(ids), day=day if several else None)
        for day, ids in sorted(by_day.items())
    ]


def _left_out(facts: Facts, visit: Visit, left: Left) -> UnassignedVisit:
    """Return the visit left out, with the first day its parts could be there if they cannot."""
    missing = bool(visit.parts) and not can_be_had(facts, visit)
    earliest = find_earliest_date(facts, visit, left) if missing else None
    return UnassignedVisit(visit=visit.id, earliest_date=earliest)


def _timed(facts: Facts, travel: TravelTable, lines: list[Line]) -> tuple[PlanRoute, ...]:
    """Return the routes; promises and breaks are chosen again while people wait for each other."""
    used = [line for line in lines if line.calls or _is_out(line.technician, line.shift)]
    crewed = _with_numbers(facts, used)
    together = _together(facts, crewed)
    starts: dict[Start, int] = {}
    drafts: list[Draft] = []
    for _ in range(ROUNDS):
        drafts = [
            draft_route(facts, travel, (line.technician, line.shift), line.calls, starts)
            for line in crewed
        ]
        settled = settle([_course(draft) for draft in drafts], together)
        # Crews and links that nothing can keep are timed as if they were not there.
        bounds = {} if settled is None else together.least(settled)
        if bounds == starts:
            break
        starts = bounds
    settled = settle([_course(draft) for draft in drafts], together)
    bounds = {} if settled is None else together.least(settled)
    return tuple(write_route(facts, travel, draft, bounds) for draft in drafts)


def _course(draft: Draft) -> Course:
    person = draft.technician.id
    stretches = tuple(
        Stretch(
            one.legs, (one.visit.id, person), one.visit.access_s, one.choice.earliest, one.lasts
        )
        for one in draft.served
    )
    return Course(draft.ready, stretches)


def _with_numbers(facts: Facts, lines: list[Line]) -> list[Line]:
    """Give crews their numbers: 1 is the first named technician who may be the first."""
    crews: dict[str, list[Line]] = {}
    for line in lines:
        for call in line.calls:
            if call.visit.crew_size > 1:
                crews.setdefault(call.visit.id, []).append(line)
    numbers: dict[tuple[str, int], int] = {}
    for name, crew in crews.items():
        visit = facts.visits[name]
        able = [
            line
            for line in crew
            if not blocks(line.technician, visit, _date(facts, line), first=True)
        ]
        first = (able or crew)[0]
        order = [first, *(line for line in crew if line is not first)]
        numbers.update({(name, id(line)): n for n, line in enumerate(order, start=1)})
    return [
        replace(
            line,
            calls=[
                replace(call, number=numbers.get((call.visit.id, id(line)), 0))
                for call in line.calls
            ],
        )
        for line in lines
    ]


def _date(facts: Facts, line: Line) -> date:
    return facts.shift_date(line.technician.shifts[line.shift])


def _together(facts: Facts, lines: list[Line]) -> Together:
    members: dict[str, list[Member]] = {}
    for line in lines:
        for call in line.calls:
            lasts = service_s(line.technician, call.visit)
            member = Member(call.visit, line.technician.id, call.number, 0, lasts, lasts)
            members.setdefault(call.visit.id, []).append(member)
    return Together(facts, {name: tuple(crew) for name, crew in members.items()})


def _known(facts: Facts, order: Order) -> tuple[list[Line], list[Violation]]:
    """Split an order into what can be timed and what names nobody.

    Who is out already is on the way, named or not.
    """
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
        calls, unknown = _calls(facts, name, ids)
        found += unknown
        lines.append(Line(technician, shift, calls))
    named = {(line.technician.id, line.shift) for line in lines}
    lines += [
        Line(technician, shift, [])
        for name, technician in facts.technicians.items()
        for shift in range(len(technician.shifts))
        if _is_out(technician, shift) and (name, shift) not in named
    ]
    return lines, found


def _is_out(technician: Technician, shift: int) -> bool:
    return technician.shifts[shift].out_at is not None


def _calls(facts: Facts, name: str, ids: Sequence[str]) -> tuple[list[Call], list[Violation]]:
    calls: list[Call] = []
    found: list[Violation] = []
    points: list[Outlet] = []
    for one in ids:
        outlet = facts.outlets.get(one.removeprefix(PICKUP))
        if one in facts.visits:
            calls.append(Call(facts.visits[one], tuple(points)))
            points = []
        elif not one.startswith(PICKUP):
            found.append(Violation("unknown_visit", one, "a visit of the day", name, one))
        elif outlet is None:
            found.append(Violation("pickup_outlet", one, "an outlet of the day", name))
        else:
            points.append(outlet)
    if points:
        last = ", ".join(outlet.id for outlet in points)
        found.append(Violation("pickup_unused", last, "no pick-up after the last visit", name))
    return calls, found
