"""Travel by hour of a day: its states of traffic, their travel times, and words about them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day
from dispatch.domain.travel_table import NO_WAY, TravelRegimes, TravelTable
from dispatch.errors import Fault, InvalidRequest
from dispatch.planning.clock import Clock
from dispatch.planning.codes import PlanningFault
from dispatch.planning.places import used_profiles
from geo.regimes import Regimes, TrafficArea, TrafficState, find_regimes
from geo.road_classes import ROAD_CLASSES
from geo.speed_profiles import ClassSpan, read_speed_profile
from geo.traffic import TRAFFIC_PROFILES, TrafficProvider
from geo.travel_matrix import TravelProvider

Int32 = NDArray[np.int32]


def find_day_regimes(day: Day) -> Regimes | None:
    """Return the states of traffic over the horizon of a day, None without traffic.

    The same day always gives the same states, whatever the order of its rows.
    """
    if day.traffic is None:
        return None
    areas = tuple(
        TrafficArea(area.name, area.ring, area.start, area.end, area.percent)
        for area in day.traffic.areas
    )
    return find_regimes((day.horizon_start, day.horizon_end), day.zone, _spans(day), areas)


def _spans(day: Day) -> tuple[ClassSpan, ...]:
    traffic = day.traffic
    if traffic is None or traffic.profile == "none":
        return ()
    if traffic.profile == "custom":
        return tuple(
            ClassSpan(row.road_class, row.from_minute, row.to_minute, row.percent)
            for row in traffic.speeds
        )
    return read_speed_profile(traffic.profile)


def ask_for_regimes(
    day: Day,
    provider: TravelProvider,
    lonlat: NDArray[np.float64],
    free_flow: dict[str, Int32],
) -> TravelRegimes | None:
    """Return the travel times of a day's places in every state of traffic.

    Parameters
    ----------
    day
        The day.
    provider
        Knows travel in states of traffic (``geo.traffic.TrafficProvider``).
    lonlat
        Shape (m, 2), places of the table.
    free_flow
        Seconds by profile, shape (m, m); where they are ``NO_WAY``, all states are.

    Raises
    ------
    InvalidRequest
        D7203 if the provider knows no traffic.
    """
    regimes = find_day_regimes(day)
    if regimes is None:
        return None
    concerned = [profile for profile in free_flow if profile in TRAFFIC_PROFILES]
    if concerned and not isinstance(provider, TrafficProvider):
        found = f"travel without states of traffic ({provider.description})"
        raise InvalidRequest([_without_hours("travel", found)])
    durations: dict[str, tuple[Int32, ...]] = dict.fromkeys(free_flow, ())
    for profile in concerned:
        if isinstance(provider, TrafficProvider) and len(lonlat):
            found_s = provider.regime_durations(lonlat, profile, regimes)
        else:
            found_s = tuple(free_flow[profile].copy() for _ in regimes.states)
        blocked = free_flow[profile] == NO_WAY
        tables = [np.array(table, dtype=np.int32, order="C") for table in found_s]
        for table in tables:
            table[blocked] = NO_WAY
        durations[profile] = tuple(tables)
    return TravelRegimes(
        bucket_start_s=np.array(regimes.bucket_start_s, dtype=np.int32),
        bucket_regime=np.array(regimes.bucket_regime, dtype=np.int32),
        durations_s=durations,
    )


def check_hours(day: Day, table: TravelTable) -> list[Fault]:
    """Return what a given travel table lacks of travel by hour.

    The table must have the buckets of the day, and travel times for every profile in use that
    traffic concerns.
    """
    regimes = find_day_regimes(day)
    concerned = [profile for profile in used_profiles(day) if profile in TRAFFIC_PROFILES]
    if regimes is None or not concerned:
        return []
    known = table.regimes
    if known is None:
        return [_without_hours("travel table", "free flow at all hours")]
    if (
        known.bucket_start_s.tolist() != list(regimes.bucket_start_s)
        or known.bucket_regime.tolist() != list(regimes.bucket_regime)
        or any(len(known.durations_s.get(name, ())) != len(regimes.states) for name in concerned)
    ):
        return [_without_hours("travel table", "other hours or other states of traffic")]
    return []


def _without_hours(where: str, found: str) -> Fault:
    return Fault(
        PlanningFault.TABLE_WITHOUT_HOURS,
        where,
        found,
        "travel by hour as the day's traffic asks for",
        "Give the --traffic the plan was made with, or plan again in the traffic of this day.",
    )


def describe_hours(day: Day, *, estimated: bool) -> str:
    """Return a clause about travel by hour for the description of a table; empty without."""
    regimes = find_day_regimes(day)
    if regimes is None or day.traffic is None:
        return ""
    count = len(regimes.states)
    words = f"travel by hour: {day.traffic.profile}, {count} state{'s' * (count > 1)} of traffic"
    if regimes.areas:
        count = len(regimes.areas)
        words += f", {count} area{'s' * (count > 1)} with a live factor"
    if regimes.n_distinct > len(regimes.states):
        words += f" (the closest of {regimes.n_distinct} merged)"
    if estimated:
        words += ", one average factor for all roads of an hour"
    return words


def summarize_hours(day: Day, table: TravelTable) -> list[dict[str, Any]]:
    """Return what each state of traffic means, ready for JSON; empty without travel by hour.

    Parameters
    ----------
    day
        The day.
    table
        Its travel table.

    Returns
    -------
    list of dict
        Per state: ``state`` (number), ``spans`` (local begin and end of every bucket,
        ``2026-05-08T07:00``), ``class_percent`` (speed by road class, percent of free flow),
        ``areas`` (live factors in force: ``name``, ``percent``), ``kmh`` (mean speed by car over
        all pairs of places; None without pairs) and ``times_free_flow`` (their travel time as a
        multiple of free flow).
    """
    regimes = find_day_regimes(day)
    if regimes is None or table.regimes is None:
        return []
    clock = Clock(day)
    ends = [*regimes.bucket_start_s[1:], max(clock.horizon_end, regimes.bucket_start_s[-1])]
    spans: list[list[list[str]]] = [[] for _ in regimes.states]
    for first, last, number in zip(
        regimes.bucket_start_s, ends, regimes.bucket_regime, strict=True
    ):
        moments = (clock.moment(first), clock.moment(last))
        spans[number].append([f"{moment:%Y-%m-%dT%H:%M}" for moment in moments])
    return [
        {
            "state": number,
            "spans": spans[number],
            "class_percent": {
                name: _percent(share)
                for name, share in zip(ROAD_CLASSES, state.class_share, strict=True)
            },
            "areas": _areas(regimes, state),
            **_speeds(table, number),
        }
        for number, state in enumerate(regimes.states)
    ]


def _areas(regimes: Regimes, state: TrafficState) -> list[dict[str, Any]]:
    return [
        {"name": area.name, "percent": _percent(share)}
        for area, share in zip(regimes.areas, state.area_share, strict=True)
        if share != 1.0
    ]


def _percent(share: float) -> float:
    return round(100 * share, 1)


def _speeds(table: TravelTable, number: int) -> dict[str, float | None]:
    """Return mean speed and slowness of a state over all pairs with a way."""
    for profile in TRAFFIC_PROFILES:
        by_state = table.regimes.durations_s.get(profile, ()) if table.regimes else ()
        if not by_state:
            continue
        ways = table.durations_s[profile] > 0
        seconds = int(by_state[number][ways].sum(dtype=np.int64))
        free_s = int(table.durations_s[profile][ways].sum(dtype=np.int64))
        meters = int(table.distances_m[profile][ways].sum(dtype=np.int64))
        if seconds and free_s:
            return {
                "kmh": round(3.6 * meters / seconds, 1),
                "times_free_flow": round(seconds / free_s, 2),
            }
    return {"kmh": None, "times_free_flow": None}
