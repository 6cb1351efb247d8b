"""The audit of a service network: every figure the report, the tables and the map are made of.

Radii from the standard (T259-7.2-a) unless the network sets its own, opening hours against
T259-7.2-b, arrival at emergencies within the minutes of the design card (CARD-E15).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.network import Network, NetworkOutlet
from dispatch.domain.outlet import Outlet
from dispatch.domain.place import Place
from dispatch.standards import get_profile
from dispatch.standards.outlets import open_hours
from geo.coverage import CoverageAudit, MeasureAudit, RadiusRule, Sites, audit_coverage
from geo.demand import ZONES, Demand, GrowthScenario, grow, make_demand
from geo.isochrone import Isochrone, compute_isochrones
from geo.pockets import Pocket, find_pockets
from geo.reach import RoadReach
from geo.straight import NOBODY
from geo.zones import Classifier, ZoneComparison, classify_zones, compare_classifiers

ISOCHRONE_MINUTES = (5.0, 10.0, 15.0, 30.0)
MOST_POCKETS = 20

Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Amount:
    """Points, weight and people, of a whole or of its covered part.

    Parameters
    ----------
    people
        None where nobody knows.
    """

    points: int
    weight: int
    people: int | None


@dataclass(frozen=True)
class ShareRow:
    """How much of a part of the network is covered.

    Parameters
    ----------
    part
        ``network``, ``zone``, ``growth`` (the network with its demand grown) or ``district``.
    name
        Of the zone, scenario or district; empty for the network.
    total
        Everything in it.
    straight, road
        What is covered by either measure; road None without roads.
    """

    part: str
    name: str
    total: Amount
    straight: Amount
    road: Amount | None


@dataclass(frozen=True)
class OutletRow:
    """One open outlet.

    Parameters
    ----------
    outlet
        As in the file.
    zone
        Its zone.
    catchment
        Demand that has it as the nearest outlet, by the measure that decides.
    covered
        The part of the catchment inside the radius.
    load_per_day, load_share
        Weight of the catchment a day; as a share of the capacity (None without one).
    days, hours
        Days a week and least hours a day it opens; None where no hours are stated.
    days_ok, hours_ok
        Whether they meet T259-7.2-b.
    farthest_m
        Distance of the farthest point of the catchment, meters.
    """

    outlet: NetworkOutlet
    zone: str
    catchment: Amount
    covered: Amount
    load_per_day: float
    load_share: float | None
    days: int | None
    hours: float | None
    days_ok: bool
    hours_ok: bool
    farthest_m: int


@dataclass(frozen=True, eq=False)
class NetworkAudit:
    """Everything the audit found.

    Parameters
    ----------
    network, demand
        What was audited; demand with zones.
    rule
        Radii that held.
    coverage
        Verdicts per demand point.
    shares
        Network first, then zones, then growth scenarios, then districts by name.
    outlets
        Open outlets in the order of the file.
    pockets
        Worst uncovered areas, heaviest first.
    isochrones
        Areas by minutes; empty without roads.
    emergency
        Demand within ``settings.emergency_minutes`` of an outlet by road; None without roads.
    reach
        Demand within each of ``ISOCHRONE_MINUTES`` of an outlet by road; empty without roads.
    comparison
        Two classifiers of zones side by side; None with fewer than two.
    attribution
        Notice of the map's source.
    """

    network: Network
    demand: Demand
    rule: RadiusRule
    coverage: CoverageAudit
    shares: tuple[ShareRow, ...]
    outlets: tuple[OutletRow, ...]
    pockets: tuple[Pocket, ...]
    isochrones: tuple[Isochrone, ...]
    emergency: Amount | None
    reach: tuple[tuple[float, Amount], ...]
    comparison: ZoneComparison | None
    attribution: str

    @property
    def deciding(self) -> MeasureAudit:
        """Verdicts by the measure that decides."""
        road = self.coverage.road
        return road if self.coverage.decides == "road" and road else self.coverage.straight


def radius_rule(network: Network) -> RadiusRule:
    """Return the radii of a network: its own, else the standard's."""
    settings, profile = network.settings, get_profile(network.standards)
    own = (settings.urban_radius_m, settings.suburban_radius_m)
    return RadiusRule(
        urban_m=profile.urban_radius_m if own[0] is None else own[0],
        suburban_m=profile.suburban_radius_m if own[1] is None else own[1],
        rural_m=settings.rural_radius_m,
        by=settings.radius_by,
    )


def make_sites(outlets: Sequence[NetworkOutlet], chain: Sequence[Classifier]) -> Sites:
    """Return outlets as arrays; a zone that is not stated is that of the ground they stand on.

    Parameters
    ----------
    outlets
        Outlets or candidates.
    chain
        Classifiers, a default last.
    """
    lonlat = np.array([(o.lon, o.lat) for o in outlets], dtype=np.float64).reshape(-1, 2)
    stated = np.array([ZONES.index(o.zone) if o.zone else -1 for o in outlets], dtype=np.int8)
    zoned = classify_zones(make_demand(lonlat, zone=stated), chain)
    radius = np.array([-1 if o.radius_m is None else o.radius_m for o in outlets], dtype=np.int64)
    return Sites(lonlat, zoned.zone, radius)


