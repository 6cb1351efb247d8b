"""Every route × every caller: the list of routes is the application's own."""

from __future__ import annotations

import re

import pytest

from dispatch.api.app import routes_of
from dispatch.api.rights import Right, find_right
from tests.services import Served

EVERYBODY = {
    "viewer", "planner", "dispatcher", "admin", "technician", "other_technician",
    "north_dispatcher", "south_dispatcher", "both_dispatcher", "north_viewer", "north_planner",
    "south_viewer", "south_planner", "south_technician",
}  # fmt: skip
NORTH_OFFICE = {"admin", "dispatcher", "north_dispatcher", "both_dispatcher"}
"""The day of the tests lies in the north; who has no regions may enter all."""
OFFICE = NORTH_OFFICE | {"south_dispatcher"}
TECHNICIANS = {"technician", "other_technician", "south_technician"}
ON_THE_DAY = {
    Right.OPEN: EVERYBODY | {"nobody"},
    Right.SIGNED_IN: EVERYBODY - {"south_dispatcher", "south_viewer", "south_planner",
                                  "south_technician"},
    Right.FIGURES: NORTH_OFFICE | {"viewer", "planner", "north_viewer", "north_planner"},
    Right.READ: NORTH_OFFICE | {"viewer", "north_viewer"},
    Right.DECIDE: NORTH_OFFICE,
    Right.MANAGE: {"admin"},
}  # fmt: skip
ANYWHERE = {
    Right.OPEN: EVERYBODY | {"nobody"},
    Right.SIGNED_IN: EVERYBODY,
    Right.FIGURES: OFFICE
    | {"viewer", "planner", "north_viewer", "north_planner", "south_viewer", "south_planner"},
    Right.READ: OFFICE | {"viewer", "north_viewer", "south_viewer"},
    Right.DECIDE: OFFICE,
    Right.MANAGE: {"admin"},
    Right.OWN: TECHNICIANS,
}
"""Routes about no day; nothing there is a technician's own."""
VALUES = {"day": "tiny", "technician": "T1", "visit": "V1", "order": "W1", "name": "plan.json"}


def routes(served: Served) -> list[tuple[str, str, Right | None]]:
    return [
        (method, route.path, find_right(route.endpoint))
        for route in routes_of(served.client.app)
        for method in sorted(route.methods or ())
    ]


def fill(path: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda m: VALUES.get(m[1], "none"), path)


@pytest.mark.parametrize("caller", [*sorted(EVERYBODY), "nobody"])
def test_every_route_lets_in_exactly_those_who_hold_its_right(served: Served, caller: str) -> None:
    served.service.hub._stopped = True  # streams end at once
    wrong = []
    for method, path, right in routes(served):
        assert right is not None, f"{path} declares no right"
        allowed = (ON_THE_DAY if "{day}" in path else ANYWHERE)[right]
        if method == "DELETE" and path == "/session":
            continue  # ends the session that is not there; its right is that of GET /session
        answer = served.ask(method, fill(path), caller, json={} if method != "GET" else None)
        refused = answer.status_code == (401 if caller == "nobody" else 403)
        if refused is (caller in allowed):
            wrong.append((method, path, right, answer.status_code))
    assert wrong == []


def test_a_day_of_no_region_is_for_those_without_regions_alone(served: Served) -> None:
    from tests.days import tiny_day

    other = tiny_day().model_copy(update={"id": "nowhere"})
    assert served.send_day(other).status_code == 201
    assert served.get("/days/nowhere", "north_dispatcher").status_code == 403
    assert served.get("/days/nowhere", "dispatcher").status_code == 200


def test_a_list_of_days_names_those_of_the_own_regions(served: Served) -> None:
    names = {
        caller: [day["id"] for day in served.get("/days", caller).json()["items"]]
        for caller in ("dispatcher", "north_dispatcher", "south_dispatcher")
    }
    assert names == {"dispatcher": ["tiny"], "north_dispatcher": ["tiny"], "south_dispatcher": []}


def test_a_dispatcher_of_regions_brings_days_of_those_alone(served: Served) -> None:
    from tests.days import tiny_day

    def send(name: str, region: str | None) -> int:
        day = tiny_day().model_copy(update={"id": name})
        params = {} if region is None else {"region": region}
        return served.send_day(day, "south_dispatcher", params=params).status_code

    assert send("a", None) == 403
    assert send("b", "north") == 403
    assert send("c", "south") == 201
    assert send("tiny", "south") == 403  # a day of the north already
