"""The way of a technician on the map: along the streets, straight where no road leads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.errors import NoWay
from tests.days import GridTown
from tests.services import Served


class Streets(GridTown):
    """The grid town with streets: every way goes east or west first, then north or south."""

    estimated = False

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, Any]] = []

    def leg_geometry(self, origin: Any, destination: Any, profile: str) -> Any:
        self.asked.append((origin, destination))
        if tuple(destination) in self.cut:
            raise NoWay("a river")
        return np.array([origin, (destination[0], origin[1]), destination], dtype=np.float64)


@pytest.fixture
def streets(served: Served) -> Streets:
    streets = Streets()
    served.service._travel = streets
    return streets


def legs(served: Served, row: str = "T1.0") -> list[dict[str, Any]]:
    answer = served.get(f"/days/tiny/ways/{row}", "viewer")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["legs"]
    return found


def test_a_way_goes_from_stop_to_stop_round_the_corners(served: Served, streets: Streets) -> None:
    rows = served.get("/days/tiny/board").json()["rows"]
    row = next(one for one in rows if one["id"] == "T1.0")
    found = legs(served)
    visits = [stop for stop in row["stops"] if "job" in stop]
    assert [one["to"] for one in found if one["to"] in {stop["id"] for stop in visits}] == [
        stop["id"] for stop in visits
    ]
    here = row["start"]
    for leg in found:
        assert leg["points"][0] == here
        here = leg["points"][-1]
        (x, y), (to_x, to_y) = leg["points"][0], here
        # A corner only where the way turns.
        assert len(leg["points"]) == (3 if x != to_x and y != to_y else 2)
        assert "straight" not in leg
    assert here == row.get("end", row["start"])


def test_each_leg_is_searched_once(served: Served, streets: Streets) -> None:
    first = legs(served)
    asked = len(streets.asked)
    assert asked == len(first)
    assert legs(served) == first
    assert len(streets.asked) == asked


def test_where_no_road_leads_the_way_is_straight_and_says_so(
    served: Served, streets: Streets
) -> None:
    rows = served.get("/days/tiny/board").json()["rows"]
    visit = next(s for row in rows if row["id"] == "T1.0" for s in row["stops"] if "job" in s)
    streets.cut = {tuple(visit["job"]["at"])}
    found = legs(served)
    assert [leg["to"] for leg in found if leg.get("straight")] == [visit["id"]]
    assert len(next(leg for leg in found if leg.get("straight"))["points"]) == 2


def test_without_roads_or_row_there_is_no_way(served: Served) -> None:
    answer = served.get("/days/tiny/ways/T1.0")
    assert (answer.status_code, answer.json()["code"]) == (404, "A1015")
    served.service._travel = Streets()
    served.service._street_ways = None
    answer = served.get("/days/tiny/ways/T9.0")
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (404, "row")


URGENT = {"id": "E9", "place": {"lon": 121.03, "lat": 31.02}, "service_s": 1800,
          "priority": "emergency"}  # fmt: skip


def test_the_way_to_an_emergency_leads_over_what_comes_before_it(
    served: Served, streets: Streets
) -> None:
    served.clock.move(hours=1)
    moment = served.clock().isoformat()
    gone = {"kind": "technician_departed", "technician": "T2", "visit": "V4"}
    body = {"what": {**gone, "happened_at": moment}}
    assert served.post("/days/tiny/events", body, "dispatcher").status_code == 201
    visit = {**URGENT, "received_at": moment}
    ask = {"visit": visit, "mode": "after_current", "top": 20}
    offer = served.post("/days/tiny/emergencies", ask, "dispatcher").json()
    rows = {one["id"]: one for one in served.get("/days/tiny/board").json()["rows"]}
    kept = served.service.offers.get("tiny", offer["id"], served.service.now())
    lengths = set()
    for option in kept.options:
        path = f"/days/tiny/emergencies/{offer['id']}/ways/{option.index}"
        answer = served.get(path, "dispatcher")
        if option.technician is None:
            assert (answer.status_code, answer.json()["code"]) == (404, "A1015")
            continue
        route = next(one for one in option.routes if one.technician == option.technician)
        before = [stop.visit for stop in route.stops if stop.visit is not None]
        before = before[: before.index("E9") + 1]
        found = answer.json()
        assert found["row"] == f"{option.technician}.{option.shift}"
        assert [leg["to"] for leg in found["legs"]] == before
        assert found["legs"][0]["points"][0] == rows[found["row"]]["start"]
        assert found["legs"][-1]["points"][-1] == [121.03, 31.02]
        for one, other in zip(found["legs"], found["legs"][1:], strict=False):
            assert one["points"][-1] == other["points"][0]
        lengths.add(len(before))
    assert len(lengths) > 1  # at once, and behind what T2 is on the way to


def test_without_roads_or_offer_there_is_no_way_to_an_emergency(served: Served) -> None:
    ask = {"visit": {**URGENT, "received_at": served.clock().isoformat()}}
    offer = served.post("/days/tiny/emergencies", ask, "dispatcher").json()["id"]
    path = f"/days/tiny/emergencies/{offer}/ways/0"
    assert served.get(path, "dispatcher").json()["faults"][0]["found"] == "no roads"
    assert served.get(path, "viewer").status_code == 403
    served.service._travel = Streets()
    served.service._street_ways = None
    for gone in (f"/days/tiny/emergencies/{offer}/ways/99", "/days/tiny/emergencies/x/ways/0"):
        answer = served.get(gone, "dispatcher")
        assert (answer.status_code, answer.json()["code"]) == (404, "A1015")
