"""A second opinion on travel by hour: sampled legs of a plan, timed again by the caller."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from dispatch.domain import Day, DayPlan, Place
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.places import technician_places
from dispatch.planning.rush_hours import find_day_regimes
from dispatch.referee import Violation
from geo.regimes import TrafficArea, TrafficState
from geo.traffic import TRAFFIC_PROFILES

RetimeIn = Callable[[Place, Place, str, TrafficState, Sequence[TrafficArea]], int | None]
"""(origin, destination, profile, state, its areas) -> seconds, None where there is no way."""

TOLERANCE_S = 1


def check_retimed_hours(
    day: Day,
    plan: DayPlan,
    table: TravelTable,
    retime_in: RetimeIn,
    *,
    samples: int,
    seed: int,
) -> tuple[Violation, ...]:
    """Return the sampled legs on which roads and travel table disagree in a state of traffic.

    Parameters
    ----------
    day, plan, table
        A plan and what it was made from; places that the table lacks are another check's matter.
    retime_in
        Answers from the roads, without the travel matrix.
    samples
        How many legs, each in one state drawn at random; all in every state where there are fewer.
    seed
        Which legs and states.
    """
    regimes = find_day_regimes(day)
    known = table.regimes
    if regimes is None or known is None:
        return ()
    asked = [
        (leg, number)
        for leg in sorted(set(_legs(day, plan, table)))
        for number in range(min(len(regimes.states), len(known.durations_s.get(leg[0], ()))))
    ]
    if len(asked) > samples:
        asked = random.Random(seed).sample(asked, samples)  # noqa: S311 - a sample, not a secret
    found = []
    for (profile, lonlat, there), number in asked:
        origin, destination = (Place(lon=lon, lat=lat) for lon, lat in (lonlat, there))
        row, column = table.index(origin), table.index(destination)
        said = int(known.durations_s[profile][number][row, column])
        state = regimes.states[number]
        plain = retime_in(origin, destination, profile, state, regimes.areas)
        true = -1 if plain is None else plain
        if (said < 0) != (true < 0) or abs(said - true) > TOLERANCE_S:
            words = f"{said} s from {lonlat} to {there} in state {number} of traffic"
            found.append(Violation("leg_retimed", words, "no way" if true < 0 else f"{true} s"))
    return tuple(found)


Leg = tuple[str, tuple[float, float], tuple[float, float]]


def _legs(day: Day, plan: DayPlan, table: TravelTable) -> Iterator[Leg]:
    """Yield profile, origin and destination between the visits and ends of every route."""
    profiles = {technician.id: technician.profile for technician in day.technicians}
    visits = {visit.id: visit.place for visit in day.visits}
    ends = technician_places(day)
    out = {(t.id, n): shift.out_at for t in day.technicians for n, shift in enumerate(t.shifts)}
    in_table = {(lon, lat) for lon, lat in table.lonlat.tolist()}
    for route in plan.routes:
        profile = profiles.get(route.technician)
        if profile not in TRAFFIC_PROFILES:
            continue
        start, end = ends[route.technician]
        start = out.get((route.technician, route.shift)) or start
        called = [visits[stop.visit] for stop in route.stops if stop.visit in visits]
        spots = [(place.lon, place.lat) for place in (start, *called, end)]
        for origin, destination in pairwise(spots):
            if origin != destination and {origin, destination} <= in_table:
                yield profile, origin, destination
