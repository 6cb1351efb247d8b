"""Problem details (RFC 9457) with our codes, for everything that can go wrong behind the door."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from dispatch.api.faults import TITLES, ApiCode, Refused, status_of_store
from dispatch.errors import (
    Fault,
    InvalidRequest,
    RefereeRejected,
    StoreError,
    UnknownTechnician,
    UnknownVisit,
)
from geo.errors import GeoError
from solver.errors import SolverError

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 200
"""Faults in one answer; the rest is counted."""
RETRY_AFTER_S = {429: "5", 503: "1"}
_PERSONAL = re.compile(r"customer|phone|address|name|signed|电话|地址|姓名|客户", re.IGNORECASE)
_LOG = logging.getLogger("servicenet.api")


class FaultOut(BaseModel):
    """One fault, as in docs/errors.md."""

    code: str
    where: str
    found: str
    expected: str
    hint: str = ""
    severity: str = "error"
    visit: str | None = None


class Problem(BaseModel):
    """An answer to a request that was not carried out (RFC 9457).

    ``code`` is that of the first fault; ``more`` counts faults that are not listed.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    faults: tuple[FaultOut, ...] = ()
    more: int = 0


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems of a route for its OpenAPI description."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*statuses})
    }


EVERYWHERE = declared(400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503)


def problem(status: int, faults: Sequence[Fault], instance: str) -> Response:
    """Return the answer for some faults; what was found in a personal field is not repeated."""
    shown = [masked(fault) for fault in faults[:MOST_FAULTS]]
    first = shown[0]
    body = Problem(
        type=f"urn:servicenet:fault:{first.code}",
        title=TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=f"{first.where}: found {first.found}; expected {first.expected}",
        instance=f"urn:servicenet:request:{instance}",
        code=first.code,
        faults=tuple(FaultOut(**one.as_dict()) for one in shown),
        more=max(0, len(faults) - MOST_FAULTS),
    )
    headers = {"Cache-Control": "no-store"}
    if status in RETRY_AFTER_S:
        headers["Retry-After"] = RETRY_AFTER_S[status]
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)


def masked(fault: Fault) -> Fault:
    """Return a fault that does not repeat what was found in a personal field."""
    if not _PERSONAL.search(fault.where):
        return fault
    return Fault(
        fault.code, fault.where, "(not repeated here)", fault.expected, fault.hint,
        fault.severity, fault.visit,
    )  # fmt: skip


def instance_of(request: Request) -> str:
    """Return the id the middleware gave the request."""
    return str(request.scope.get("servicenet_request", "-"))


def add_handlers(app: FastAPI) -> None:
    """Let every error leave as a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(InvalidRequest, _invalid)
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ValidationError, _misfit)
    app.add_exception_handler(OverflowError, _misfit)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(UnknownVisit, _unknown)
    app.add_exception_handler(UnknownTechnician, _unknown)
    app.add_exception_handler(RefereeRejected, _unplannable)
    app.add_exception_handler(GeoError, _unplannable)
    app.add_exception_handler(SolverError, _unplannable)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for this class
    return problem(error.status, [error.fault], instance_of(request))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidRequest)  # noqa: S101 - registered for this class
    return problem(422, error.faults, instance_of(request))


def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, StoreError)  # noqa: S101 - registered for this class
    status, faults = status_of_store(error), error.faults
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        found = [f"{one.code} {one.found}" for one in faults]
        _LOG.warning("store", extra={"fields": {"found": found}})
        # Where the database is and what it says of itself is for the log alone.
        faults = tuple(replace(one, where="store", found="it does not answer") for one in faults)
    return problem(status, faults, instance_of(request))


def _unknown(request: Request, error: Exception) -> Response:
    kind = "visit" if isinstance(error, UnknownVisit) else "technician"
    fault = Fault(ApiCode.GONE.value, kind, f"no such {kind}", f"a {kind} of this day")
    return problem(404, [fault], instance_of(request))


def _unplannable(request: Request, error: Exception) -> Response:
    # The text may hold data of the day; its kind is enough to go on with.
    found = type(error).__name__
    hint = "Nothing was changed; the log of the service has the request."
    fault = Fault(ApiCode.OURS.value, "planning", found, "a plan", hint)
    _LOG.error("planning", extra={"fields": {"error": found}})
    return problem(500, [fault], instance_of(request))


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    faults = [
        Fault(
            ApiCode.FORM.value,
            ".".join(str(part) for part in one["loc"]),
            str(one["type"]),
            str(one["msg"]),
        )
        for one in error.errors()
    ]
    return problem(422, faults, instance_of(request))


def _misfit(request: Request, error: Exception) -> Response:
    """Answer for values that fit their form and not each other, or no calendar."""
    kinds = (
        [str(one["type"]) for one in error.errors(include_input=False, include_url=False)]
        if isinstance(error, ValidationError)
        else ["a moment or number out of range"]
    )
    expected = "values that fit together"
    faults = [Fault(ApiCode.FORM.value, "body", kind, expected) for kind in kinds]
    _LOG.warning("misfit", extra={"fields": {"found": kinds[0]}}, exc_info=error)
    return problem(422, faults, instance_of(request))


_HTTP = {
    400: (ApiCode.BAD, "a request that cannot be read", "well-formed JSON"),
    404: (ApiCode.NO_PATH, "no such path", "a path of docs/openapi.json"),
    405: (ApiCode.METHOD, "another method", "a method the path has"),
    413: (ApiCode.TOO_LARGE, "too much", "less"),
}


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    code, found, expected = _HTTP.get(error.status_code, _HTTP[400])
    answer = problem(error.status_code, [Fault(code.value, "request", found, expected)],
                     instance_of(request))  # fmt: skip
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
