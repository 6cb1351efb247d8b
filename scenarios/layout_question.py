"""From a network file to the siting question: radii, money, candidates, scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np
import shapely

from dispatch.adapters.files.network_file import NetworkFile
from dispatch.domain.network import Network, NetworkOutlet
from dispatch.planning.network_audit import list_growth
from geo.candidates import DEFAULT_OPTIONS, CandidateOptions
from geo.coverage import RadiusRule, Sites
from geo.demand import ZONES, Demand, GrowthScenario
from geo.network import RoadNetwork
from geo.reach import RoadReach
from geo.siting_plan import SiteMoney, SitingQuestion, spread_budgets
from geo.straight import find_nearest_straight
from geo.zones import RoadDensity, classify_zones
from scenarios.errors import DataUnavailable
from scenarios.layout_goal import GoalWord, Target, make_goal

SCENARIOS: Final = (
    GrowthScenario("today"),
    GrowthScenario("suburbs", by_zone={"suburban": 1.3, "rural": 1.3}),
    GrowthScenario("core", by_zone={"urban": 1.15, "suburban": 0.9, "rural": 0.9}),
    GrowthScenario("exodus", by_zone={"urban": 0.85, "rural": 1.2}),
)
"""Tried where the planner names none."""


@dataclass(frozen=True)
class LayoutWishes:
    """What the planner asks for beyond the network file.

    Parameters
    ----------
    budget
        Money beyond today's; None takes that of the network.
    points
        Points of the curve.
    opening, running
        Money of a new outlet: once, and per year; None takes the middle of the given candidates,
        or of the outlets.
    max_changes
        Most outlets opened and closed, together; None = as many as pay.
    min_distance_m
        Smallest distance of a new outlet from others.
    keep
        Whether every outlet of today must stay.
    exclusion
        Area where nothing may be built.
    options
        How many candidates of each kind.
    goal, targets, new_capacity
        What counts, see ``scenarios.layout_goal.make_goal``.
    """

    budget: int | None = None
    points: int = 5
    opening: int | None = None
    running: int | None = None
    max_changes: int | None = None
    min_distance_m: float = 0.0
    keep: bool = False
    exclusion: shapely.Geometry | None = None
    options: CandidateOptions = DEFAULT_OPTIONS
    goal: GoalWord = "covered"
    targets: tuple[Target, ...] = ()
    new_capacity: int | None = None


def make_question(
    found: NetworkFile, roads: RoadNetwork | None, wishes: LayoutWishes
) -> SitingQuestion:
    """Return the siting question of a network.

    Parameters
    ----------
    found
        The network as read.
    roads
        Roads of the car.
    wishes
        What the planner asks for.

    Raises
    ------
    DataUnavailable
        If no budget or no price of a new outlet is known, or the goal needs what is not.
    """
    network = found.network
    density = RoadDensity(roads) if roads is not None else None
    demand = classify_zones(found.demand, found.chain(road_density=density))
    budget = network.budget if wishes.budget is None else wishes.budget
    if budget is None:
        raise DataUnavailable("No budget is known: give --budget, or budget in the network.")
    settings = network.settings
    reach = None
    if roads is not None:
        reach = RoadReach(roads, count_access=settings.count_access)
    outlets = network.open_outlets
    fixed = np.full(len(outlets), 1 if wishes.keep else 0, dtype=np.int8)
    return SitingQuestion(
        demand=demand,
        rule=make_rule(network),
        outlets=_sites(outlets, demand),
        outlet_money=tuple(_money(outlet, network.period) for outlet in outlets),
        budgets=spread_budgets(budget, wishes.points),
        budget=budget,
        new_money=_new_money(network, wishes),
        candidates=_sites(network.possible_outlets, demand),
        candidate_money=tuple(_money(o, network.period) for o in network.possible_outlets),
        fixed=fixed,
        roads=reach,
        measure=settings.radius_measure,
        max_changes=wishes.max_changes,
        min_distance_m=wishes.min_distance_m,
        exclusion=wishes.exclusion,
        scenarios=_scenarios(network),
        options=wishes.options,
        goal=make_goal(network, demand, wishes.goal, wishes.targets, wishes.new_capacity),
    )


def _scenarios(network: Network) -> tuple[GrowthScenario, ...]:
    """Return today's demand and the scenarios of the network, ``SCENARIOS`` where it has none."""
    named = list_growth(network)
    return (SCENARIOS[0], *named) if named else SCENARIOS


def make_rule(network: Network) -> RadiusRule:
    """Return the radii of a network: its own, else those of its standard."""
    from dispatch.standards.profile import get_profile

    settings = network.settings
    profile = get_profile(network.standards)
    urban, suburban = settings.urban_radius_m, settings.suburban_radius_m
    return RadiusRule(
        urban_m=profile.urban_radius_m if urban is None else urban,
        suburban_m=profile.suburban_radius_m if suburban is None else suburban,
        rural_m=settings.rural_radius_m,
        by=settings.radius_by,
    )


def _sites(outlets: tuple[NetworkOutlet, ...], demand: Demand) -> Sites:
    lonlat = np.array([[o.lon, o.lat] for o in outlets], dtype=np.float64).reshape(-1, 2)
    zone = np.zeros(len(outlets), dtype=np.int8)
    if len(demand) and len(outlets):
        zone = demand.zone[find_nearest_straight(lonlat, demand.lonlat).site[:, 0]].copy()
    for row, outlet in enumerate(outlets):
        if outlet.zone is not None:
            zone[row] = ZONES.index(outlet.zone)
    radius = [-1 if outlet.radius_m is None else outlet.radius_m for outlet in outlets]
    return Sites(lonlat, zone, np.array(radius, dtype=np.int64))


def _money(outlet: NetworkOutlet, years: int) -> SiteMoney:
    return SiteMoney(outlet.fixed_cost, outlet.running_cost_per_year * years, outlet.closing_cost)


def _new_money(network: Network, wishes: LayoutWishes) -> SiteMoney:
    """Return the money of a generated candidate: asked for, else the middle of what is known."""
    known = [o for o in (network.possible_outlets or network.open_outlets) if o.fixed_cost > 0]
    opening, running = wishes.opening, wishes.running
    if opening is None and known:
        opening = round(median(outlet.fixed_cost for outlet in known))
    if running is None and known:
        running = round(median(outlet.running_cost_per_year for outlet in known))
    if opening is None or running is None:
        raise DataUnavailable(
            "No price of a new outlet is known: give --opening-cost and --running-cost, or "
            "fixed_cost and running_cost_per_year of outlets in the network."
        )
    return SiteMoney(opening, running * network.period)