def audit_network(
    network: Network,
    demand: Demand,
    chain: Sequence[Classifier],
    roads: RoadReach | None = None,
) -> NetworkAudit:
    """Audit the open outlets of a network against its demand.

    Parameters
    ----------
    network
        Outlets and settings.
    demand
        Points; zones the input does not give come from the chain.
    chain
        Classifiers of zones, a default last.
    roads
        Searches by road; without them only the straight line is judged.

    Raises
    ------
    ValueError
        If road distance decides and there are no roads.
    """
    demand = classify_zones(demand, chain)
    rule = radius_rule(network)
    sites = make_sites(network.open_outlets, chain)
    coverage = audit_coverage(demand, sites, rule, roads, decides=network.settings.radius_measure)
    deciding = coverage.road if coverage.decides == "road" else coverage.straight
    if deciding is None:
        raise ValueError("road distance decides, but there are no roads.")
    pockets = find_pockets(
        demand,
        deciding,
        sites.lonlat,
        network=None if roads is None else roads.network,
        widest_m=2.0 * rule.urban_m,
        most=MOST_POCKETS,
    )
    return NetworkAudit(
        network=network,
        demand=demand,
        rule=rule,
        coverage=coverage,
        shares=_shares(demand, coverage, list_growth(network)),
        outlets=_outlets(network, demand, sites, deciding),
        pockets=tuple(pockets),
        isochrones=_isochrones(sites, roads),
        emergency=_within(demand, coverage, network.settings.emergency_minutes),
        reach=_reach(demand, coverage),
        comparison=_compare(demand, chain),
        attribution="" if roads is None else roads.network.attribution,
    )


def _sum(demand: Demand, rows: Bool) -> Amount:
    people = None if demand.people is None else int(demand.people[rows].sum())
    return Amount(int(rows.sum()), int(demand.weight[rows].sum()), people)


def _within(demand: Demand, coverage: CoverageAudit, minutes: float) -> Amount | None:
    """Return the demand an outlet reaches by road in so many minutes; None without roads."""
    if coverage.drive_s is None:
        return None
    in_time = (coverage.drive_s != NOBODY) & (coverage.drive_s <= minutes * 60)
    return _sum(demand, in_time)


def _reach(demand: Demand, coverage: CoverageAudit) -> tuple[tuple[float, Amount], ...]:
    amounts = ((minutes, _within(demand, coverage, minutes)) for minutes in ISOCHRONE_MINUTES)
    return tuple((minutes, amount) for minutes, amount in amounts if amount is not None)


def list_growth(network: Network) -> tuple[GrowthScenario, ...]:
    """Return the growth scenarios of a network as arrays understand them."""
    return tuple(
        GrowthScenario(
            one.name,
            one.factor,
            {str(zone): factor for zone, factor in one.by_zone.items()},
            one.by_district,
        )
        for one in network.settings.growth
    )


def _shares(
    demand: Demand, coverage: CoverageAudit, growth: Sequence[GrowthScenario] = ()
) -> tuple[ShareRow, ...]:
    every = np.ones(len(demand), dtype=np.bool_)
    found = [_share("network", "", demand, coverage, every)]
    found += [
        _share("zone", name, demand, coverage, demand.zone == code)
        for code, name in enumerate(ZONES)
    ]
    # Who is covered stays the same; how much it counts does not.
    found += [_share("growth", one.name, grow(demand, one), coverage, every) for one in growth]
    found += [
        _share("district", name, demand, coverage, demand.district == code)
        for code, name in enumerate(demand.districts)
    ]
    return tuple(row for row in found if row.part in ("network", "growth") or row.total.points)


def _share(part: str, name: str, demand: Demand, coverage: CoverageAudit, rows: Bool) -> ShareRow:
    road = None if coverage.road is None else _sum(demand, rows & coverage.road.covered)
    total = _sum(demand, rows)
    return ShareRow(part, name, total, _sum(demand, rows & coverage.straight.covered), road)


def _outlets(
    network: Network, demand: Demand, sites: Sites, deciding: MeasureAudit
) -> tuple[OutletRow, ...]:
    profile = get_profile(network.standards)
    least = (profile.figure("outlet_days"), profile.figure("outlet_hours"))
    rows = []
    for number, outlet in enumerate(network.open_outlets):
        mine = deciding.nearest == number
        catchment = _sum(demand, mine)
        load = catchment.weight / network.settings.weight_days
        days, hours = _opening(outlet)
        rows.append(
            OutletRow(
                outlet=outlet,
                zone=ZONES[int(sites.zone[number])],
                catchment=catchment,
                covered=_sum(demand, mine & deciding.covered),
                load_per_day=load,
                load_share=load / outlet.capacity_per_day if outlet.capacity_per_day else None,
                days=days,
                hours=hours,
                days_ok=days is None or days >= least[0],
                hours_ok=hours is None or hours >= least[1],
                farthest_m=int(deciding.distance_m[mine].max(initial=0)),
            )
        )
    return tuple(rows)


def _opening(outlet: NetworkOutlet) -> tuple[int | None, float | None]:
    """Return days a week and least hours a day; None where no hours are stated."""
    if not outlet.opening_hours:
        return None, None
    same = Outlet(
        id=outlet.id,
        place=Place(lon=outlet.lon, lat=outlet.lat),
        opening_hours=outlet.opening_hours,
    )
    hours = open_hours(same)
    return len(hours), min(hours.values())


def _isochrones(sites: Sites, roads: RoadReach | None) -> tuple[Isochrone, ...]:
    if roads is None or len(sites) == 0:
        return ()
    limit_ms = max(ISOCHRONE_MINUTES) * 60_000.0
    node_ms = roads.compute_node_times_ms(roads.place(sites.lonlat), limit_ms)
    return tuple(compute_isochrones(roads.network, node_ms, ISOCHRONE_MINUTES))


def _compare(demand: Demand, chain: Sequence[Classifier]) -> ZoneComparison | None:
    """Compare the first two classifiers that look at the ground; the default does not."""
    looking = [one for one in chain if one.source != "default"]
    return compare_classifiers(demand, looking[0], looking[1]) if len(looking) > 1 else None
