"""A planned day against the clauses it can be held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from dispatch.domain import Day, DayPlan, PlanStop, Priority, Promise, Visit
from dispatch.domain.base import Model
from dispatch.standards.clause import Clause
from dispatch.standards.outlets import check_outlets
from dispatch.standards.parts import count_units, find_sent_without, waits, workdays_until
from dispatch.standards.profile import Profile, get_profile
from dispatch.standards.radius import (
    find_fixed_outlet,
    nearest_outlet,
    radius_zone,
    service_radius_m,
    straight_m,
)


class ClauseFinding(Model):
    """What a day shows under one clause.

    Attributes
    ----------
    measured
        In the unit of the clause, or the share in percent; None where the day has no case.
    met
        None where the day has no case.
    good, of
        How many cases meet the clause, of how many.
    failing
        Ids of the visits or outlets that do not.
    note_zh, note_en
        What was counted.
    """

    clause: Clause
    measured: float | None
    met: bool | None
    good: int
    of: int
    failing: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""


def audit_day(day: Day, plan: DayPlan) -> tuple[ClauseFinding, ...]:
    """Hold a planned day against the clauses of its profile.

    Parameters
    ----------
    day
        The raw day; its ``standards`` names the profile.
    plan
        Its plan. An unassigned visit is a broken promise; a quarantined one is not counted.

    Returns
    -------
    tuple of ClauseFinding
        Arrivals inside the promise (T259-9-d), deviation from the agreed time (T259-8.3-a),
        emergency arrivals (CARD-E15), service radius (T259-7.2-a), outlet days and hours
        (T259-7.2-b), certificates (T259-7.1-a), fill rate of parts at the first visit (T259-7.3-a),
        days until missing parts are there (T259-7.3-b), no visit without its parts (T259-8.4).
    """
    profile = get_profile(day.standards)
    served = _Served(day, plan)
    return (
        _on_time(profile, served),
        _deviation(profile, served),
        _emergencies(profile, served),
        _radius(profile, served, "urban"),
        _radius(profile, served, "suburban"),
        *_outlets(profile, day),
        _certificates(profile, served),
        _fill_rate(profile, served),
        _parts_on_order(profile, served),
        _parts_traced(profile, served),
    )


class _Served:
    """Who serves which visit, and when, looked up once."""

    def __init__(self, day: Day, plan: DayPlan) -> None:
        self.day, self.plan = day, plan
        aside = {q.visit for q in plan.quarantined}
        self.visits = sorted((v for v in day.visits if v.id not in aside), key=lambda v: v.id)
        self.stops: dict[str, PlanStop] = {}
        """The stop of a visit; of a crew that of its first technician."""
        self.crews: dict[str, list[tuple[PlanStop, str, date]]] = {}
        """Every stop of a visit, with the technician and the day of the shift."""
        zone = ZoneInfo(day.zone)
        for route in plan.routes:
            when = max(day.date, route.start.astimezone(zone).date())
            for stop in route.stops:
                if stop.visit is not None:
                    self.crews.setdefault(stop.visit, []).append((stop, route.technician, when))
                    if stop.crew <= 1:
                        self.stops[stop.visit] = stop
        self.contracted = {v: c.outlet for c in plan.contracted for v in c.visits}

    def all_on_time(self, visit: Visit) -> bool:
        """Say whether a visit is served and nobody of its crew is late."""
        stops = self.crews.get(visit.id, [])
        return bool(stops) and all(stop.lateness_s == 0 for stop, _, _ in stops)

    def outlet_id(self, visit: Visit) -> str | None:
        """Return the responsible outlet of a served visit."""
        if visit.id in self.stops:
            return self.stops[visit.id].outlet
        fixed = find_fixed_outlet(self.day.outlets, visit)
        return fixed or self.contracted.get(visit.id)


def _share(
    clause: Clause,
    cases: Sequence[str],
    failing: Sequence[str],
    words: tuple[str, str],
    goal: float,
) -> ClauseFinding:
    """Return the share of cases that do not fail, against ``goal`` percent."""
    good, of = len(cases) - len(failing), len(cases)
    measured = 100 * good / of if of else None
    return ClauseFinding(
        clause=clause,
        measured=measured,
        met=None if measured is None else measured >= goal,
        good=good,
        of=of,
        failing=tuple(failing),
        note_zh=f"{words[0]}{good}/{of}",
        note_en=f"{words[1]}: {good} of {of}",
    )


def _split(visits: Sequence[Visit], fails: Callable[[Visit], bool]) -> tuple[list[str], list[str]]:
    return [v.id for v in visits], [v.id for v in visits if fails(v)]


def _on_time(profile: Profile, served: _Served) -> ClauseFinding:
    clause = profile.clause("on_time_arrivals")
    promised = [v for v in served.visits if v.promises]

    def broken(visit: Visit) -> bool:
        # A contracted outlet keeps its appointments itself (docs/semantics.md).
        return visit.id not in served.contracted and not served.all_on_time(visit)

    cases, failing = _split(promised, broken)
    goal = profile.figure("on_time_arrivals")
    return _share(clause, cases, failing, ("按约到达", "arrivals inside the promise"), goal)


def _chosen(visit: Visit, name: str | None, tolerance_min: int) -> Promise | None:
    ordered = sorted(visit.promises, key=lambda p: (p.window(tolerance_min), p.id or ""))
    for position, promise in enumerate(ordered, start=1):
        if name == (promise.id or str(position)):
            return promise
    return None


def _deviation(profile: Profile, served: _Served) -> ClauseFinding:
    clause = profile.clause("arrival_tolerance")
    worst: dict[str, float] = {}
    for visit in served.visits:
        stop = served.stops.get(visit.id)
        promise = stop and _chosen(visit, stop.promise, profile.tolerance_min)
        if stop and promise and promise.appointment is not None:
            worst[visit.id] = abs((stop.arrival - promise.appointment).total_seconds()) / 60
    limit = profile.figure("arrival_tolerance")
    failing = [v for v, minutes in worst.items() if minutes > limit]
    found = _share(clause, list(worst), failing, ("误差在允许范围内", "arrivals within it"), 100.0)
    # The clause bounds minutes, so the figure shown is the largest deviation, not the share.
    return found.model_copy(update={"measured": max(worst.values(), default=None)})


def _emergencies(profile: Profile, served: _Served) -> ClauseFinding:
    clause = profile.clause("emergency_arrival")
    limit_s = profile.emergency_arrival_s
    emergencies = [
        v
        for v in served.visits
        if v.priority is Priority.EMERGENCY and v.id not in served.contracted
    ]

    def late(visit: Visit) -> bool:
        stop = served.stops.get(visit.id)
        if stop is None:
            return True
        received = visit.received_at or served.day.horizon_start
        return (stop.arrival - received).total_seconds() > limit_s

    cases, failing = _split(emergencies, late)
    found = _share(clause, cases, failing, ("紧急到达达标", "emergencies reached in time"), 100.0)
    share = served.plan.reachable_emergencies
    if share is None:
        return found
    return found.model_copy(
        update={
            "note_zh": f"{found.note_zh};按位置和班次可达{share:.0%}",
            "note_en": f"{found.note_en}; {share:.0%} could have been reached at all",
        }
    )


def _radius(profile: Profile, served: _Served, zone: str) -> ClauseFinding:
    clause = profile.clause(f"{zone}_radius")
    outlets = {o.id: o for o in served.day.outlets}
    cases: list[str] = []
    failing: list[str] = []
    for visit in served.visits:
        if visit.id not in served.stops and visit.id not in served.contracted:
            continue
        outlet = outlets.get(served.outlet_id(visit) or "")
        outlet = outlet or nearest_outlet(served.day.outlets, visit.place)
        if outlet is None or radius_zone(served.day, outlet, visit) != zone:
            continue
        cases.append(visit.id)
        if straight_m(outlet.place, visit.place) > service_radius_m(served.day, outlet, visit):
            failing.append(visit.id)
    words = "服务半径内(直线)", "visits inside the radius, straight line"
    return _share(clause, cases, failing, words, 100.0)


def _outlets(profile: Profile, day: Day) -> tuple[ClauseFinding, ...]:
    findings = []
    for key, zh, en in (
        ("outlet_days", "营业天数达标网点", "outlets open enough days a week"),
        ("outlet_hours", "营业时长达标网点", "outlets open long enough every day they open"),
    ):
        failing = check_outlets(day.outlets, key, profile.figure(key))
        cases = [o.id for o in day.outlets]
        findings.append(_share(profile.clause(key), cases, failing, (zh, en), 100.0))
    return tuple(findings)


def _certificates(profile: Profile, served: _Served) -> ClauseFinding:
    clause = profile.clause("certified")
    technicians = {t.id: t for t in served.day.technicians}
    routed = [v for v in served.visits if v.id in served.crews and (v.skills or v.crew_skills)]

    def uncertified(visit: Visit) -> bool:
        for stop, who, when in served.crews[visit.id]:
            held = technicians[who].skills
            valid = {
                s.skill
                for s in held
                if s.certificate_expires is None or s.certificate_expires >= when
            }
            needed = visit.skills if stop.crew <= 1 else visit.crew_skills
            if any(need.skill not in valid for need in needed):
                return True
        return False

    cases, failing = _split(routed, uncertified)
    goal = profile.figure("certified")
    return _share(
        clause, cases, failing, ("持有效证书上门", "visits served with certificates"), goal
    )


def _fill_rate(profile: Profile, served: _Served) -> ClauseFinding:
    at_hand, lacking = count_units(served.day, served.plan)
    of = at_hand + lacking
    measured = 100 * at_hand / of if of else None
    return ClauseFinding(
        clause=profile.clause("parts_fill"),
        measured=measured,
        met=None if measured is None else measured >= profile.figure("parts_fill"),
        good=at_hand,
        of=of,
        failing=tuple(sorted(entry.visit for entry in served.plan.unassigned if waits(entry))),
        note_zh=f"首次上门所需备件(车上或网点有货){at_hand}/{of}件",
        note_en=f"units needed at the first visit that van or outlet had: {at_hand} of {of}",
    )


def _parts_on_order(profile: Profile, served: _Served) -> ClauseFinding:
    clause = profile.clause("routine_parts")
    limit, today = profile.figure("routine_parts"), served.day.date
    waiting = {entry.visit: entry.earliest_date for entry in served.plan.unassigned if waits(entry)}
    late = [
        name
        for name, when in sorted(waiting.items())
        if when is None or workdays_until(today, when) > limit
    ]
    words = "待件工单可按期到货", "visits waiting for parts that will be there in time"
    return _share(clause, sorted(waiting), late, words, 100.0)


def _parts_traced(profile: Profile, served: _Served) -> ClauseFinding:
    cases, failing = find_sent_without(served.day, served.plan)
    words = "备件齐全后派工", "visits sent with all their parts, each named in the plan"
    return _share(profile.clause("parts_traced"), cases, failing, words, 100.0)
