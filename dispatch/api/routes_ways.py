"""The way of one technician along the streets, for the map; also that to an emergency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from dispatch.api.context import Service
from dispatch.api.entry import Running, Who
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs
from dispatch.api.routes_emergency import check_own
from dispatch.api.street_ways import Goal, Leg, StreetWays, legs_of, legs_to
from dispatch.service.options import Option
from dispatch.web.board_model import BoardRow, BoardView, Spot

router = APIRouter(tags=["board"])
Index = Annotated[int, Path(ge=0, le=100)]


class LegOut(BaseModel):
    """The way to a stop; ``straight`` where no road leads, so that only its ends are known."""

    to: str
    points: tuple[Spot, ...]
    straight: bool = False


class WayOut(BaseModel):
    """The way of a row of the board, leg by leg."""

    row: str
    legs: tuple[LegOut, ...]


@router.get("/days/{day}/ways/{row}", response_model_exclude_defaults=True)
@needs(Right.READ)
def read_way(day: str, row: str, service: Running, who: Who) -> WayOut:
    """Return where a technician of the board goes; 404 without roads."""
    ways = _roads(service)
    view = service.boards.get(service.desk.view(day), service.regions.part(who, day)).view
    found = _get_row(view, row)
    return _way(ways, found, legs_of(found, view))


@router.get("/days/{day}/emergencies/{offer}/ways/{index}", response_model_exclude_defaults=True)
@needs(Right.DECIDE)
def read_way_to_emergency(day: str, offer: str, index: Index, service: Running, who: Who) -> WayOut:
    """Return the way from where a technician is now to the visit of an offer; 404 without roads."""
    ways = _roads(service)
    found, part = service.offers.get(day, offer, service.now()), service.regions.part(who, day)
    check_own(found, part)
    live = service.desk.view(day)
    view = service.boards.get(live, part).view
    option = next((one for one in found.options if one.index == index), None)
    if option is None or option.technician is None:
        raise Refused(ApiCode.GONE, "way", "nobody goes", "a way of a technician")
    row = _get_row(view, f"{option.technician}.{option.shift}")
    places = {outlet.id: outlet.at for outlet in view.outlets}
    own = (one for one in live.state.day.visits if part.has_visit(one.id))
    places |= {one.id: (one.place.lon, one.place.lat) for one in (*own, found.visit)}
    return _way(ways, row, legs_to(row, _goals(option, found.visit.id, places)))


def _goals(option: Option, visit: str, places: Mapping[str, Spot]) -> Iterator[Goal]:
    """Give where the technician of an option goes, up to the visit."""
    key = option.technician, option.shift
    given = next(one for one in option.routes if (one.technician, one.shift) == key)
    for stop in given.stops:
        name = stop.visit or stop.outlet
        if name is not None:
            yield name, places.get(name)
        if stop.visit == visit:
            return


def _roads(service: Service) -> StreetWays:
    if not service.street_ways.has_roads:
        raise Refused(ApiCode.GONE, "way", "no roads", "a service started with --roads")
    return service.street_ways


def _get_row(view: BoardView, row: str) -> BoardRow:
    found = next((one for one in view.rows if one.id == row), None)
    if found is None:
        raise Refused(ApiCode.GONE, "row", "no such row", "a row of the board")
    return found


def _way(ways: StreetWays, row: BoardRow, legs: Iterable[Leg]) -> WayOut:
    """Return legs along the streets."""
    found = []
    for stop, origin, destination in legs:
        points = ways.find_way(origin, destination, row.profile)
        straight = points is None
        found.append(LegOut(to=stop, points=points or (origin, destination), straight=straight))
    return WayOut(row=row.id, legs=tuple(found))
