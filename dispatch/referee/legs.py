"""Travel: every leg is the travel table's, written once, on the right stop."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import Place
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute, Segment
from dispatch.referee.roads import Road, road
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class Way:
    """What the table says of one pair; ``known`` is False for a place it was made without.

    Attributes
    ----------
    leg
        Free-flow seconds and meters; None without a way.
    road
        The leg at all hours; None without a way.
    """

    leg: tuple[int, int] | None
    known: bool = True
    road: Road | None = None


def find_way(travel: TravelTable, profile: str, origin: Place, destination: Place) -> Way:
    """Look a leg up; never raises for places or profiles the table does not have."""
    try:
        row, column = travel.index(origin), travel.index(destination)
        free = int(travel.durations_s[profile][row, column])
    except KeyError:
        return Way(None, known=False)
    if free == NO_WAY:
        return Way(None)
    found = road(travel, profile, row, column)
    return Way((free, found.meters), road=found)


def find_road(travel: TravelTable, profile: str, segment: Segment) -> Road | None:
    """Return the leg of a segment, None where places or way are missing."""
    if segment.origin is None or segment.destination is None:
        return None
    return find_way(travel, profile, segment.origin, segment.destination).road


def leaves_at(facts: Facts, segment: Segment) -> int:
    """Return when the plan says the leg of a segment begins: breaks before it are over."""
    carrier = segment.first_leg_at
    breaks = segment.breaks if carrier is None else segment.breaks[:carrier]
    before = breaks[-1] if breaks else segment.before
    return 0 if before is None else facts.floor_second(before.end)


def travel_s(facts: Facts, travel: TravelTable, read: ReadRoute) -> int:
    """Return the seconds on the way of a route; legs without a way count nothing."""
    if read.technician is None:
        return 0
    legs = [(find_road(travel, read.technician.profile, one), one) for one in read.segments]
    return sum(way.lasts(leaves_at(facts, one)) for way, one in legs if way is not None)


def check_legs(facts: Facts, travel: TravelTable, read: ReadRoute) -> list[Violation]:
    """Return every leg of a route that differs from the travel table."""
    if read.technician is None:
        return []
    found: list[Violation] = []
    for segment in read.segments:
        found += _check_leg(facts, travel, read.technician.profile, read, segment)
    for stop in (*read.leading, *read.trailing):
        if (stop.leg_s, stop.leg_m) != (0, 0):
            found.append(read.broken("leg_wrong", f"{stop.leg_s} s, {stop.leg_m} m", "0 s, 0 m"))
    return found


def _check_leg(
    facts: Facts, travel: TravelTable, profile: str, read: ReadRoute, segment: Segment
) -> list[Violation]:
    if segment.origin is None or segment.destination is None or segment.stop is None:
        return []
    visit = segment.stop.visit
    way = find_way(travel, profile, segment.origin, segment.destination)
    if not way.known:
        where = f"{profile} {segment.destination.lon},{segment.destination.lat}"
        return [read.broken("place_unknown", where, "a place of the travel table", visit)]
    if way.road is None:
        return [read.broken("no_way", "no way", f"a way by {profile}", visit)]
    stops = (*segment.breaks, segment.stop)
    written = [(stop.leg_s, stop.leg_m) for stop in stops if stop.leg_s or stop.leg_m]
    leg = (way.road.lasts(leaves_at(facts, segment)), way.road.meters)
    expected = [leg] if leg != (0, 0) else []
    if written == expected:
        return []
    said = " + ".join(f"{seconds} s, {meters} m" for seconds, meters in written) or "0 s, 0 m"
    return [read.broken("leg_wrong", said, f"{leg[0]} s, {leg[1]} m", visit)]
