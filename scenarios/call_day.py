"""A real call day as a day of after-sales service.

What is real: places, call times, windows, who worked where. What is chosen here
(docs/scenarios.md): couriers thinned to K technicians, shifts, skills from the AOI type, service
of eight minutes, four outlets.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import (
    Break,
    Day,
    Outlet,
    Place,
    Promise,
    Shift,
    Skill,
    SkillNeed,
    Technician,
    Visit,
)
from scenarios.calls import YEAR, ZONE, Call, keep_windows_of_day
from scenarios.clusters import cluster_places, nearest_index, to_plane_km
from scenarios.errors import UnknownInstance
from scenarios.region_groups import group_regions

OUTLETS = 4
SERVICE_S = 8 * 60
SHIFT = (time(8), time(20))
LUNCH = (time(11, 30), time(13), 30 * 60)
"""Earliest and latest start and seconds of the optional lunch break."""

SKILL_OF_AOI: Mapping[int, str] = {
    1: "white-goods",
    14: "air-conditioning",
    **dict.fromkeys((0, 2, 3), "electronics"),
    **dict.fromkeys((4, 5, 6, 7, 8), "water-heater"),
    **dict.fromkeys((9, 10, 11, 12, 13), "commercial"),
}
"""Skill a call needs, by the type of the area (AOI) it comes from.

The publishers do not say what the types mean. Two types hold nine calls in ten and become the two
common trades; the rare ones are gathered into three rare trades.
"""

COVER_FACTOR = 2.0
"""A skill is held by at least this many times its share of the calls."""

LEAST_COVER = 0.2
"""… and by at least this share of the technicians."""


def build_call_day(
    calls: Sequence[Call],
    *,
    technicians: int = 40,
    group: int | None = 1,
    lunch: bool = False,
) -> Day:
    """Return the day of one region group.

    Each call is a visit known from its call time on (``received_at`` = ``released_at``); the
    morning plan knows all of them in advance.

    Parameters
    ----------
    calls
        All calls of a file, in any order.
    technicians
        K: as many couriers are kept, spread over regions by their calls, busiest first; all of
        them if the group has fewer.
    group
        Region group, 1 = the one with most calls; None takes the whole city.
    lunch
        Whether shifts have the lunch break `LUNCH`.

    Raises
    ------
    UnknownInstance
        If there is no such group.
    """
    ordered = tuple(sorted(calls, key=lambda call: call.order))
    kept = _select_group(keep_windows_of_day(ordered), group)
    month, day_of_month = kept[0].day
    today = date(YEAR, month, day_of_month)
    outlets, centers, origin = _outlets(kept)
    crew = _technicians(kept, technicians)
    shift = _shift(today, lunch=lunch)
    midnight = datetime.combine(today, time(0), ZoneInfo(ZONE))
    where = "all" if group is None else f"g{group}"
    return Day(
        id=f"{kept[0].city.lower()}-{today:%m%d}-{where}-k{len(crew)}",
        date=today,
        zone=ZONE,
        horizon_start=midnight,
        horizon_end=midnight + timedelta(days=1),
        outlets=outlets,
        technicians=_people(crew, kept, shift, centers, origin),
        visits=tuple(_visit(call) for call in kept),
    )


def _select_group(calls: tuple[Call, ...], group: int | None) -> tuple[Call, ...]:
    groups = group_regions(calls) if calls else ()
    if not groups:
        raise UnknownInstance("No call has its window on the day of the file.")
    if group is None:
        return calls
    if not 1 <= group <= len(groups):
        raise UnknownInstance(f"group {group}; expected 1 to {len(groups)}, or all.")
    return tuple(call for call in calls if call.region in groups[group - 1])


def _visit(call: Call) -> Visit:
    return Visit(
        id=f"C{call.order}",
        place=Place(lon=call.lon, lat=call.lat),
        promises=(Promise(earliest=call.earliest, latest=call.latest),),
        service_s=SERVICE_S,
        skills=(SkillNeed(skill=_skill(call)),),
        received_at=call.accepted,
        released_at=call.accepted,
        district=f"region-{call.region}",
    )


def _skill(call: Call) -> str:
    return SKILL_OF_AOI.get(call.aoi_type, "commercial")


def _outlets(
    calls: Sequence[Call],
) -> tuple[tuple[Outlet, ...], NDArray[np.float64], NDArray[np.float64]]:
    """Return four outlets at the call nearest to each cluster's center, west to east."""
    lonlat = np.array([(call.lon, call.lat) for call in calls])
    origin = lonlat.mean(axis=0)
    plane = to_plane_km(lonlat, origin)
    centers, _ = cluster_places(plane, OUTLETS)
    centers = centers[np.lexsort((centers[:, 1], centers[:, 0]))]
    chosen = [int(np.argmin(((plane - center) ** 2).sum(axis=1))) for center in centers]
    outlets = tuple(
        Outlet(
            id=f"O{number}",
            name=f"Outlet {number}",
            place=Place(lon=calls[i].lon, lat=calls[i].lat),
        )
        for number, i in enumerate(chosen, start=1)
    )
    return outlets, plane[chosen], origin


