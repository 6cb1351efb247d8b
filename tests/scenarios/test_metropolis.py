"""The generated metropolis: repeatable, connected, dense in the middle, readable as a map file."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.build import build_network
from geo.osm_xml import read_osm_xml
from geo.profiles import get_profile
from scenarios.metropolis import generate_metropolis
from scenarios.osm_writer import write_osm_xml


@pytest.fixture(scope="module")
def city():
    return generate_metropolis(3, extent_km=30.0, towns=8)


def test_the_same_seed_gives_the_same_city_and_another_seed_another(city) -> None:
    again = generate_metropolis(3, extent_km=30.0, towns=8)
    other = generate_metropolis(4, extent_km=30.0, towns=8)
    assert np.array_equal(again.people, city.people)
    assert np.array_equal(again.roads.lon, city.roads.lon)
    assert np.array_equal(again.outlets, city.outlets)
    assert not np.array_equal(other.roads.lon[:50], city.roads.lon[:50])


def test_nearly_every_crossing_can_be_reached_from_every_other(city) -> None:
    network = build_network(city.roads, get_profile("car"))
    assert (network.component == 0).mean() > 0.99
    assert {"trunk", "primary", "residential"} <= {network.classes[k] for k in network.road_class}


def test_the_core_is_denser_than_the_suburbs_and_nobody_lives_on_the_river(city) -> None:
    km = (city.demand - np.array([112.0, 30.0])) * np.array([96.3, 111.2])
    reach = np.hypot(*km.T)
    assert city.people[reach < 3].mean() > 10 * city.people[reach > 12].mean()
    assert not shapely.intersects_xy(city.plan.river, km[:, 0], km[:, 1]).mean() > 0.001


def test_two_outlets_stand_beside_each_other(city) -> None:
    km = (city.outlets - np.array([112.0, 30.0])) * np.array([96.3, 111.2])
    assert np.hypot(*(km[-1] - km[0])) == pytest.approx(0.7, abs=0.01)
    assert len(km) == 26


def test_the_map_file_reads_back_as_the_same_network(city, tmp_path: Path) -> None:
    path = tmp_path / "city.osm"
    write_osm_xml(city.roads, path)
    car = get_profile("car")
    drawn, read = build_network(city.roads, car), build_network(read_osm_xml(path), car)
    assert read.content_hash == drawn.content_hash


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="extent_km"):
        generate_metropolis(1, extent_km=5.0)
