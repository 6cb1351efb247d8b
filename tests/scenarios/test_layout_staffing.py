"""Outlets with more load than capacity: technicians or a level, whichever costs less."""

import numpy as np

from dispatch.domain.network import Network, NetworkOutlet
from geo.coverage import RadiusRule, Sites, audit_coverage
from geo.demand import make_demand
from scenarios.layout_staffing import list_levels, list_staffing


def _outlet(name: str, lon: float, **rest) -> NetworkOutlet:
    return NetworkOutlet(id=name, lon=lon, lat=30.0, running_cost_per_year=900, **rest)


def _entries(*outlets: NetworkOutlet):
    network = Network(id="n", outlets=outlets, period=2)
    days = network.settings.weight_days
    # 30 units a day near the first outlet, 5 near the second
    weight = np.array([round(30 * days), round(5 * days)])
    demand = make_demand(np.array([[112.0, 30.0], [112.5, 30.0]]), weight, zone=np.zeros(2, int))
    sites = Sites.at(np.array([[o.lon, o.lat] for o in outlets[:2]]))
    audit = audit_coverage(demand, sites, RadiusRule()).straight
    return list_staffing(network, demand, audit, [o.id for o in outlets[:2]], "visits")


def test_technicians_are_added_in_proportion_to_the_missing_capacity() -> None:
    # 30 a day against 20 served by 4: each does 5, so 2 more; 900 / 4 · 2 technicians · 2 years
    (entry,) = _entries(
        _outlet("a", 112.0, capacity_per_day=20, technicians=4),
        _outlet("b", 112.5, capacity_per_day=20, technicians=4),
    )
    assert (entry["site"], entry["kind"], entry["technicians"]) == ("a", "add_technicians", 2)
    assert entry["cost"] == 900
    assert "2 more technicians" in entry["why"]["en"]
    assert "2 名技师" in entry["why"]["zh"]


def test_a_level_that_is_cheaper_than_technicians_is_taken() -> None:
    (entry,) = _entries(
        _outlet("a", 112.0, capacity_per_day=20, technicians=4, level="B"),
        _outlet("b", 112.5, capacity_per_day=40, level="A", fixed_cost=500),
    )
    # 500 once and no dearer to run, against 900
    assert (entry["kind"], entry["level"], entry["cost"]) == ("upgrade", "A", 500)


def test_an_overload_nobody_can_relieve_is_reported_all_the_same() -> None:
    (entry,) = _entries(_outlet("a", 112.0, capacity_per_day=20), _outlet("b", 112.5))
    assert (entry["kind"], entry["cost"]) == ("overloaded", 0)


def test_levels_stand_in_the_order_of_what_they_serve() -> None:
    outlets = (
        _outlet("a", 112.0, capacity_per_day=40, level="A"),
        _outlet("b", 112.5, capacity_per_day=20, level="B"),
        _outlet("c", 112.6, level="C"),
    )
    assert [level.name for level in list_levels(Network(id="n", outlets=outlets))] == ["B", "A"]
