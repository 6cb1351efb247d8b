"""Generated days: the same from the same seed, and whole."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from dispatch.domain import Day, Priority
from dispatch.planning.daily import plan_day
from geo.estimated import EstimatedTravel
from geo.network import NO_NAME, RoadNetwork
from geo.osm import read_network
from scenarios.catalog import EARLY, GAS, LATE, MIDDLE
from scenarios.clusters import cluster_places
from scenarios.demand import build_network_demand
from scenarios.errors import DataUnavailable
from scenarios.generate import generate_day, get_nautical_zone
from solver.stop import MaxIterations
from tests.data_root import data_or_skip
from tests.towns import town


def line_network(classes: tuple[str, ...]) -> RoadNetwork:
    """Three nodes in a row, 500 m apart, two-way arcs of the first class."""
    return RoadNetwork(
        profile="car",
        node_id=np.arange(3),
        node_lon=np.array([121.0, 121.005, 121.01]),
        node_lat=np.full(3, 31.0),
        tail=np.array([0, 1, 1, 2], dtype=np.int32),
        head=np.array([1, 0, 2, 1], dtype=np.int32),
        length_mm=np.full(4, 500_000),
        free_flow_ms=np.full(4, 36_000),
        road_class=np.zeros(4, dtype=np.int16),
        name=np.array([NO_NAME, 0, 1, 1], dtype=np.int32),
        geometry_offset=np.arange(5) * 2,
        geometry_lon=np.full(8, 121.0),
        geometry_lat=np.full(8, 31.0),
        component=np.zeros(3, dtype=np.int32),
        classes=classes,
        names=("First", "Second"),
        source="a line",
        attribution="",
        content_hash="0",
    )


def test_the_same_seed_gives_the_same_day_and_another_seed_another_one():
    assert generate_day(town(), seed=4) == generate_day(town(), seed=4)
    assert generate_day(town(), seed=4) != generate_day(town(), seed=5)


def test_a_day_has_what_was_asked_for():
    day = generate_day(town(), seed=1, visits=120, technicians=17, outlets=5, emergencies=2)
    assert (len(day.visits), len(day.technicians), len(day.outlets)) == (120, 17, 5)
    emergencies = [v for v in day.visits if v.priority is Priority.EMERGENCY]
    assert [v.id for v in emergencies] == ["E1", "E2"]
    assert all(v.received_at == v.released_at and not v.promises for v in emergencies)
    assert all(v.promises for v in day.visits if v.priority is not Priority.EMERGENCY)


def test_emergencies_of_a_morning_came_in_just_before_the_first_shift():
    day = generate_day(town(), seed=1, visits=200, technicians=10, emergencies=100)
    first = min(shift.start for t in day.technicians for shift in t.shifts)
    received = [v.received_at for v in day.visits if v.priority is Priority.EMERGENCY]
    after = [(moment - first).total_seconds() / 60 for moment in received]
    assert after == sorted(after)
    # 100 draws from -10 ... 0: each end is missed with probability (10/11)^100 < 0.01 %
    assert (after[0], after[-1]) == (-10, 0)


def test_some_emergencies_can_be_reached_in_time_and_some_cannot():
    shares = []
    for seed in range(1, 7):
        day = generate_day(town(), seed=seed, visits=40, technicians=10, emergencies=10)
        plan = plan_day(day, EstimatedTravel(), stop=MaxIterations(0), explain=False)
        shares.append(plan.reachable_emergencies)
    assert 0 < sum(shares) < len(shares)


def test_a_day_survives_json_unchanged():
    day = generate_day(town(), seed=2)
    assert Day.model_validate_json(day.model_dump_json()) == day


def test_every_reference_of_a_day_exists():
    day = generate_day(town(), seed=3, visits=400)
    outlets = {outlet.id for outlet in day.outlets}
    skills = {t.id: {s.skill: s.level for s in t.skills} for t in day.technicians}
    assert {t.outlet for t in day.technicians} <= outlets
    for visit in day.visits:
        need = visit.skills[0]
        named = (*visit.preferred, *visit.excluded, visit.last_technician)
        for technician in filter(None, named):
            assert skills[technician][need.skill] >= need.level
        assert not set(visit.preferred) & set(visit.excluded)


def test_a_day_shows_every_kind_of_rule():
    day = generate_day(town(), seed=1, visits=400, technicians=25)
    visits, people = day.visits, day.technicians
    assert {v.priority for v in visits} == set(Priority)
    assert any(len(v.promises) == 2 for v in visits)
    assert any(v.promises and v.promises[0].earliest for v in visits)
    assert any(not v.mandatory and v.value_fen for v in visits)
    assert any(v.customer_class == "vip" for v in visits)
    assert any(v.preferred for v in visits)
    assert any(v.last_technician for v in visits)
    assert any(v.access_s >= 180 for v in visits)
    assert any(t.start for t in people)
    assert any(t.territory for t in people)
    assert all(len(t.shifts[0].breaks) == 1 for t in people)
    assert Counter(o.kind for o in day.outlets) == {"own": 4, "authorized": 1, "contracted": 1}
    lapsed = [
        s for t in people for s in t.skills
        if s.certificate_expires and s.certificate_expires < day.date
    ]  # fmt: skip
    assert [s.skill for s in lapsed] == [GAS]


def test_appointments_are_made_while_somebody_is_on_shift():
    day = generate_day(town(), seed=1, visits=300)
    midnight = day.horizon_start - timedelta(hours=6)
    first = min(k.start for k in (EARLY, MIDDLE, LATE)) + 30
    last = max(k.end for k in (EARLY, MIDDLE, LATE)) - 60
    for visit in day.visits:
        for promise in visit.promises:
            if promise.appointment:
                minutes = (promise.appointment - midnight).total_seconds() / 60
                assert first <= minutes <= last


def test_visits_follow_the_people():
    day = generate_day(town(), seed=1, visits=900, emergencies=0)
    west = sum(1 for v in day.visits if v.district == "West")
    # two thirds of the weight: 600 expected, standard deviation sqrt(900 * 2/9) = 14
    assert abs(west - 600) < 5 * 14
    assert {v.zone for v in day.visits if v.district == "East"} == {"suburban"}


def test_a_small_crew_can_do_everything_and_few_outlets_are_all_their_own():
    day = generate_day(town(), seed=1, visits=10, technicians=2, outlets=2, emergencies=0)
    assert all(len(t.skills) == 6 for t in day.technicians)
    assert [o.kind for o in day.outlets] == ["own", "own"]


def test_doors_stand_at_streets_of_the_network():
    demand = build_network_demand(line_network(("residential",)))
    # street ends per node: 1, 2, 1; node 0 has no named arc of its own
    assert demand.weight.tolist() == [1.0, 2.0, 1.0]
    assert demand.street.tolist() == ["", "First", "Second"]
    door = demand.door(np.random.default_rng(1), 2)
    assert abs(door.lon - 121.01) < 0.0005
    assert door.address.startswith("Second ")


def test_a_map_of_motorways_has_no_doors():
    with pytest.raises(DataUnavailable, match="no residential street"):
        build_network_demand(line_network(("motorway",)))


def test_an_extent_without_streets_is_refused():
    with pytest.raises(DataUnavailable, match="no street within 0 km"):
        build_network_demand(line_network(("residential",)), extent_km=0)


def test_the_smallest_day_is_one_emergency_for_one_technician():
    day = generate_day(town(1), seed=1, visits=1, technicians=1, outlets=4, emergencies=3)
    assert [v.id for v in day.visits] == ["E1"]
    assert (len(day.technicians), len(day.outlets)) == (1, 1)


def test_clusters_are_found_without_chance():
    points = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0], [10, 30]])
    centers, label = cluster_places(points, 3)
    assert {tuple(c) for c in centers.tolist()} == {(0.5, 0.0), (10.5, 0.0), (10.0, 30.0)}
    assert label[0] == label[1] != label[2] == label[3] != label[4]
    assert len(cluster_places(points[:1].repeat(4, axis=0), 3)[0]) == 1


@pytest.mark.parametrize(
    ("lon", "zone"), [(114.3, "Etc/GMT-8"), (-73.9, "Etc/GMT+5"), (2.0, "Etc/GMT")]
)
def test_a_map_gets_the_whole_hour_zone_of_its_longitude(lon, zone):
    assert get_nautical_zone(lon) == zone


@pytest.mark.parametrize("name", ["monaco.osm.pbf", "wuhan_roads.osm.pbf"])
def test_a_day_is_made_on_a_real_map(name):
    demand = build_network_demand(read_network(data_or_skip("maps", name)))
    day = generate_day(demand, seed=7)
    assert len(day.visits) == 200
    low, high = demand.lonlat.min(axis=0), demand.lonlat.max(axis=0)
    for visit in day.visits:
        # doors lie at most 30 m, less than 0.001 degrees, from their node
        assert low[0] - 0.001 <= visit.place.lon <= high[0] + 0.001
        assert low[1] - 0.001 <= visit.place.lat <= high[1] + 0.001
