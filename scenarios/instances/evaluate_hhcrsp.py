"""What a home care plan costs and which rules it breaks, from the raw instance.

Cost (Mankowska, Meisel & Bierwirth 2014, equal weights): a third of distance + total tardiness +
greatest tardiness. Everything is exact; only stated times may be off by `TOLERANCE`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from scenarios.instances.hhcrsp import CarePlan, CareStop, Hhcrsp, Number, Patient

TOLERANCE: Final = Fraction(1, 10**6)
"""Times of published plans were written from double precision."""

Orders = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Per caregiver (patient, service) in order: a plan without its times."""


@dataclass(frozen=True, slots=True)
class CareEvaluation:
    """What a plan is worth.

    Attributes
    ----------
    distance
        Office to office, all caregivers.
    total_tardiness, max_tardiness
        Sum and maximum over services of start minus due time where positive.
    faults
        Every rule that is broken, in words; empty = feasible.
    """

    distance: Number
    total_tardiness: Number
    max_tardiness: Number
    faults: tuple[str, ...]

    @property
    def cost(self) -> Number:
        """A third of the sum."""
        return (self.distance + self.total_tardiness + self.max_tardiness) / 3


def evaluate_care(instance: Hhcrsp, plan: CarePlan) -> CareEvaluation:
    """Judge a plan with its stated times.

    Checked: every service once and by somebody able, two services by two caregivers, no start
    before the window opens or before the caregiver can be there, the whole duration, the gap
    between two starts. A start after the window is tardiness, not a fault.
    """
    faults = _check_services(instance, plan)
    patients = {patient.name: (node, patient) for node, patient in _numbered(instance)}
    distance = Fraction(0)
    tardiness = [Fraction(0)]
    for caregiver, stops in plan.routes:
        known = [stop for stop in stops if stop.patient in patients]
        nodes = [0, *(patients[stop.patient][0] for stop in known), 0]
        if known:
            distance += sum(instance.distances[a][b] for a, b in pairwise(nodes))
        ready = Fraction(0)
        for stop, (here, there) in zip(known, pairwise(nodes), strict=False):
            patient = patients[stop.patient][1]
            ready += instance.distances[here][there]
            faults += _check_stop(caregiver, stop, patient, ready)
            tardiness.append(max(Fraction(0), stop.start - patient.due))
            ready = stop.end
    faults += _check_gaps(instance, plan)
    return CareEvaluation(distance, sum(tardiness, Fraction(0)), max(tardiness), tuple(faults))


def _numbered(instance: Hhcrsp) -> list[tuple[int, Patient]]:
    return list(enumerate(instance.patients, start=1))


def _check_services(instance: Hhcrsp, plan: CarePlan) -> list[str]:
    """Return what is wrong with who does what."""
    abilities = {caregiver.name: caregiver.abilities for caregiver in instance.caregivers}
    names = Counter(name for name, _ in plan.routes)
    faults = [f"caregiver {name}: unknown" for name in names if name not in abilities]
    faults += [f"caregiver {name}: {count} routes" for name, count in names.items() if count > 1]
    needed = {(p.name, need.service) for p in instance.patients for need in p.needs}
    done = Counter((stop.patient, stop.service) for _, stops in plan.routes for stop in stops)
    faults += [f"patient {p}: service {s} is not needed" for p, s in done if (p, s) not in needed]
    faults += [f"patient {p}: service {s} {done[p, s]} times" for p, s in done if done[p, s] > 1]
    faults += [f"patient {p}: service {s} not given" for p, s in sorted(needed) if not done[p, s]]
    for name, stops in plan.routes:
        unable = [s for s in stops if s.service not in abilities.get(name, frozenset())]
        faults += [f"caregiver {name}: cannot give {s.service} to {s.patient}" for s in unable]
        visits = Counter(stop.patient for stop in stops)
        faults += [f"caregiver {name}: {n} visits to {p}" for p, n in visits.items() if n > 1]
    return faults


