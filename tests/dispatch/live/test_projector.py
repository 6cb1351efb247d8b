"""A day projected again and again is projected as if for the first time."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from dispatch.domain import disruption as d
from dispatch.errors import InvalidRequest
from dispatch.live import projector as projectors
from dispatch.live.apply import apply, wait_until
from dispatch.live.projection import project
from dispatch.live.projector import Projector
from dispatch.live.state import LiveState, begin_day
from tests.days import at, spot
from tests.live_days import begun, event, live_day, live_plan, town_table

TOWN = town_table()
STEPS = 60


def news(chance: random.Random, state: LiveState) -> d.Happening:
    """Something that may happen now; a good part of it is refused."""
    moment = state.now
    person = chance.choice(["T1", "T2", "T3"])
    ahead = [
        (route.technician, stop.visit)
        for route in state.routes
        for stop in route.ahead
        if stop.visit
    ]
    who, visit = chance.choice(ahead or [("T1", "V1")])
    about = {"happened_at": moment, "technician": who, "visit": visit}
    place = spot(chance.randrange(6), chance.randrange(6))
    return chance.choice(
        [
            lambda: d.TechnicianDeparted(**about),
            lambda: d.TechnicianArrived(**about),
            lambda: d.WorkStarted(**about),
            lambda: d.WorkFinished(**about),
            lambda: d.VisitOverran(**about, ends_at=moment + timedelta(minutes=40)),
            lambda: d.TechnicianSeen(happened_at=moment, technician=person, place=place),
            lambda: d.TechnicianLate(
                happened_at=moment, technician=person, until=moment + timedelta(minutes=25)
            ),
            lambda: d.AddressCorrected(happened_at=moment, visit=visit, place=place),
            lambda: d.OutletClosed(
                happened_at=moment, outlet="O1", start=moment, end=moment + timedelta(hours=1)
            ),
        ]
    )()


@pytest.mark.parametrize("seed", range(12))
def test_what_is_remembered_gives_what_is_worked_out_anew(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - news of a test
    state, again = begun(), Projector()
    moment = at("07:30")
    for number in range(STEPS):
        moment += timedelta(seconds=chance.choice([0, 1, 59, 300, 900]))
        state = wait_until(state, moment)
        try:
            state = apply(state, event(state.sequence + 1, moment, news(chance, state)))
        except InvalidRequest:
            continue
        assert again.project(state, TOWN) == project(state, TOWN), number


def test_only_the_route_something_happened_to_is_timed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed: list[int] = []
    whole = projectors.project_routes

    def watched(facts, known):
        timed.append(len(facts.state.routes) - len(known))
        return whole(facts, known)

    monkeypatch.setattr(projectors, "project_routes", watched)
    again, state = Projector(), wait_until(begin_day(live_day(), live_plan()), at("07:30"))
    again.project(state, TOWN)
    fact = d.TechnicianLate(happened_at=at("07:31"), technician="T1", until=at("08:20"))
    again.project(apply(state, event(1, at("07:31"), fact)), TOWN)
    assert timed == [3, 1]
