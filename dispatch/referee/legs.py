"""Travel: every leg is the travel table's, written once, on the right stop."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import Place
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.reading import ReadRoute, Segment
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class Way:
    """What the table says of one pair; ``known`` is False for a place it was made without."""

    leg: tuple[int, int] | None
    known: bool = True


def find_way(travel: TravelTable, profile: str, origin: Place, destination: Place) -> Way:
    """Look a leg up; never raises for places or profiles the table does not have."""
    try:
        return Way(travel.leg(profile, origin, destination))
    except KeyError:
        return Way(None, known=False)


def find_leg(travel: TravelTable, profile: str, segment: Segment) -> tuple[int, int] | None:
    """Return (seconds, meters) of a segment, None where places or way are missing."""
    if segment.origin is None or segment.destination is None:
        return None
    return find_way(travel, profile, segment.origin, segment.destination).leg


def check_legs(travel: TravelTable, read: ReadRoute) -> list[Violation]:
    """Return every leg of a route that differs from the travel table."""
    if read.technician is None:
        return []
    found: list[Violation] = []
    for segment in read.segments:
        found += _check_leg(travel, read.technician.profile, read, segment)
    for stop in (*read.leading, *read.trailing):
        if (stop.leg_s, stop.leg_m) != (0, 0):
            found.append(read.broken("leg_wrong", f"{stop.leg_s} s, {stop.leg_m} m", "0 s, 0 m"))
    return found


def _check_leg(
    travel: TravelTable, profile: str, read: ReadRoute, segment: Segment
) -> list[Violation]:
    if segment.origin is None or segment.destination is None or segment.stop is None:
        return []
    visit = segment.stop.visit
    way = find_way(travel, profile, segment.origin, segment.destination)
    if not way.known:
        where = f"{profile} {segment.destination.lon},{segment.destination.lat}"
        return [read.broken("place_unknown", where, "a place of the travel table", visit)]
    if way.leg is None:
        return [read.broken("no_way", "no way", f"a way by {profile}", visit)]
    stops = (*segment.breaks, segment.stop)
    written = [(stop.leg_s, stop.leg_m) for stop in stops if stop.leg_s or stop.leg_m]
    expected = [way.leg] if way.leg != (0, 0) else []
    if written == expected:
        return []
    said = " + ".join(f"{seconds} s, {meters} m" for seconds, meters in written) or "0 s, 0 m"
    return [read.broken("leg_wrong", said, f"{way.leg[0]} s, {way.leg[1]} m", visit)]
