"""One legal plan with everything: rush hour, parts, a crew, a link, two days, limits, fair shares.

The town is that of ``tests.days``; between 7 and 9 on Monday the car takes twice as long.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from dispatch.domain import ContractedService, Day, DayPlan, Link, PartNeed, Settings, Stock
from dispatch.domain.travel_table import TravelRegimes, TravelTable
from dispatch.referee import judge_order
from tests.days import (
    at,
    contracted,
    grid_table,
    hours,
    needs,
    outlet,
    shift,
    skills,
    technician,
    tiny_day,
    visit,
    window,
)
from tests.edit_plan import change_route, change_stop, later

TUESDAY = date(2026, 3, 3)
WEDNESDAY = date(2026, 3, 4)


def tuesday(clock: str) -> datetime:
    """Return that time on the Tuesday."""
    return at(clock) + timedelta(days=1)


def rush_table(day: Day) -> TravelTable:
    """Travel table of the town with a rush hour: the horizon begins at 6 on Monday."""
    table = grid_table(day)
    free = table.durations_s["car"]
    slow = np.where(free > 0, 2 * free, free).astype(np.int32)
    regimes = TravelRegimes(
        bucket_start_s=np.array([0, 3600, 10_800], dtype=np.int32),
        bucket_regime=np.array([0, 1, 0], dtype=np.int32),
        durations_s={"car": (free, slow), "ebike": (), "walk": ()},
    )
    return TravelTable(
        lonlat=table.lonlat,
        durations_s=table.durations_s,
        distances_m=table.distances_m,
        estimated=True,
        description=table.description,
        regimes=regimes,
    )


def whole_day(**fields: Any) -> Day:
    """Return the day of the plan; arithmetic is in ``test_whole_day``."""
    late_shift = shift().model_copy(update={"start": tuesday("08:00"), "end": tuesday("18:00")})
    visits = [
        visit("V1", 1, parts=(PartNeed(part="valve"),)),
        visit("V2", 2, parts=(PartNeed(part="valve", quantity=2),)),
        visit("V3", 3, promises=(window("10:00", "13:00"),), skills=needs(gas=1), crew_size=2),
        visit("V4", 3, 1, links=(Link(after="V3", min_gap_s=600, same_technician=True),)),
        visit("V5", 1, days=(TUESDAY,)),
        visit("V6", 1),
        visit("V7", 1, parts=(PartNeed(part="gasket"),)),
    ]
    people = [
        technician(
            "T1",
            skills=skills(gas=1),
            shifts=(shift(), late_shift),
            van_stock=(Stock(part="valve", quantity=1),),
            carried_work_s=700,
            # 1 + 1 + 2 + 1 + 1 + 4 steps; 20 + 15 + 20 + 10 + 10 + 40 minutes.
            max_visits=4,
            max_distance_m=10_000,
            max_driving_s=6_900,
        ),
        technician("T2", service_percent=150),
    ]
    stock = (
        Stock(part="valve", quantity=2),
        Stock(part="gasket", quantity=5, available_on=WEDNESDAY),
    )
    # Open from 8 on both days.
    places = [
        outlet(),
        outlet("O2", 1, 1, stock=stock, opening_hours=hours("08:00", "17:00", "mon tue")),
        contracted(),
    ]
    settings = Settings(fair_work_s=18_000, pickup_s=300)
    made = {"horizon_end": tuesday("22:00"), "settings": settings, **fields}
    return tiny_day(visits, people, places, **made)


ORDER = {"T1": ["V1", "@O2", "V2", "V3", "V4"], "T2": ["V3"], ("T1", 1): ["V5"]}


def changed(items: tuple[Any, ...], name: str, **fields: Any) -> tuple[Any, ...]:
    """Return the items with other fields on the one of that id."""
    return tuple(one.model_copy(update=fields) if one.id == name else one for one in items)


DAY = whole_day()
TABLE = rush_table(DAY)
LEGAL, PLAN = judge_order(DAY, ORDER, TABLE, contracted={"C1": ["V6"]})


def visit_of(name: str, **fields: Any) -> Day:
    return DAY.model_copy(update={"visits": changed(DAY.visits, name, **fields)})


def person_of(name: str, **fields: Any) -> Day:
    return DAY.model_copy(update={"technicians": changed(DAY.technicians, name, **fields)})


def outlet_of(name: str, **fields: Any) -> Day:
    return DAY.model_copy(update={"outlets": changed(DAY.outlets, name, **fields)})


def link_of(**fields: Any) -> Day:
    """Return the day with another link of V4."""
    link = DAY.visits[3].links[0].model_copy(update=fields)
    return visit_of("V4", links=(link,))


def on_route(number: int, kind: str, **fields: Any) -> DayPlan:
    """Return the plan with other fields on the first stop of a kind of one route."""
    turned = PLAN.model_copy(update={"routes": (PLAN.routes[number],)})
    route = change_stop(turned, kind, **fields).routes[0]
    return change_route(PLAN, number, stops=route.stops)


def settings_of(**fields: Any) -> Day:
    return DAY.model_copy(update={"settings": DAY.settings.model_copy(update=fields)})


PLAN_CASES = {
    "leg_wrong": on_route(0, "visit", leg_s=600),
    "parts_wrong": on_route(0, "visit", parts=()),
    "pickup_outlet": on_route(0, "pickup", outlet="O9"),
    "pickup_moment": on_route(0, "pickup", arrival=lambda stop: later(stop.arrival, 1)),
    "pickup_unused": on_route(0, "pickup", parts=()),
    "part_fill_wrong": PLAN.model_copy(update={"part_fill": None}),
    "earliest_date_wrong": PLAN.model_copy(
        update={"unassigned": (PLAN.unassigned[0].model_copy(update={"earliest_date": None}),)}
    ),
    "crew_incomplete": PLAN.model_copy(update={"routes": (PLAN.routes[0], PLAN.routes[2])}),
    "crew_same_person": change_route(PLAN, 1, technician="T1"),
    "crew_number": on_route(1, "visit", crew=3),
    "crew_apart": on_route(1, "visit", start=lambda stop: later(stop.start, -60)),
    "contracted_day": PLAN.model_copy(
        update={"contracted": (ContractedService(outlet="C1", visits=("V6",)),)}
    ),
}
DAY_CASES = {
    "part_short": person_of("T1", van_stock=()),
    "pickup_hours": outlet_of("O2", opening_hours=hours("09:06", "17:00")),
    "pickup_duration": settings_of(pickup_s=299),
    "pickup_unused again": visit_of("V2", parts=(PartNeed(part="valve"),)),
    "stock_exceeded": outlet_of("O2", stock=(Stock(part="valve", quantity=1),)),
    "link_unserved": link_of(after="V7"),
    "link_gap": link_of(min_gap_s=601),
    "link_gap too long": link_of(max_gap_s=600),
    "link_person": link_of(same_technician=False),
    "contracted_linked": visit_of("V6", crew_size=2),
    "another_day": visit_of("V1", days=(TUESDAY,)),
    "visits_limit": person_of("T1", max_visits=3),
    "distance_limit": person_of("T1", max_distance_m=9_999),
    "driving_limit": person_of("T1", max_driving_s=6_899),
}
