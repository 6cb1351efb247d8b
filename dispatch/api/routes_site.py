"""The board's pages and files, as `dispatch.web.site` has them, and the tiles of its map."""

from __future__ import annotations

from functools import cache, lru_cache

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from dispatch.api.entry import Running
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs
from dispatch.web.site import PAGES, Site
from geo.matrix_provider import RoadTravel
from geo.tiles import MAX_ZOOM, RoadTiles
from geo.travel_matrix import TravelProvider

router = APIRouter(include_in_schema=False)
TILE = "application/vnd.mapbox-vector-tile"
KEPT = {"Cache-Control": "private, max-age=86400"}
"""Roads change when the service is started with another map; a day is soon enough."""


@cache
def the_site() -> Site:
    """Return the pages; they are the same for every service of a process."""
    return Site()


@needs(Right.OPEN)
def page(request: Request) -> Response:
    """Return a page or a file of the board; it holds no data of anybody."""
    found = the_site().find(request.url.path)
    if found is None:
        raise Refused(ApiCode.NO_PATH, "path", "no such page", "a page of the board")
    headers = {**found.headers, "ETag": found.etag}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=found.media_type)


for _path in (*PAGES, "/sw.js", "/static/{file:path}"):
    router.add_api_route(_path, page, methods=["GET"])


@lru_cache(maxsize=2)
def _tiles_of(travel: RoadTravel) -> RoadTiles:
    return RoadTiles(travel.get_network("car"))


@lru_cache(maxsize=4096)
def _cut(travel: RoadTravel, z: int, x: int, y: int) -> bytes:
    return _tiles_of(travel).cut(z, x, y)


def _roads(travel: TravelProvider) -> RoadTravel:
    if not isinstance(travel, RoadTravel):
        found, expected = "a service without roads", "one started with a map"
        raise Refused(ApiCode.NO_PATH, "tiles", found, expected)
    return travel


@router.get("/tiles.json")
@needs(Right.SIGNED_IN)
def describe_tiles(service: Running) -> Response:
    """Say where the roads of the map are; 404 where travel is estimated."""
    told = _tiles_of(_roads(service.travel)).summary()
    about = {"bounds": told.bounds, "minzoom": 0, "maxzoom": told.max_zoom}
    return JSONResponse({**about, "attribution": told.attribution})


@router.get("/tiles/{z}/{x}/{y}.mvt")
@needs(Right.SIGNED_IN)
def read_tile(z: int, x: int, y: int, service: Running) -> Response:
    """Return a tile of the roads; 204 where there are none, 404 beyond the map."""
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise Refused(ApiCode.NO_PATH, "tile", f"{z}/{x}/{y}", f"zoom 0 to {MAX_ZOOM}")
    body = _cut(_roads(service.travel), z, x, y)
    if not body:
        return Response(status_code=204, headers=KEPT)
    return Response(body, headers=KEPT, media_type=TILE)
