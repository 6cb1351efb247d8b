"""The description of the API: as committed, and true for requests drawn from it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dispatch.api.app import routes_of
from tests.docs_pages import ROOT
from tests.services import Served, serving
from tests.stores import POSTGRES, SQLITE

SNAPSHOT = ROOT / "docs" / "openapi.json"
CASES = int(os.environ.get("SERVICENET_API_CASES", "1"))
"""Requests for each operation; `make soak` draws 10 000 on each database."""
IDS = {"day": "tiny", "visit": "V1", "technician": "T1"}


def described(served: Served) -> str:
    return json.dumps(served.get("/openapi.json").json(), indent=1, sort_keys=True) + "\n"


def test_the_committed_description_is_the_one_served(served: Served) -> None:
    """Write it anew with SERVICENET_WRITE_OPENAPI=1, and look at the difference."""
    text = described(served)
    if os.environ.get("SERVICENET_WRITE_OPENAPI"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    found, told = json.loads(SNAPSHOT.read_text(encoding="utf-8")), json.loads(text)
    assert {path: sorted(what) for path, what in found["paths"].items()} == {
        path: sorted(what) for path, what in told["paths"].items()
    }
    for part in ("paths", "components"):
        assert found[part] == told[part], part


def test_every_operation_says_its_right_and_its_refusals(served: Served) -> None:
    paths = served.get("/openapi.json").json()["paths"]
    assert len(paths) > 30
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert operation["x-right"], (method, path)
            assert {"401", "403", "404", "422"} <= set(operation["responses"]), (method, path)
    shown = {route.path for route in routes_of(served.client.app) if route.include_in_schema}
    assert shown == set(paths)


@pytest.fixture(scope="module", params=[SQLITE, POSTGRES])
def drawn_from(request: pytest.FixtureRequest) -> Iterator[Served]:
    place = request.getfixturevalue(f"{request.param}_place")
    with serving(place.new_store()) as served:
        served.open_live_day()
        served.clock.move(hours=1)
        served.service.hub._stopped = True  # streams end at once
        yield served


CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def operations(served: Served) -> list:
    schema = schemathesis.openapi.from_dict(served.get("/openapi.json").json())
    return [found.ok() for found in schema.get_all_operations()]


def test_requests_drawn_from_the_description_get_the_answers_it_names(
    drawn_from: Served, soak: bool
) -> None:
    found = operations(drawn_from)
    # 10 000 cases on each database in the full run.
    each = max(CASES, 10_000 // len(found) + 1 if soak else CASES)
    drawn = 0
    for operation in found:
        drawn += draw(operation, each, drawn_from)
    assert drawn >= len(found)


def draw(operation, each: int, served: Served) -> int:
    count = 0

    @settings(
        max_examples=each, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case) -> None:
        nonlocal count
        count += 1
        ask(case, served, count)

    from hypothesis import given

    given(case=operation.as_strategy())(run)()
    return count


def ask(case, served: Served, number: int) -> None:
    if number % 4:  # three of four are about what there is
        for name, value in IDS.items():
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = value
    role = ("admin", "dispatcher", "viewer", "technician")[number % 4] if number > 2 else "admin"
    if case.method == "DELETE" and case.operation.path in {"/keys/{key}", "/session"}:
        role = "admin"
    kwargs = case.as_transport_kwargs(base_url="http://testserver")
    headers = {**dict(kwargs.pop("headers", {}) or {}),
               "Authorization": f"Bearer {served.tokens[role]}"}  # fmt: skip
    cookies = kwargs.pop("cookies", None)
    for name in cookies or {}:
        headers.pop(name, None)
    kwargs["content"] = kwargs.pop("data", None)
    kwargs = {name: value for name, value in kwargs.items() if value is not None}
    answer = served.client.request(headers=headers, **kwargs)
    case.validate_response(answer, checks=CHECKED)
