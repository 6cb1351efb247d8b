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

NOWHERE = (0, 0)


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
        between, paid_rest, meters = self.drive(line, label)
        stops = [
            *self.rests(label.acts, "start"),
            self.stop("start", NOWHERE, *[label.departure] * 3),
            *between,
            *self.rests(label.acts, "end"),
        ]
        worked = label.back - label.departure - paid_rest
        self.grains["work"] += worked * line.per_second
        self.grains["overtime"] += max(0, label.back - line.end) * line.per_over
        self.grains["travel"] += meters * line.per_meter
        return PlanRoute(
            technician=line.technician.id,
            shift=line.shift,
            outlet=line.technician.outlet,
            start=self.moment(label.departure),
            end=self.moment(label.back),
            stops=tuple(stops),
        )

    def rests(self, acts, where: str) -> list[PlanStop]:
        chosen = [act for act in acts if isinstance(act, Rest) and act.where == where]
        return [self.stop("break", NOWHERE, a.start, a.start, a.end) for a in chosen]

    def drive(self, line, label) -> tuple[list[PlanStop], int, int]:
        """Stops between departure and return, seconds of break among them, meters."""
        acts = [a for a in label.acts if isinstance(a, Served) or a.where in {"here", "next"}]
        places = [a.visit.place for a in acts if isinstance(a, Served)] + [line.end_place]
        pending, free = line.leg(line.start_place, places[0]), label.departure
        stops, paid_rest, meters = [], 0, 0
        for act in acts:
            if isinstance(act, Rest):
                leg = pending if act.where == "next" else NOWHERE
                stops.append(self.stop("break", leg, free + leg[0], act.start, act.end))
                paid_rest, free = paid_rest + act.end - act.start, act.end
                pending = NOWHERE if act.where == "next" else pending
            else:
                leg, free = pending, act.arrival + act.visit.service_s
                stops.append(self.visit(line, act, leg))
                pending = line.leg(places[0], places[1])
                places.pop(0)
            meters += leg[1]
        stops.append(self.stop("end", pending, *[label.back] * 3))
        return stops, paid_rest, meters + pending[1]

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
