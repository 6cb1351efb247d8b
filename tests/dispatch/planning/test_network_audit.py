"""The figures of a network audit, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dispatch.adapters.files.network_file import read_network_file
from dispatch.planning.network_audit import NetworkAudit, audit_network
from geo.reach import RoadReach
from geo.zones import RoadDensity
from tests.network_files import write_network
from tests.networks import make_network


def audit(tmp_path: Path, roads: RoadReach | None = None, **changes: object) -> NetworkAudit:
    found = read_network_file(write_network(tmp_path, **changes))
    density = None if roads is None else RoadDensity(roads.network)
    return audit_network(found.network, found.demand, found.chain(road_density=density), roads)


def street() -> RoadReach:
    """One long two-way street along 49.41 north, a node every 0.01 degrees (723.6 m); 50 s each."""
    places = [(8.60 + i / 100, 49.41) for i in range(20)]
    arcs = [(i, i + 1, 50_000, 724_000, "primary") for i in range(19)]
    return RoadReach(make_network(places, arcs + [(b, a, t, m, k) for a, b, t, m, k in arcs]))


def test_shares_zones_districts_and_pockets_add_up(tmp_path: Path) -> None:
    found = audit(tmp_path)
    # Points every 723.6 m along 49.41; A at 8.60, 49.40, B at 8.64, 49.44 (3.34 km north of the
    # street). Suburban points 0-2 have 20 km. Urban radius 5 km: around B sqrt(5000² - 3336²) =
    # 3 725 m = 5.15 steps of 723.4 m on either side of point 4: points up to 9; A reaches
    # sqrt(5000² - 1112²) = 4 875 m = 6.7 steps: up to 6. So 0-9 are covered, 10-19 are not.
    assert found.coverage.covered.tolist() == [True] * 10 + [False] * 10
    network = found.shares[0]
    assert (network.total.weight, network.straight.weight) == (210, 55)
    assert (network.total.people, network.straight.people) == (1900, 450)
    by_name = {row.name: row for row in found.shares[1:]}
    assert (by_name["suburban"].total.points, by_name["urban"].straight.points) == (3, 7)
    assert (by_name["East"].straight.weight, by_name["West"].straight.weight) == (0, 55)
    (pocket,) = found.pockets
    assert (pocket.points, pocket.weight, pocket.district) == (10, 155, "East")
    # Its center lies at point 15.03: 7.98 km east and 3.34 km south of B, bearing 112.7 degrees.
    assert pocket.direction == "SE"


def test_grown_demand_is_weighed_anew_and_covered_by_the_same_outlets(tmp_path: Path) -> None:
    growth = [{"name": "east", "factor": 2, "by_district": {"East": 3}}, {"name": "same"}]
    found = audit(tmp_path, settings={"growth": growth})
    east, same = (row for row in found.shares if row.part == "growth")
    # West: points 0-9 weigh 55, all covered; East: points 10-19 weigh 155, none. Twice and six
    # times as much: 110 of 110 + 930.
    assert (east.name, east.total.weight, east.straight.weight) == ("east", 1040, 110)
    assert (same.total, same.straight) == (found.shares[0].total, found.shares[0].straight)


def test_the_demand_within_some_minutes_adds_up(tmp_path: Path) -> None:
    found = audit(tmp_path, street())
    drive_s = found.coverage.drive_s
    assert drive_s is not None
    for minutes, amount in found.reach:
        assert amount.points == int(((drive_s >= 0) & (drive_s <= 60 * minutes)).sum())
    assert [minutes for minutes, _ in found.reach] == [5, 10, 15, 30]
    assert audit(tmp_path).reach == ()


def test_catchment_load_and_hours_of_outlets(tmp_path: Path) -> None:
    first, second = audit(tmp_path).outlets
    assert first.catchment.points + second.catchment.points == 20
    # B opens Monday to Friday only: five days instead of six.
    assert (first.days, first.days_ok, second.days, second.days_ok) == (6, True, 5, False)
    assert (first.hours, first.hours_ok) == (10.0, True)
    assert first.load_share == pytest.approx(first.catchment.weight / 40)
    assert second.load_share is None


def test_road_decides_where_the_settings_say_so(tmp_path: Path) -> None:
    only = {"classifiers": ["polygons"]}  # the street alone is no town
    straight = audit(tmp_path, street(), settings=only)
    assert straight.coverage.road is not None
    by_road = audit(tmp_path, street(), settings=only | {"radius_measure": "road"})
    # B lies 3.34 km off the street: its access counts, so fewer points are within 5 km.
    assert by_road.coverage.covered.sum() < straight.coverage.covered.sum()
    assert by_road.coverage.covered.tolist() == straight.coverage.road.covered.tolist()
    with pytest.raises(ValueError, match="no roads"):
        audit(tmp_path, settings={"radius_measure": "road"})


def test_emergencies_within_the_minutes_of_the_card(tmp_path: Path) -> None:
    found = audit(tmp_path, street())
    # A is at node 0, B at node 4; 15 min = 18 steps of 50 s: everybody.
    assert found.emergency is not None
    assert found.emergency.weight == 210
    # 5 min = 6 steps of 50 s from node 4: points 0-10, weights 1 + … + 11 = 66.
    short = audit(tmp_path, street(), settings={"emergency_minutes": 5})
    assert short.emergency is not None
    assert short.emergency.weight == 66
    assert [one.minutes for one in found.isochrones] == [5, 10, 15, 30]
    assert all(one.area.is_valid for one in found.isochrones)


def test_two_classifiers_are_compared_where_there_are_two(tmp_path: Path) -> None:
    assert audit(tmp_path).comparison is None
    found = audit(tmp_path, street()).comparison
    assert found is not None
    assert found.sources == ("polygon", "road_density")
    assert np.sum(found.weight) == 210