def _shift(today: date, *, lunch: bool) -> Shift:
    zone = ZoneInfo(ZONE)
    earliest, latest, seconds = LUNCH
    pause = Break(
        earliest=datetime.combine(today, earliest, zone),
        latest=datetime.combine(today, latest, zone),
        duration_s=seconds,
    )
    return Shift(
        start=datetime.combine(today, SHIFT[0], zone),
        end=datetime.combine(today, SHIFT[1], zone),
        breaks=(pause,) if lunch else (),
    )


def _technicians(calls: Sequence[Call], wanted: int) -> tuple[int, ...]:
    """Return courier ids: seats go to regions by their calls, in each to the busiest couriers.

    Seats are given one by one to the region with the most calls per seat (D'Hondt 1882); a region
    without couriers left gets none. A courier counts where most of their calls are.
    """
    by_courier: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for call in calls:
        by_courier[call.courier][call.region] += 1
    queues: defaultdict[int, list[int]] = defaultdict(list)
    for courier in sorted(by_courier, key=lambda c: (-by_courier[c].total(), c)):
        home = min(by_courier[courier], key=lambda r: (-by_courier[courier][r], r))
        queues[home].append(courier)
    load = Counter(call.region for call in calls)
    seats: Counter[int] = Counter()
    chosen: list[int] = []
    while len(chosen) < wanted:
        free = [region for region in sorted(queues) if seats[region] < len(queues[region])]
        if not free:
            break
        region = max(free, key=lambda r: (load[r] / (seats[r] + 1), -r))
        chosen.append(queues[region][seats[region]])
        seats[region] += 1
    return tuple(sorted(chosen))


def _people(
    crew: Sequence[int],
    calls: Sequence[Call],
    shift: Shift,
    outlets: NDArray[np.float64],
    origin: NDArray[np.float64],
) -> tuple[Technician, ...]:
    work: defaultdict[int, list[Call]] = defaultdict(list)
    for call in calls:
        work[call.courier].append(call)
    skills = _cover({c: {_skill(call) for call in work[c]} for c in crew}, calls)
    middles = np.array([np.mean([(x.lon, x.lat) for x in work[c]], axis=0) for c in crew])
    nearest = nearest_index(to_plane_km(middles, origin), outlets)
    return tuple(
        Technician(
            id=f"T{courier}",
            name=f"Courier {courier}",
            outlet=f"O{int(index) + 1}",
            shifts=(shift,),
            skills=tuple(Skill(skill=skill) for skill in sorted(skills[courier])),
        )
        for courier, index in zip(crew, nearest, strict=True)
    )


def _cover(skills: dict[int, set[str]], calls: Sequence[Call]) -> dict[int, set[str]]:
    """Add skills until each is held widely enough; those with fewest skills learn first."""
    share = Counter(_skill(call) for call in calls)
    for skill in sorted(share):
        wanted = max(LEAST_COVER, min(1.0, COVER_FACTOR * share[skill] / len(calls)))
        holders = sum(1 for own in skills.values() if skill in own)
        learners = sorted((len(own), c) for c, own in skills.items() if skill not in own)
        for _, courier in learners[: max(0, math.ceil(wanted * len(skills)) - holders)]:
            skills[courier].add(skill)
    return skills
