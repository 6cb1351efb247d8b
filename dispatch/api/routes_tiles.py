"""The base map: vector tiles cut from the service's own roads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.responses import Response

from dispatch.api.entry import Running
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs

router = APIRouter(tags=["board"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
_KEEP = {"Cache-Control": "private, max-age=86400"}
Zoom = Annotated[int, Path(ge=0, le=22)]
Column = Annotated[int, Path(ge=0, lt=2**22)]


class TilesOut(BaseModel):
    """What the map has to know before it asks for tiles."""

    bounds: tuple[float, float, float, float]
    minzoom: int = 0
    maxzoom: int
    attribution: str


@router.get("/tiles.json")
@needs(Right.SIGNED_IN)
def read_tiles(service: Running) -> TilesOut:
    """Say what tiles there are; 404 without roads."""
    found = service.base_map.find_summary()
    if found is None:
        raise Refused(ApiCode.GONE, "tiles", "no roads", "a service started with --roads")
    return TilesOut(bounds=found.bounds, maxzoom=found.max_zoom, attribution=found.attribution)


@router.get(
    "/tiles/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
               204: {"description": "Nothing there"}},
)  # fmt: skip
@needs(Right.SIGNED_IN)
def read_tile(z: Zoom, x: Column, y: Column, service: Running) -> Response:
    """Return a tile (Mapbox Vector Tile 2.1), packed; 204 where there is nothing."""
    packed = service.base_map.find_tile(z, x, y)
    if packed is None:
        raise Refused(ApiCode.GONE, "tile", "no such tile", "a tile of GET /tiles.json")
    if not packed:
        return Response(status_code=204, headers=_KEEP)
    headers = {**_KEEP, "Content-Encoding": "gzip"}
    return Response(packed, headers=headers, media_type=MEDIA_TYPE)
