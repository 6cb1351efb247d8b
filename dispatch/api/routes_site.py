"""The board's pages and files, as `dispatch.web.site` has them, and the tiles of its map."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, Request
from starlette.responses import Response

from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs
from dispatch.web.site import PAGES, Site

router = APIRouter(include_in_schema=False)


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
