"""Simulated days: the same visits for both networks, and what the differences say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from dispatch.domain.network import Network, NetworkOutlet
from geo.demand import make_demand
from geo.estimated import EstimatedTravel
from scenarios.layout_days import (
    MEASURES,
    DaySettings,
    compare_days,
    divide,
    draw_visits,
    find_interval,
    staff,
)
from scenarios.layout_files import to_day_outlets
from scenarios.staff import Calendar

SETTINGS = DaySettings(count=3, visits=12, iterations=200)
CALENDAR = Calendar(date(2026, 3, 2), "Asia/Shanghai")


def _demand():
    # two towns 40 km apart: 0.4 of a degree of longitude at 30° north is 38.5 km
    rng = np.random.default_rng(1)
    west = rng.normal([112.0, 30.0], 0.01, (40, 2))
    east = rng.normal([112.4, 30.0], 0.01, (40, 2))
    return make_demand(np.vstack([west, east]), np.full(80, 5), zone=np.zeros(80, dtype=np.int8))


def _network(*places: float) -> Network:
    outlets = tuple(NetworkOutlet(id=f"O{n}", lon=lon, lat=30.0) for n, lon in enumerate(places))
    return Network(id="n", outlets=outlets)


def _figures(days, key):
    return next(entry for entry in days["measures"] if entry["key"] == key)


def test_a_network_beside_itself_differs_in_nothing() -> None:
    network = _network(112.0, 112.4)
    days = compare_days((network, network), _demand(), EstimatedTravel(), SETTINGS)
    assert [entry["key"] for entry in days["measures"]] == list(MEASURES)
    for entry in days["measures"]:
        assert (entry["difference"], entry["low"], entry["high"]) == (0.0, 0.0, 0.0)
    assert all(row["today"] == row["after"] for row in days["rows"])
    assert days["estimated_travel"]
    assert days["technicians"] == 2  # 12 visits, six for each technician


def test_an_outlet_in_the_far_town_saves_kilometers_and_keeps_no_fewer_promises() -> None:
    pair = (_network(112.0), _network(112.0, 112.4))
    settings = replace(SETTINGS, technicians=4, count=10)
    days = compare_days(pair, _demand(), EstimatedTravel(), settings)
    km = _figures(days, "km")
    # nobody has to drive the 38.5 km (50 by road) to the other town and back any more
    assert km["difference"] < -50
    assert km["high"] < 0
    assert _figures(days, "kept")["difference"] >= 0
    assert _figures(days, "leg_min")["after"] < _figures(days, "leg_min")["today"]
    assert compare_days(pair, _demand(), EstimatedTravel(), settings) == days


def test_technicians_stand_where_the_demand_is() -> None:
    demand = _demand()
    outlets = to_day_outlets(_network(112.0, 112.4, 114.0))
    crew = staff(outlets, demand, 9, CALENDAR)
    # one each, and six more by demand: three and three, nobody lives near the third
    homes = [technician.outlet for technician in crew]
    assert [homes.count(f"O{n}") for n in range(3)] == [4, 4, 1]
    assert divide(np.array([5.0, 3.0, 2.0]), 3).tolist() == [1, 1, 1]  # 1.5, 0.9, 0.6
    assert divide(np.zeros(2), 3).tolist() == [2, 1]


def test_visits_are_drawn_by_weight() -> None:
    demand = make_demand(np.array([[112.0, 30.0], [112.4, 30.0]]), np.array([0, 7]),
                         zone=np.array([0, 1], dtype=np.int8))  # fmt: skip
    visits = draw_visits(demand, 20, CALENDAR, np.random.default_rng(3))
    assert {(visit.place.lon, visit.zone) for visit in visits} == {(112.4, "suburban")}
    assert len({visit.promises[0].earliest for visit in visits}) > 3


def test_the_interval_is_students() -> None:
    # mean 2, standard deviation 1, n = 3: t(0.975, 2) = 4.302653; 4.302653 / sqrt(3) = 2.484138
    low, high = find_interval(np.array([1.0, 2.0, 3.0]))
    assert (low, high) == (pytest.approx(-0.484138, abs=1e-6), pytest.approx(4.484138, abs=1e-6))
    assert find_interval(np.array([1.0])) == (None, None)
