"""Pick-ups, crews, links and shares in the published plan, from solutions made by hand.

Grid town: one step takes 10 min and 1000 m by car; a visit takes 30 min; outlet O1 at (0, 0).
"""

from __future__ import annotations

from dispatch.domain import Link, PartFill, PartNeed, Prices, Settings, Stock
from dispatch.planning.price import price
from dispatch.planning.publish import publish_contracted, publish_part_fill, publish_routes
from dispatch.planning.translate import Translation, translate
from solver.routing.solution import Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import StoppedBy
from tests.by_hand import solution_of
from tests.days import (
    appointment,
    contracted,
    grid_table,
    outlet,
    shift,
    spot,
    technician,
    tiny_day,
    visit,
)
from tests.multi_day import day_number, days_of, shift_on


def read(day) -> Translation:
    return translate(day, grid_table(day))


def lines_of(route) -> list[str]:
    """Return ``"V1 08:10 08:20-08:50"``: what, arrival, start and end."""
    return [
        f"{s.visit or s.kind} {s.arrival:%H:%M} {s.start:%H:%M}-{s.end:%H:%M}" for s in route.stops
    ]


PUMP = PartNeed(part="pump")


def test_a_pickup_names_outlet_place_and_what_is_taken():
    depot = outlet("O2", 2, stock=(Stock(part="pump", quantity=5),))
    jobs = [
        visit("V1", 1, parts=(PUMP,)),
        visit("V2", 3, parts=(PartNeed(part="pump", quantity=2),)),
    ]
    person = technician(van_stock=(Stock(part="pump", quantity=2),))
    t = read(tiny_day(jobs, [person], [outlet(), depot]))
    solution = solution_of(t, {"T1": ["V1", "@O2", "V2"]})
    (route,) = publish_routes(t, solution)
    # V1 uses one pump of the van, V2 the other and one from O2, where it takes 5 min
    assert lines_of(route) == [
        "start 08:00 08:00-08:00",
        "V1 08:10 08:10-08:40",
        "pickup 08:50 08:50-08:55",
        "V2 09:05 09:05-09:35",
        "end 10:05 10:05-10:05",
    ]
    pickup = route.stops[2]
    assert (pickup.outlet, pickup.parts, pickup.leg_s, pickup.leg_m) == ("O2", (PUMP,), 600, 1000)
    assert (pickup.lon, pickup.lat) == (spot(2).lon, spot(2).lat)
    assert pickup.visit is None
    assert pickup.promise is None
    assert [stop.parts for stop in route.stops if stop.visit] == [jobs[0].parts, jobs[1].parts]
    assert publish_part_fill(t, solution) == PartFill(needed=3, from_van=2, picked_up=1, missing=0)


def test_a_break_after_traveling_lies_at_the_pickup_that_follows():
    depot = outlet("O2", 2, stock=(Stock(part="pump", quantity=5),))
    person = technician(shifts=(shift("08:00", "18:00", ("08:20", "08:30", 30)),))
    t = read(tiny_day([visit("V1", 3, parts=(PUMP,))], [person], [outlet(), depot]))
    steps = [Step(StepKind.BREAK, 0, 1), Step(StepKind.PICKUP, 0, 0), Step(StepKind.VISIT, 0, 0)]
    solution = build_solution(
        t.problem, {0: steps}, [], engine="by hand", seed=0, iterations=0, runtime_s=0.0,
        stopped_by=StoppedBy.ITERATIONS,
    )  # fmt: skip
    (route,) = publish_routes(t, solution)
    pause = next(stop for stop in route.stops if stop.kind == "break")
    assert (pause.lon, pause.lat) == (spot(2).lon, spot(2).lat)


def test_units_of_visits_left_out_are_missing_and_a_day_without_needs_has_no_figure():
    jobs = [visit("V1", parts=(PUMP,)), visit("V2", 2, parts=(PartNeed(part="fan", quantity=4),))]
    person = technician(van_stock=(Stock(part="pump", quantity=1),))
    t = read(tiny_day(jobs, [person]))
    fill = publish_part_fill(t, solution_of(t, {"T1": ["V1"]}))
    assert fill == PartFill(needed=5, from_van=1, picked_up=0, missing=4)
    t = read(tiny_day([visit()]))
    assert publish_part_fill(t, solution_of(t, {})) is None


