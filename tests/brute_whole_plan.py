"""Write what the exhaustive search of a whole day found as a plan, with its own price list."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from dispatch.domain import (
    ContractedService,
    CostBreakdown,
    DayPlan,
    PartFill,
    PartNeed,
    PlanRoute,
    PlanStatus,
    PlanStop,
    UnassignedVisit,
)
from tests.brute_rules import GRAIN
from tests.brute_whole import Whole
from tests.brute_whole_rules import WholeRules
from tests.brute_whole_shift import Done, Route


def write(rules: WholeRules, best: Whole) -> DayPlan:
    """Return the plan of an optimum."""
    visits = list(rules.day.visits)
    left = [visits[i] for i in best.left]
    status = PlanStatus.HAS_UNASSIGNED if left else PlanStatus.FEASIBLE
    if any(visit.priority == "emergency" for visit in left):
        status = PlanStatus.EMERGENCY_UNSERVED
    grains = {name: best.grains[name] for name in CostBreakdown.model_fields if name != "total"}
    fen = {name: math.floor(Fraction(g, GRAIN) + Fraction(1, 2)) for name, g in grains.items()}
    used = _used(best)
    several = len(rules.dates) > 1
    return DayPlan(
        status=status,
        day=rules.day.id,
        seed=0,
        iterations=0,
        runtime_s=0.0,
        engine="brute force",
        stopped_by="everything tried",
        estimated_travel=rules.table.estimated,
        cost=CostBreakdown(**fen, total=sum(fen.values())),
        routes=tuple(_route(rules, route) for _, own in best.routes for route in own),
        contracted=tuple(
            ContractedService(
                outlet=outlet.id,
                visits=tuple(visits[i].id for i in members),
                day=when if several else None,
            )
            for outlet, when, members in best.services
        ),
        unassigned=tuple(
            UnassignedVisit(visit=visit.id, earliest_date=_earliest(rules, best, visit, used))
            for visit in left
        ),
        part_fill=_fill(rules, best),
    )


def _route(rules: WholeRules, route: Route) -> PlanRoute:
    person = route.shift.technician
    return PlanRoute(
        technician=person.id,
        shift=route.shift.number,
        outlet=person.outlet,
        start=rules.day.horizon_start + timedelta(seconds=route.leaves),
        end=rules.day.horizon_start + timedelta(seconds=route.back),
        stops=tuple(_stop(rules, route, one) for one in route.done),
    )


def _stop(rules: WholeRules, route: Route, one: Done) -> PlanStop:
    def moment(second: int):
        return rules.day.horizon_start + timedelta(seconds=second)

    kind = {"leave": "start", "home": "end", "rest": "break", "pick": "pickup"}
    more: dict = {}
    if one.act.kind == "pick":
        outlet, _, units = one.act.what
        more = {"outlet": outlet.id, "parts": _needs(Counter(units))}
    if one.act.kind == "visit":
        visit, member = one.act.what, one.act.seat[1]
        home = next((o for o in rules.day.outlets if o.id == route.shift.technician.outlet), None)
        outlet, beyond = rules.beyond(visit, home)
        due = one.act.way.due
        more = {
            "visit": visit.id,
            "promise": one.act.way.name,
            "lateness_s": 0 if due is None else max(0, one.arrival - due),
            "outlet": outlet.id if outlet else None,
            "beyond_radius_m": 0 if member else beyond,
            "parts": () if member else visit.parts,
            "crew": member + 1 if visit.crew_size > 1 else 0,
        }
    return PlanStop(
        kind=kind.get(one.act.kind, "visit"),
        leg_s=one.leg[0],
        leg_m=one.leg[1],
        reached=moment(one.reached),
        arrival=moment(one.arrival),
        start=moment(one.start),
        end=moment(one.end),
        **more,
    )


def _needs(units: Counter) -> tuple[PartNeed, ...]:
    return tuple(PartNeed(part=part, quantity=count) for part, count in sorted(units.items()))


def _taken(best: Whole) -> Counter:
    """Units by (outlet, part)."""
    found: Counter = Counter()
    for _, own in best.routes:
        for route in own:
            for one in route.done:
                for part, units in one.act.what[2].items() if one.act.kind == "pick" else ():
                    found[one.act.what[0].id, part] += units
    return found


def _used(best: Whole) -> Counter:
    """Units gone by (van or outlet, part)."""
    found: Counter = Counter()
    for person, own in best.routes:
        for route in own:
            for one in route.done:
                if one.act.kind == "visit" and one.act.seat[1] == 0:
                    for need in one.act.what.parts:
                        found["van " + person.id, need.part] += need.quantity
                if one.act.kind == "pick":
                    for part, units in one.act.what[2].items():
                        found["van " + person.id, part] -= units
    found.update({("at " + outlet, part): n for (outlet, part), n in _taken(best).items()})
    return found


def _fill(rules: WholeRules, best: Whole) -> PartFill | None:
    needed = sum(need.quantity for visit in rules.day.visits for need in visit.parts)
    if not needed:
        return None
    picked = sum(_taken(best).values())
    visits = list(rules.day.visits)
    out = sum(need.quantity for i in best.left for need in visits[i].parts)
    own = sum(n.quantity for _, _, ids in best.services for i in ids for n in visits[i].parts)
    van = needed - out - own - picked
    return PartFill(needed=needed, from_van=van, picked_up=picked, missing=out)


def _earliest(rules: WholeRules, best: Whole, visit, used: Counter) -> date | None:
    """Return the first day on which all parts are left somewhere; None if they are there now."""
    days = []
    places = [("van " + t.id, t.van_stock) for t in rules.day.technicians]
    places += [("at " + o.id, o.stock) for o in rules.day.outlets if o.capacity is None]
    for need in visit.parts:
        found = [
            max(stock.available_on or rules.dates[0], rules.dates[0])
            for name, stocks in places
            for stock in stocks
            if stock.part == need.part and stock.quantity - used[name, need.part] >= need.quantity
        ]
        if not found:
            return None
        days.append(min(found))
    latest = max(days, default=None)
    last = max({*rules.dates} & {*(visit.days or rules.dates)}, default=rules.dates[-1])
    return latest if latest is not None and latest > last else None
