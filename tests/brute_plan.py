"""Write what the exhaustive search found as a plan, with its own price list."""

from __future__ import annotations

import math
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from dispatch.domain import (
    ContractedService,
    CostBreakdown,
    DayPlan,
    Outlet,
    PlanRoute,
    PlanStatus,
    PlanStop,
    UnassignedVisit,
    Visit,
)
from tests.brute_rules import GRAIN, Rules, Way


class Rest(NamedTuple):
    """A break: which, from, to, and where (start, here, next, end)."""

    number: int
    start: int
    end: int
    where: str


class Served(NamedTuple):
    """A visit: under which promise, reached and arrived at when."""

    visit: Visit
    way: Way
    reached: int
    arrival: int


class Writer:
    """Builds the stops and adds up the price, component by component, in grains."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.grains = dict.fromkeys((n for n in CostBreakdown.model_fields if n != "total"), 0)

    def moment(self, second: int):
        return self.rules.day.horizon_start + timedelta(seconds=second)

    def stop(self, kind: str, leg, reached: int, arrival: int, end: int, **more) -> PlanStop:
        clock = self.moment(arrival)
        return PlanStop(
            kind=kind,
            leg_s=leg[0],
            leg_m=leg[1],
            reached=self.moment(reached),
            arrival=clock,
            start=clock,
            end=self.moment(end),
            **more,
        )

    def route(self, line, label) -> PlanRoute:
        acts, nowhere = label.acts, (0, 0)
        stops = [
            self.stop("break", nowhere, a.start, a.start, a.end)
            for a in acts
            if isinstance(a, Rest) and a.where == "start"
        ]
        stops.append(self.stop("start", nowhere, *[label.departure] * 3))
        place, free, paid_breaks, meters = line.start_place, label.departure, 0, 0
        between = [a for a in acts if isinstance(a, Served) or a.where in {"here", "next"}]
        targets = [a.visit.place for a in between if isinstance(a, Served)]
        pending = line.leg(place, targets[0])
        for act in between:
            if isinstance(act, Rest):
                leg = pending if act.where == "next" else nowhere
                stops.append(self.stop("break", leg, free + leg[0], act.start, act.end))
                paid_breaks += act.end - act.start
            else:
                leg = pending
                stops.append(self.visit(line, act, leg))
                place = targets.pop(0)
                following = targets[0] if targets else line.end_place
            meters += leg[1]
            if isinstance(act, Served):
                pending = line.leg(place, following)
            elif act.where == "next":
                pending = nowhere
            free = stops[-1].end
            free = round((free - self.rules.day.horizon_start).total_seconds())
        stops.append(self.stop("end", pending, *[label.back] * 3))
        stops += [
            self.stop("break", nowhere, a.start, a.start, a.end)
            for a in acts
            if isinstance(a, Rest) and a.where == "end"
        ]
        worked = label.back - label.departure - paid_breaks
        self.grains["work"] += worked * line.per_second
        self.grains["overtime"] += max(0, label.back - line.end) * line.per_over
        self.grains["travel"] += (meters + pending[1]) * line.per_meter
        return PlanRoute(
            technician=line.technician.id,
            shift=line.shift,
            outlet=line.technician.outlet,
            start=self.moment(label.departure),
            end=self.moment(label.back),
            stops=tuple(stops),
        )

    def visit(self, line, act: Served, leg) -> PlanStop:
        rules, visit, person = self.rules, act.visit, line.technician
        home = next((o for o in rules.day.outlets if o.id == person.outlet), None)
        outlet, beyond = rules.beyond(visit, home)
        name = "emergency_arrival" if act.way.name == "arrival" else "lateness"
        self.grains[name] += rules.late(act.way, act.arrival)
        radius = rules.radius_price(visit, home)
        self.grains["beyond_radius"] += radius
        wished = bool(visit.preferred) and person.id not in visit.preferred
        other = bool(visit.last_technician) and visit.last_technician != person.id
        wish, last = rules.prices.not_preferred * wished, rules.prices.not_last_technician * other
        self.grains["not_preferred"] += wish * GRAIN
        self.grains["not_last_technician"] += last * GRAIN
        fit = rules.fit_price(person, visit) - radius - (wish + last) * GRAIN
        self.grains["over_qualified"] += fit
        late = 0 if act.way.due is None else max(0, act.arrival - act.way.due)
        return self.stop(
            "visit",
            leg,
            act.reached,
            act.arrival,
            act.arrival + visit.service_s,
            visit=visit.id,
            promise=act.way.name,
            lateness_s=late,
            outlet=outlet.id if outlet else None,
            beyond_radius_m=beyond,
        )

    def service(self, outlet: Outlet, ids: list[str]) -> ContractedService:
        visits = [visit for visit in self.rules.day.visits if visit.id in ids]
        for visit in visits:
            price = outlet.capacity.price_fen * GRAIN
            radius = self.rules.radius_price(visit, outlet)
            self.grains["contracted"] += price
            self.grains["beyond_radius"] += radius
            late = self.rules.contract_price(outlet, visit) - price - radius
            self.grains["emergency_arrival"] += late
        return ContractedService(outlet=outlet.id, visits=tuple(ids))

    def cost(self, left: list[Visit]) -> CostBreakdown:
        self.grains["unassigned"] = sum(self.rules.penalty(visit)[1] for visit in left)
        half = Fraction(1, 2)
        fen = {name: math.floor(Fraction(g, GRAIN) + half) for name, g in self.grains.items()}
        return CostBreakdown(**fen, total=sum(fen.values()))


def write_plan(rules: Rules, choices: tuple, left: list[Visit]) -> DayPlan:
    """Return the plan of (line, route) and (outlet, visit ids) pairs."""
    writer = Writer(rules)
    services = [writer.service(*c) for c in choices if isinstance(c[0], Outlet)]
    routes = [writer.route(*c) for c in choices if not isinstance(c[0], Outlet)]
    status = PlanStatus.HAS_UNASSIGNED if left else PlanStatus.FEASIBLE
    if any(visit.priority == "emergency" for visit in left):
        status = PlanStatus.EMERGENCY_UNSERVED
    return DayPlan(
        status=status,
        day=rules.day.id,
        seed=0,
        iterations=0,
        runtime_s=0.0,
        engine="brute force",
        stopped_by="everything tried",
        estimated_travel=rules.table.estimated,
        cost=writer.cost(left),
        routes=tuple(routes),
        contracted=tuple(services),
        unassigned=tuple(UnassignedVisit(visit=visit.id) for visit in left),
    )
