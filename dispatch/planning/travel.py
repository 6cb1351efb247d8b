"""The travel table of a day, and the visits set aside because no road is near."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Place, QuarantinedVisit
from dispatch.domain.travel_table import TravelRegimes, TravelTable
from dispatch.errors import Fault, InvalidRequest, Severity
from dispatch.planning.codes import PlanningFault
from dispatch.planning.places import out_places, technician_places, used_profiles
from dispatch.planning.rush_hours import ask_for_regimes, check_hours, describe_hours
from geo.travel_matrix import Snaps, TravelProvider


@dataclass(frozen=True, slots=True)
class TravelSetup:
    """Travel of a day, ready to plan with.

    Attributes
    ----------
    table
        Places and figures; without the quarantined visits' places (unless shared).
    quarantined
        Visits set aside, by id.
    """

    table: TravelTable
    quarantined: tuple[QuarantinedVisit, ...]


def travel_table(day: Day, provider: TravelProvider) -> TravelSetup:
    """Ask the provider for everything a plan of the day needs.

    One matrix per profile in use (the car too where there are outlets), and one per state of
    traffic where the day has any. A visit is quarantined if its place is refused by every profile
    in use; refused by some, it is out of *their* reach.

    Parameters
    ----------
    day
        A checked day.
    provider
        Roads, or estimates.

    Raises
    ------
    InvalidRequest
        D7102, D7103 for start and end places and outlets that no road is near; D7203 if the day
        has traffic and the provider knows none.
    """
    profiles = used_profiles(day)
    lonlat = _sorted_places(day)
    snaps = {profile: provider.snap(lonlat, profile) for profile in profiles}
    row = {(float(lon), float(lat)): i for i, (lon, lat) in enumerate(lonlat)}
    faults = _check_bases(day, snaps, row)
    if faults:
        raise InvalidRequest(faults)
    quarantined = _quarantine(day, snaps, row)
    aside = {q.visit for q in quarantined}
    kept = _sorted_places(day, without=aside)
    rows = np.array([row[lon, lat] for lon, lat in kept.tolist()], dtype=np.int64)
    durations: dict[str, NDArray[np.int32]] = {}
    distances: dict[str, NDArray[np.int32]] = {}
    for profile in profiles:
        durations[profile], distances[profile] = _figures(
            provider, profile, kept, snaps[profile].refused[rows]
        )
    hours = describe_hours(day, estimated=provider.estimated)
    table = TravelTable(
        lonlat=kept,
        durations_s=durations,
        distances_m=distances,
        estimated=provider.estimated,
        description="; ".join(filter(None, (provider.description, hours))),
        attribution=provider.attribution,
        regimes=ask_for_regimes(day, provider, kept, durations),
    )
    return TravelSetup(table, quarantined)


def check_table(day: Day, table: TravelTable, aside: Iterable[str] = ()) -> list[Fault]:
    """Return what a given travel table lacks for a day.

    Parameters
    ----------
    aside
        Ids of quarantined visits, whose places need not be there.
    """
    faults = [
        Fault(
            PlanningFault.TABLE_WITHOUT_PROFILE,
            "travel table",
            f"profiles {', '.join(sorted(table.durations_s))}",
            f"profile {profile}",
            "Make the table from this day.",
        )
        for profile in used_profiles(day)
        if profile not in table.durations_s
    ]
    known = {(lon, lat) for lon, lat in table.lonlat.tolist()}
    missing = [p for p in _sorted_places(day, without=set(aside)).tolist() if tuple(p) not in known]
    faults += [
        Fault(
            PlanningFault.TABLE_WITHOUT_PLACE,
            "travel table",
            f"no row for longitude {lon}, latitude {lat}",
            "a row for every place of the day",
            "Make the table from this day.",
        )
        for lon, lat in missing
    ]
    return faults + check_hours(day, table)


def _sorted_places(day: Day, without: set[str] | None = None) -> NDArray[np.float64]:
    """Distinct places sorted by longitude and latitude, so that no order of rows matters."""
    places: list[Place] = [v.place for v in day.visits if not without or v.id not in without]
    places += [o.place for o in day.outlets]
    places += [p for ends in technician_places(day).values() for p in ends]
    places += [place for _, place in out_places(day)]
    spots = sorted({(p.lon, p.lat) for p in places})
    return np.array(spots, dtype=np.float64).reshape(-1, 2)


def _figures(
    provider: TravelProvider,
    profile: str,
    lonlat: NDArray[np.float64],
    refused: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return seconds and meters; no way from or to a place the profile refuses."""
    if len(lonlat) == 0:
        empty = np.zeros((0, 0), dtype=np.int32)
        return empty, empty.copy()
    matrix = provider.matrix(lonlat, profile)
    seconds = np.array(matrix.durations_s, dtype=np.int32, order="C")
    meters = np.array(matrix.distances_m, dtype=np.int32, order="C")
    cut = refused[:, None] | refused[None, :]
    np.fill_diagonal(cut, val=False)
    seconds[cut] = -1
    meters[cut] = -1
    return seconds, meters


