"""Travel of a live day that grows by a place at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dispatch.domain import Day, Place, Traffic
from dispatch.domain.traffic import AreaFactor
from dispatch.domain.travel_table import TravelTable
from dispatch.live.roads import LiveRoads, table_of_places
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from geo.travel_matrix import TravelMatrix
from tests.data_root import data_or_skip
from tests.days import at, technician, tiny_day
from tests.networks import make_town


class Counted(RoadTravel):
    """Roads that count how often they are asked for a whole matrix."""

    matrices = 0

    def matrix(self, lonlat: np.ndarray, profile: str) -> TravelMatrix:
        self.matrices += 1
        return super().matrix(lonlat, profile)


def places_in(network: RoadNetwork, count: int) -> list[Place]:
    """Different places some meters from nodes of the main component."""
    main = np.flatnonzero(network.component == 0)
    nodes = np.random.default_rng(3).choice(main, count, replace=False).tolist()
    return [
        Place(lon=float(network.node_lon[i]) + 1e-5, lat=float(network.node_lat[i])) for i in nodes
    ]


def day_around(places: Sequence[Place]) -> Day:
    """A day in the traffic of a big city, with one road area slower from 9 to 12."""
    here = places[0]
    ring = [(here.lon + x, here.lat + y) for x, y in ((0, 0), (0.03, 0), (0.03, 0.03), (0, 0.03))]
    area = AreaFactor(ring=tuple(ring), start=at("09:00"), end=at("12:00"), percent=50)
    traffic = Traffic(profile="china_big_city", areas=(area,))
    return tiny_day((), [technician()], traffic=traffic)


def check_equal(grown: TravelTable, whole: TravelTable) -> None:
    """The same figures, whatever the order of places."""
    row = {place: i for i, place in enumerate(map(tuple, grown.lonlat.tolist()))}
    order = np.array([row[place] for place in map(tuple, whole.lonlat.tolist())])
    cut = np.ix_(order, order)
    assert len(row) == len(order)
    assert np.array_equal(grown.durations_s["car"][cut], whole.durations_s["car"])
    assert np.array_equal(grown.distances_m["car"][cut], whole.distances_m["car"])
    assert grown.regimes is not None
    assert whole.regimes is not None
    assert np.array_equal(grown.regimes.bucket_start_s, whole.regimes.bucket_start_s)
    assert np.array_equal(grown.regimes.bucket_regime, whole.regimes.bucket_regime)
    states = whole.regimes.durations_s["car"]
    assert len(states) > 3
    for one, other in zip(grown.regimes.durations_s["car"], states, strict=True):
        assert np.array_equal(one[cut], other)


def check_growing(travel: Counted, places: list[Place], begin: int) -> None:
    """Begin with some places, add the others one by one; no matrix is asked for again."""
    day, roads = day_around(places), LiveRoads(travel)
    first = roads.table(day, places[:begin])
    asked, figures = travel.matrices, first.durations_s["car"].copy()
    for count in range(begin + 1, len(places) + 1):
        grown = roads.table(day, places[:count])
    assert travel.matrices == asked == 1
    assert np.array_equal(first.durations_s["car"], figures)
    lonlat = np.array(sorted((place.lon, place.lat) for place in places))
    check_equal(grown, table_of_places(day, travel, lonlat))


def test_a_table_that_grew_place_by_place_is_the_one_made_at_once(tmp_path: Path) -> None:
    town = make_town(10, seed=8)
    travel = Counted({"car": town}, cache_dir=tmp_path)
    check_growing(travel, places_in(town, 40), begin=25)


@pytest.mark.core
def test_on_the_roads_of_a_city_a_new_place_is_asked_about_alone(tmp_path: Path) -> None:
    travel = Counted.from_file(data_or_skip("maps", "wuhan_roads.osm.pbf"), cache_dir=tmp_path)
    assert isinstance(travel, Counted)
    check_growing(travel, places_in(travel.get_network("car"), 66), begin=60)