def _check_stop(who: str, stop: CareStop, patient: Patient, ready: Number) -> list[str]:
    faults: list[str] = []
    place = f"caregiver {who} at {stop.patient}"
    if stop.start < patient.ready - TOLERANCE:
        faults.append(f"{place}: starts at {float(stop.start):g} before {float(patient.ready):g}")
    if stop.start < ready - TOLERANCE:
        faults.append(f"{place}: starts at {float(stop.start):g}, there at {float(ready):g}")
    durations = [need.duration for need in patient.needs if need.service == stop.service]
    if durations and abs(stop.end - stop.start - durations[0]) > TOLERANCE:
        faults.append(
            f"{place}: takes {float(stop.end - stop.start):g}, not {float(durations[0]):g}"
        )
    return faults


def _check_gaps(instance: Hhcrsp, plan: CarePlan) -> list[str]:
    starts = {(s.patient, s.service): s.start for _, stops in plan.routes for s in stops}
    faults: list[str] = []
    for patient in instance.patients:
        times = [starts.get((patient.name, need.service)) for need in patient.needs]
        if len(times) < 2 or times[0] is None or times[1] is None:
            continue
        gap = times[1] - times[0]
        if not patient.min_gap - TOLERANCE <= gap <= patient.max_gap + TOLERANCE:
            faults.append(
                f"patient {patient.name}: second service {float(gap):g} after the first, not "
                f"{float(patient.min_gap):g} to {float(patient.max_gap):g}"
            )
    return faults


class _Arc(NamedTuple):
    """``start[after] >= start[before] + least``; ``before`` -1 is time 0."""

    before: int
    after: int
    least: Number


def time_care(instance: Hhcrsp, orders: Orders) -> CarePlan | None:
    """Return the plan with every start as early as the orders and gaps permit.

    The earliest start of a system of differences is earliest for all services at once (Dechter,
    Meiri & Pearl 1991), so no other timing of these orders costs less.

    Parameters
    ----------
    instance
        The instance.
    orders
        Who visits whom in which order. Every patient and service must be known to the instance.

    Returns
    -------
    CarePlan or None
        None if no times keep the orders and the gaps (two caregivers wait for each other).
    """
    node_of = {patient.name: (node, patient) for node, patient in _numbered(instance)}
    keys = [key for _, order in orders for key in order]
    durations = [
        next(need.duration for need in node_of[p][1].needs if need.service == s) for p, s in keys
    ]
    arcs = _order_arcs(instance, orders, durations) + _gap_arcs(instance, keys)
    starts = [node_of[p][1].ready for p, _ in keys]
    for _ in range(len(keys) + 1):
        changed = False
        for before, after, least in arcs:
            earliest = least + (starts[before] if before >= 0 else 0)
            if earliest > starts[after]:
                starts[after] = earliest
                changed = True
        if not changed:
            break
    else:
        return None
    stops = iter(
        CareStop(p, s, start, start + duration)
        for (p, s), start, duration in zip(keys, starts, durations, strict=True)
    )
    return CarePlan(tuple((who, tuple(next(stops) for _ in order)) for who, order in orders))


def _order_arcs(instance: Hhcrsp, orders: Orders, durations: Sequence[Number]) -> list[_Arc]:
    node_of = {patient.name: node for node, patient in _numbered(instance)}
    arcs: list[_Arc] = []
    index = 0
    for _, order in orders:
        here, before = 0, -1
        for patient, _ in order:
            there = node_of[patient]
            busy = durations[before] if before >= 0 else Fraction(0)
            arcs.append(_Arc(before, index, busy + instance.distances[here][there]))
            here, before = there, index
            index += 1
    return arcs


def _gap_arcs(instance: Hhcrsp, keys: Sequence[tuple[str, str]]) -> list[_Arc]:
    index = {key: i for i, key in enumerate(keys)}
    arcs: list[_Arc] = []
    for patient in instance.patients:
        found = [index.get((patient.name, need.service)) for need in patient.needs]
        if len(found) == 2 and found[0] is not None and found[1] is not None:
            arcs.append(_Arc(found[0], found[1], patient.min_gap))
            arcs.append(_Arc(found[1], found[0], -patient.max_gap))
    return arcs
