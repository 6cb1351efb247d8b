"""Remedies tried out independently: changes and orders by hand, and all of them enumerated."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.domain import Day, DayPlan, Promise, Skill, Stock, Visit
from dispatch.domain.remedy import Remedy
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.clock import horizon_dates
from dispatch.referee import judge, judge_order
from dispatch.referee.verdict import Verdict

Orders = dict[tuple[str, int], list[str]]
WIDER_MIN = (30, 60, 120, 240)
OVERTIME_MIN = (30, 60, 120, 180)


def orders_of(plan: DayPlan) -> Orders:
    """Return who does what in which order; ``@O1`` is a pick-up."""
    return {
        (route.technician, route.shift): [
            f"@{stop.outlet}" if stop.kind == "pickup" else stop.visit or ""
            for stop in route.stops
            if stop.kind in {"pickup", "visit"}
        ]
        for route in plan.routes
    }


def change(items: Sequence[Any], name: str, **fields: Any) -> tuple[Any, ...]:
    return tuple(i.model_copy(update=fields) if i.id == name else i for i in items)


def find(items: Sequence[Any], name: str | None) -> Any:
    return next(item for item in items if item.id == name)


def changed_day(day: Day, remedy: Remedy) -> Day:
    """Take a remedy by hand: what its words say, nothing else."""
    visit: Visit = find(day.visits, remedy.visit)
    match remedy.kind.value:
        case "window":
            return day.model_copy(
                update={"visits": change(day.visits, visit.id, promises=(remedy.wider,))}
            )
        case "overtime":
            person = find(day.technicians, remedy.technician)
            most = person.shifts[remedy.shift].max_overtime_s
            most = person.max_overtime_s if most is None else most
            return longer(day, person.id, remedy.shift, most + 60 * remedy.overtime_min)
        case "skill":
            return skilled(day, remedy.technician or "", visit)
        case "day":
            return another_day(day, visit, remedy.day)
        case "part":
            for need in remedy.parts:
                day = stocked(day, remedy.at or "", need.part, need.quantity)
    return day


def longer(day: Day, name: str, shift: int, most_s: int) -> Day:
    shifts = list(find(day.technicians, name).shifts)
    shifts[shift] = shifts[shift].model_copy(update={"max_overtime_s": most_s})
    return day.model_copy(
        update={"technicians": change(day.technicians, name, shifts=tuple(shifts))}
    )


def skilled(day: Day, name: str, visit: Visit) -> Day:
    held = find(day.technicians, name).skills
    more = tuple(Skill(skill=need.skill, level=need.level) for need in visit.skills)
    return day.model_copy(
        update={"technicians": change(day.technicians, name, skills=(*held, *more))}
    )


def another_day(day: Day, visit: Visit, when: Any) -> Day:
    """On that day at the times that were promised for another."""
    promises: list[Promise] = []
    for promise in visit.promises:
        earliest, latest = promise.window()
        gap = when - earliest.astimezone(ZoneInfo(day.zone)).date()
        promises.append(Promise(id=promise.id, earliest=earliest + gap, latest=latest + gap))
    fields = {"promises": tuple(promises), "days": (when,)}
    return day.model_copy(update={"visits": change(day.visits, visit.id, **fields)})


def stocked(day: Day, at: str, part: str, units: int) -> Day:
    more = Stock(part=part, quantity=units)
    if any(person.id == at for person in day.technicians):
        have = find(day.technicians, at).van_stock
        fields = {"technicians": change(day.technicians, at, van_stock=(*have, more))}
    else:
        have = find(day.outlets, at).stock
        fields = {"outlets": change(day.outlets, at, stock=(*have, more))}
    return day.model_copy(update=fields)


def taken(day: Day, table: TravelTable, plan: DayPlan, remedy: Remedy) -> tuple[Verdict, DayPlan]:
    """Time and judge the plan with a remedy taken by hand."""
    orders = orders_of(plan)
    orders.update({(r.technician, r.shift): list(r.order) for r in remedy.routes})
    # Whoever is named first is the first of a crew.
    orders = dict(sorted(orders.items(), key=lambda item: item[0][0] != remedy.server))
    outlets: dict[str, list[str]] = {}
    for service in plan.contracted:
        outlets.setdefault(service.outlet, []).extend(service.visits)
    for outlet, visits in remedy.outlets:
        known = outlets.setdefault(outlet, [])
        known.extend(one for one in visits if one not in known)
    return judge_order(changed_day(day, remedy), orders, table, contracted=outlets)


def fault_of(
    day: Day, table: TravelTable, plan: DayPlan, remedy: Remedy, made: DayPlan
) -> str | None:
    """Return what is wrong with the plan a remedy leads to, None if it does what it says.

    The day is changed by hand and the referee judges every stop of the plan; what the remedy does
    not name is as it was.
    """
    verdict = judge(changed_day(day, remedy), made, table)
    if not verdict.ok:
        return verdict.violations[0].text
    if not is_served(made, remedy.visit):
        return "the visit is left out all the same"
    if verdict.cost.total - plan.cost.total != remedy.plan_fen:
        return f"costs {verdict.cost.total - plan.cost.total} more, not {remedy.plan_fen}"
    named = {(route.technician, route.shift): list(route.order) for route in remedy.routes}
    wanted = {key: order for key, order in {**orders_of(plan), **named}.items() if order}
    if {key: order for key, order in orders_of(made).items() if order} != wanted:
        return "another route changes, too"
    return None


def can_be_timed_by_hand(day: Day, plan: DayPlan, remedy: Remedy) -> bool:
    """Return whether an order says all: who is first of a crew, which batch, which day it does not.

    Where people wait for each other promises are chosen person by person by hand.
    """
    orders = [*orders_of(plan).values(), *(list(route.order) for route in remedy.routes)]
    served = {one for order in orders for one in order}
    tied = any((v.crew_size > 1 or v.links) and v.id in served for v in day.visits)
    several = len(horizon_dates(day)) > 1
    units = any(one.startswith("@") for one in served)
    return not tied and not (several and (units or remedy.contracted or plan.contracted))


def is_served(plan: DayPlan, visit: str) -> bool:
    return visit not in {entry.visit for entry in plan.unassigned}


@dataclass
class Enumerator:
    """Every change of the listed kinds on a grid, the visit at every place of every route."""

    day: Day
    table: TravelTable
    plan: DayPlan

    def finds(self, name: str) -> str | None:
        """Return the first kind of change with which the visit fits somewhere, None if none."""
        visit = find(self.day.visits, name)
        for kind, day in self._changes(visit):
            if self._fits(day, orders_of(self.plan), name):
                return kind
        return "move" if self._moves(name) else None

    def _changes(self, visit: Visit) -> Iterator[tuple[str, Day]]:
        yield "nothing", self.day
        yield from self._of_people(visit)
        yield from self._of_parts(visit)
        pinned = bool(visit.pin and visit.pin.arrival)
        if not pinned and visit.promises:
            for minutes in WIDER_MIN:
                wider = tuple(_wider(promise, minutes) for promise in visit.promises)
                fields = {"visits": change(self.day.visits, visit.id, promises=wider)}
                yield "window", self.day.model_copy(update=fields)
        if not pinned and (visit.promises or visit.days):
            for when in horizon_dates(self.day):
                yield "day", another_day(self.day, visit, when)

    def _of_people(self, visit: Visit) -> Iterator[tuple[str, Day]]:
        for person in self.day.technicians:
            yield "skill", skilled(self.day, person.id, visit)
            for (number, shift), more in itertools.product(enumerate(person.shifts), OVERTIME_MIN):
                most = shift.max_overtime_s
                most = person.max_overtime_s if most is None else most
                yield "overtime", longer(self.day, person.id, number, most + 60 * more)

    def _of_parts(self, visit: Visit) -> Iterator[tuple[str, Day]]:
        outlets = (outlet for outlet in self.day.outlets if not outlet.capacity)
        for at in (*self.day.technicians, *outlets) if visit.parts else ():
            day = self.day
            for need in visit.parts:
                day = stocked(day, at.id, need.part, need.quantity)
            yield "part", day

    def _fits(self, day: Day, orders: Orders, name: str) -> bool:
        outlets = {service.outlet: list(service.visits) for service in self.plan.contracted}
        for order in self._places(day, orders, name):
            verdict, plan = judge_order(day, order, self.table, contracted=outlets)
            if verdict.ok and is_served(plan, name):
                return True
        for outlet in day.outlets:
            if outlet.capacity:
                more = {**outlets, outlet.id: [*outlets.get(outlet.id, []), name]}
                if judge_order(day, orders, self.table, contracted=more)[0].ok:
                    return True
        return False

    def _places(self, day: Day, orders: Orders, name: str) -> Iterator[Orders]:
        """Yield the visit at every place, also after a pick-up right before it."""
        stops: list[list[str]] = [[name]]
        if find(day.visits, name).parts:
            stops += [[f"@{outlet.id}", name] for outlet in day.outlets if not outlet.capacity]
        for person in day.technicians:
            for number in range(len(person.shifts)):
                route = orders.get((person.id, number), [])
                for place, added in itertools.product(range(len(route) + 1), stops):
                    yield {**orders, (person.id, number): [*route[:place], *added, *route[place:]]}

    def _somebody(self, name: str) -> bool:
        """Return whether anybody could serve the visit who had nothing else to do."""
        visit = find(self.day.visits, name)
        if visit.crew_size > 1 or visit.links:
            return True
        for order in self._places(self.day, {}, name):
            verdict, _ = judge_order(self.day, order, self.table)
            if not any(broken.visit == name for broken in verdict.violations):
                return True
        return False

    def _moves(self, name: str) -> bool:
        orders = orders_of(self.plan)
        if not self._somebody(name):
            return False
        crews = {visit.id for visit in self.day.visits if visit.crew_size > 1}
        served = [one for route in orders.values() for one in route if one[0] != "@"]
        for moved in served:
            if moved in crews:
                continue
            without = {key: [v for v in route if v != moved] for key, route in orders.items()}
            for there in self._places(self.day, without, moved):
                if there != orders and self._fits(self.day, there, name):
                    return True
        return False


def _wider(promise: Promise, minutes: int) -> Promise:
    earliest, latest = promise.window()
    more = timedelta(minutes=minutes)
    return Promise(id=promise.id, earliest=earliest - more, latest=latest + more)