def test_a_crew_waits_for_its_last_member_and_is_numbered():
    job = visit("V1", 1, crew_size=2, parts=(PUMP,), promises=(appointment("08:30", 20),))
    stock = (Stock(part="pump", quantity=1),)
    far = technician("T2", start=spot(3), end=spot(3))
    t = read(tiny_day([job], [technician("T1", van_stock=stock), far], [outlet(radius_m=0)]))
    first, second = publish_routes(t, solution_of(t, {"T1": ["V1"], "T2": ["V1.2"]}))
    # T1 could be there at 8:10 and T2, two steps away, at 8:20; both leave at 8:00 at the earliest
    assert lines_of(first)[1] == "V1 08:10 08:20-08:50"
    assert lines_of(second)[1] == "V1 08:20 08:20-08:50"
    mine, other = first.stops[1], second.stops[1]
    assert (mine.crew, other.crew) == (1, 2)
    assert (mine.parts, other.parts) == ((PUMP,), ())
    # the radius and its price concern the first; both name the responsible outlet
    assert mine.beyond_radius_m > 0
    assert other.beyond_radius_m == 0
    assert (mine.outlet, other.outlet) == ("O1", "O1")


def test_the_price_of_a_crew_left_out_is_paid_once_and_its_lateness_by_each():
    job = visit("V1", 1, crew_size=2, promises=(appointment("08:00", 0),))
    people = [technician("T1"), technician("T2")]
    t = read(tiny_day([job], people))
    assert price(t, solution_of(t, {})).unassigned == 80_000
    served = price(t, solution_of(t, {"T1": ["V1"], "T2": ["V1.2"]}))
    # two technicians 10 min late each, 1000 fen a minute
    assert served.lateness == 20_000
    assert served.unassigned == 0


def test_a_linked_visit_starts_after_its_arrival_and_the_wait_is_work():
    jobs = [visit("A"), visit("B", links=(Link(after="A", min_gap_s=1800),))]
    t = read(tiny_day(jobs))
    (route,) = publish_routes(t, solution_of(t, {"T1": ["A", "B"]}))
    assert lines_of(route)[1:3] == ["A 08:10 08:10-08:40", "B 08:40 09:10-09:40"]
    # 8:00 to 9:50 = 110 min of 4000 fen an hour = 7333.33
    assert price(t, solution_of(t, {"T1": ["A", "B"]})).work == 7333


def test_work_beyond_the_fair_share_is_a_component_of_its_own():
    people = [technician("T1", carried_work_s=3_000), technician("T2")]
    settings = Settings(fair_work_s=4_800)
    t = read(tiny_day([visit()], people, settings=settings, prices=Prices()))
    made = price(t, solution_of(t, {"T1": ["V1"]}))
    # 50 min of work and 50 carried over = 6000 s, 1200 s beyond: a third of 2000 fen
    assert made.unfair == 667
    parts = made.model_dump()
    assert made.total == sum(parts.values()) - made.total


def test_contracted_services_name_their_day_only_where_there_are_several():
    firm = contracted()
    job = visit("V1", days=(day_number(2),))
    t = read(days_of(2, [job], [technician(shifts=(shift_on(1),))], [outlet(), firm]))
    (service,) = publish_contracted(t, solution_of(t, {}, pools=[(), (0,)]))
    assert (service.outlet, service.visits, service.day) == ("C1", ("V1",), day_number(2))
    t = read(tiny_day([visit("V1")], outlets=[outlet(), firm]))
    (service,) = publish_contracted(t, solution_of(t, {}, pools=[(0,)]))
    assert service.day is None


def test_a_route_is_written_for_every_shift():
    person = technician(shifts=(shift_on(1), shift_on(2)))
    t = read(days_of(2, [visit("V1"), visit("V2")], [person]))
    made = publish_routes(t, solution_of(t, {"T1/0": ["V1"], "T1/1": ["V2"]}))
    assert [(route.shift, f"{route.start:%m-%d}") for route in made] == [(0, "03-02"), (1, "03-03")]
