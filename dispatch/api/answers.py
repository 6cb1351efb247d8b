"""Small things every route needs: JSON of models, entity tags, pages of a list."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Generic, Self, TypeVar
from urllib.parse import urlencode

from fastapi import Header, Query
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.requests import Request
from starlette.responses import Response

from dispatch.api.faults import ApiCode, Refused
from dispatch.api.regions import Part

Item = TypeVar("Item")
JSON = "application/json"


class Body(BaseModel):
    """What a caller sends: no unknown fields, and no NUL, which not every database can hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _hold_no_nul(self) -> Self:
        if _has_nul(self):
            raise ValueError("texts without NUL characters")
        return self


def _has_nul(given: object) -> bool:
    if isinstance(given, str):
        return "\0" in given
    if isinstance(given, Mapping):
        return any(_has_nul(name) or _has_nul(value) for name, value in given.items())
    if isinstance(given, BaseModel):
        return any(_has_nul(value) for _, value in given)
    return isinstance(given, list | tuple) and any(_has_nul(one) for one in given)


class Page(BaseModel, Generic[Item]):
    """A part of a list; ``next`` is the path of the following part, None at the end."""

    items: tuple[Item, ...]
    next: str | None = None


Limit = Annotated[int, Query(ge=1, le=1000, description="Rows of this page.")]
IfMatch = Annotated[
    str | None, Header(max_length=200, description="ETag the decision was made for.")
]
IfNoneMatch = Annotated[str | None, Header(max_length=200, description="ETag known already.")]


def model_answer(
    model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a model as JSON without validating it once more."""
    return Response(model.model_dump_json(), status, dict(headers or {}), media_type=JSON)


VARY = "Authorization, Cookie"
"""What an answer depends on beside its path: who asks."""


def etag(version: int | str, view: str = "") -> str:
    """Return the entity tag of a version.

    Parameters
    ----------
    view
        From `view_of`; the same for all who see the same.
    """
    return f'"{version}.{view}"' if view else f'"{version}"'


def view_of(part: Part, *more: str) -> str:
    """Return a short name of what a caller sees of a day; empty for all of it.

    Parameters
    ----------
    more
        What else makes a difference; empty where it makes none.
    """
    words = [*(() if part.whole else sorted(part.mine)), *filter(None, more)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:8] if words else ""


def version_of(given: str | None, current: int) -> int:
    """Return the version a decision was made for: that of If-Match, else the one in force.

    Raises
    ------
    Refused
        A1008: If-Match names another version, or is no tag of ours.
    """
    if given is None or given.strip() == "*":
        return current
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")]
    if str(current) in {tag.partition(".")[0] for tag in tags}:
        return current
    hint = "Read it again and decide again."
    raise Refused(ApiCode.CHANGED, "If-Match", "another version", f'"{current}"', hint)


def page_of(
    request: Request, items: Sequence[Item], limit: int, after: str, key: str = "after"
) -> dict[str, Any]:
    """Return a page of a list that was read one row further than asked for.

    Parameters
    ----------
    after
        Cursor of the page's last row.
    """
    if len(items) <= limit:
        return {"items": items, "next": None}
    known = {k: v for k, v in request.query_params.items() if k != key}
    query = urlencode({**known, key: after})
    return {"items": items[:limit], "next": f"{request.url.path}?{query}"}