def _check_bases(
    day: Day, snaps: dict[str, Snaps], row: dict[tuple[float, float], int]
) -> list[Fault]:
    faults = []
    ends = technician_places(day)
    for technician in sorted(day.technicians, key=lambda t: t.id):
        snap = snaps[technician.profile]
        for word, place in zip(("start", "end"), ends[technician.id], strict=True):
            where = f"technician {technician.id}, {word} place"
            faults += _refusal(
                PlanningFault.TECHNICIAN_OFF_ROADS, where, snap, row[place.lon, place.lat]
            )
    profile_of = {technician.id: technician.profile for technician in day.technicians}
    for name, place in out_places(day):
        snap, index = snaps[profile_of[name]], row[place.lon, place.lat]
        where = f"technician {name}, out at"
        faults += _refusal(PlanningFault.TECHNICIAN_OFF_ROADS, where, snap, index)
    for outlet in sorted(day.outlets, key=lambda o: o.id):
        index = row[outlet.place.lon, outlet.place.lat]
        faults += _refusal(
            PlanningFault.OUTLET_OFF_ROADS, f"outlet {outlet.id}", snaps["car"], index
        )
    # Start and end are often the same place; say it once.
    return list(dict.fromkeys(faults))


def _refusal(code: PlanningFault, where: str, snap: Snaps, index: int) -> list[Fault]:
    if not snap.refused[index]:
        return []
    return [
        Fault(
            code,
            where,
            f"{snap.distance_m[index]:.0f} m from the nearest road",
            f"at most {snap.limit_m:.0f} m",
            "Check the coordinates (longitude first), or take a map that covers the place.",
            Severity.ERROR,
        )
    ]


def _quarantine(
    day: Day, snaps: dict[str, Snaps], row: dict[tuple[float, float], int]
) -> tuple[QuarantinedVisit, ...]:
    aside = []
    for visit in sorted(day.visits, key=lambda v: v.id):
        index = row[visit.place.lon, visit.place.lat]
        if not all(snap.refused[index] for snap in snaps.values()):
            continue
        nearest = min(snaps.values(), key=lambda snap: float(snap.distance_m[index]))
        reason = (
            f"the place is {nearest.distance_m[index]:.0f} m from the nearest road; "
            f"at most {nearest.limit_m:.0f} m is allowed"
        )
        aside.append(
            QuarantinedVisit(
                visit=visit.id, code=PlanningFault.VISIT_OFF_ROADS.value, reason=reason
            )
        )
    return tuple(aside)


def travel_digest(table: TravelTable) -> str:
    """Return a digest of everything a plan depends on in a travel table, 32 hexadecimal digits."""
    digest = hashlib.sha256(np.ascontiguousarray(table.lonlat, dtype="<f8").tobytes())
    for profile in sorted(table.durations_s):
        digest.update(profile.encode())
        for figures in (table.durations_s[profile], table.distances_m[profile]):
            digest.update(np.ascontiguousarray(figures, dtype="<i4").tobytes())
    digest.update(b"estimated" if table.estimated else b"roads")
    if table.regimes is not None:
        _digest_regimes(digest, table.regimes)
    return digest.hexdigest()[:32]


def _digest_regimes(digest: hashlib._Hash, regimes: TravelRegimes) -> None:
    for buckets in (regimes.bucket_start_s, regimes.bucket_regime):
        digest.update(np.ascontiguousarray(buckets, dtype="<i4").tobytes())
    for profile in sorted(regimes.durations_s):
        digest.update(f"{profile} in {len(regimes.durations_s[profile])} regimes".encode())
        for seconds in regimes.durations_s[profile]:
            digest.update(np.ascontiguousarray(seconds, dtype="<i4").tobytes())
