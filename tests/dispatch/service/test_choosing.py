"""A decision made a moment ago, on the route as it is now."""

from __future__ import annotations

from typing import Any

from dispatch.domain.decision import GivenRoute, GivenStop
from dispatch.live.decision import name_of
from dispatch.live.state import LiveRoute, Stop
from dispatch.service.choosing import rebase
from tests.days import at

GIVEN = GivenRoute(
    technician="T1",
    turned=True,
    stops=(GivenStop(kind="visit", visit="E1"), GivenStop(kind="visit", visit="V1")),
)


def route(**news: Any) -> LiveRoute:
    return LiveRoute(technician="T1", shift=0, ahead=(Stop(kind="visit", visit="V1", **news),))


BEFORE = [name_of(stop) for stop in route().ahead]


def test_who_is_still_on_the_way_is_turned() -> None:
    found = rebase(GIVEN, BEFORE, route(departed_at=at("09:00")))
    assert found is not None
    assert found.turned


def test_nobody_is_called_away_from_a_door_reached_meanwhile() -> None:
    there = route(departed_at=at("09:00"), arrived_at=at("09:10"))
    assert rebase(GIVEN, BEFORE, there) is None
    at_work = route(departed_at=at("09:00"), arrived_at=at("09:10"), started_at=at("09:12"))
    assert rebase(GIVEN, BEFORE, at_work) is None


def test_who_has_not_set_out_needs_no_turning() -> None:
    found = rebase(GIVEN, BEFORE, route())
    assert found is not None
    assert not found.turned
