"""Routers of others come in by entry points, and stand behind the same door."""

from __future__ import annotations

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from dispatch.api.app import make_app
from dispatch.api.rights import Right, needs
from tests.services import Served

router = APIRouter()
careless = APIRouter()


@router.get("/plugin/{day}")
@needs(Right.READ)
def plugin(day: str) -> dict[str, str]:
    return {"day": day}


@careless.get("/careless")
def careless_route() -> str:
    return "open to all"


def test_a_router_of_a_plug_in_is_mounted_behind_authorize(served: Served) -> None:
    app = make_app(served.service, background=False, plugins=[Loaded(router)])
    with TestClient(app) as client:
        assert client.get("/plugin/tiny").status_code == 401
        for who, status in (("viewer", 200), ("planner", 403), ("south_viewer", 403)):
            headers = {"Authorization": f"Bearer {served.tokens[who]}"}
            assert client.get("/plugin/tiny", headers=headers).status_code == status
        assert "/plugin/{day}" in client.get("/openapi.json").json()["paths"]


def test_a_plug_in_that_declares_no_right_keeps_the_service_from_starting(served: Served) -> None:
    with pytest.raises(ValueError, match="/careless declares no right"):
        make_app(served.service, background=False, plugins=[Loaded(careless)])


class Loaded:
    """An entry point that gives a router of this file."""

    name = "mine"

    def __init__(self, found: APIRouter) -> None:
        self._found = found

    def load(self) -> APIRouter:
        return self._found
