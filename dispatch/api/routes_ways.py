"""The way of one technician along the streets, for the map."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from dispatch.api.entry import Running, Who
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs
from dispatch.api.street_ways import legs_of
from dispatch.web.board_model import Spot

router = APIRouter(tags=["board"])


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
    ways = service.street_ways
    if not ways.has_roads:
        raise Refused(ApiCode.GONE, "way", "no roads", "a service started with --roads")
    view = service.boards.get(service.desk.view(day), service.regions.part(who, day)).view
    found = next((one for one in view.rows if one.id == row), None)
    if found is None:
        raise Refused(ApiCode.GONE, "row", "no such row", "a row of the board")
    legs = []
    for stop, origin, destination in legs_of(found, view):
        points = ways.find_way(origin, destination, found.profile)
        straight = points is None
        legs.append(LegOut(to=stop, points=points or (origin, destination), straight=straight))
    return WayOut(row=row, legs=tuple(legs))
