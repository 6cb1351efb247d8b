"""What befalls a simulated day: drawn once, the same for every policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.domain import Priority
from scenarios.errors import UnknownInstance, UnsupportedRule
from scenarios.simulation.chances import Chances, Streams
from scenarios.simulation.world import World, build_world
from tests.simulated_day import CALM, make_day, make_table


def _world(chances: Chances, replication: int = 1, seed: int = 5) -> World:
    day = make_day()
    return build_world(day, make_table(day), chances, seed=seed, replication=replication)


def test_a_calm_day_brings_nothing_new() -> None:
    world = _world(CALM)
    assert world.requests == ()
    assert (world.cancels, world.absent, world.sick, world.shocks) == ({}, frozenset(), {}, ())
    visit, person = world.day.visits[0], world.day.technicians[0]
    assert world.service(person, visit) == 1800
    assert world.drive(600, (visit.place, visit.place), 36_000, visit.id) == 600
    assert world.opening == 8 * 3600


def test_the_same_seed_draws_the_same_world_and_another_replication_another() -> None:
    chances = Chances(requests=0.5, emergencies=20, cancellations=0.3, sickness=0.5)
    one, same, other = _world(chances), _world(chances), _world(chances, replication=2)
    assert (one.requests, one.cancels, one.sick) == (same.requests, same.cancels, same.sick)
    assert one.requests != other.requests


def test_a_stream_depends_on_its_name_alone() -> None:
    streams = Streams(3, 1)
    first = streams.share("absent", "V01")
    streams.share("absent", "V02")
    assert streams.share("absent", "V01") == first
    assert streams.share("cancel", "V01") != first


def test_factors_have_mean_one() -> None:
    streams = Streams(1, 1)
    factors = [streams.factor("service", str(i), 0.3) for i in range(4000)]
    # Standard error of the mean: about 0.3 / sqrt(4000) = 0.005.
    assert sum(factors) / 4000 == pytest.approx(1.0, abs=0.02)


def test_work_takes_as_long_whoever_does_it() -> None:
    world = _world(replace(CALM, service_spread=0.5))
    visit = world.day.visits[3]
    lasts = {world.service(person, visit) for person in world.day.technicians}
    assert len(lasts) == 1
    assert lasts != {1800}


def test_requests_come_in_after_the_opening_and_ahead_of_their_promise() -> None:
    world = _world(replace(CALM, requests=1.0, lead_min=60))
    assert world.requests
    for request in world.requests:
        latest = request.visit.promises[0].window()[1]
        assert world.opening < request.second <= world.clock.floor(latest) - 3600
        assert request.visit.received_at == world.clock.moment(request.second)


def test_emergencies_are_where_visits_are_and_known_when_they_come_in() -> None:
    world = _world(replace(CALM, emergencies=50.0))
    places = {visit.place for visit in make_day().visits}
    urgent = [r for r in world.requests if r.visit.priority is Priority.EMERGENCY]
    assert urgent
    assert all(r.visit.place in places and r.visit.promises == () for r in urgent)
    assert all(
        world.clock.ceil(r.visit.received_at) == r.second for r in urgent if r.visit.received_at
    )


def test_a_slow_area_slows_ways_that_begin_or_end_in_it_while_it_lasts() -> None:
    world = _world(replace(CALM, shocks=5.0, shock_percent=50))
    shock, visit = world.shocks[0], world.day.visits[0]
    inside, during = (shock.place, visit.place), shock.start
    assert world.drive(600, inside, during, "way") == 1200  # half the speed
    late = max(one.end for one in world.shocks)
    assert world.drive(600, inside, late, "way") == 600


def test_crews_links_and_parts_are_refused_by_name() -> None:
    day = make_day()
    crew = day.visits[0].model_copy(update={"crew_size": 2})
    day = day.model_copy(update={"visits": (crew, *day.visits[1:])})
    with pytest.raises(UnsupportedRule, match="V00"):
        build_world(day, make_table(day), CALM, seed=1, replication=1)


@pytest.mark.parametrize("wrong", [{"absences": 1.5}, {"overrun_factor": 0.5}, {"shocks": -1}])
def test_chances_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UnknownInstance, match=next(iter(wrong))):
        Chances(**wrong)  # type: ignore[arg-type]  # the point of the test
