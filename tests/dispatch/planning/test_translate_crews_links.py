"""Crews and links become pairs of seats; who may sit where.

Grid town: one step takes 10 min and 1000 m by car; a visit takes 30 min; outlet O1 at (0, 0).
"""

from __future__ import annotations

from dispatch.domain import Link, Pin, Settings
from dispatch.planning.codes import RULES
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.translate import Translation, translate
from solver.routing.problem import FORBIDDEN
from tests.days import (
    appointment,
    contracted,
    grid_table,
    needs,
    outlet,
    skills,
    technician,
    tiny_day,
    visit,
)


def read(*args, aside=(), **fields) -> Translation:
    day = tiny_day(*args, **fields)
    return translate(day, grid_table(day), aside)


def rule(t: Translation, seat: int, vehicle: int) -> str | None:
    number = int(t.rules[seat, vehicle])
    return RULES[number - 1].value if number else None


def pairs(t: Translation) -> list[tuple[int, ...]]:
    """Return the links of a problem as (first, second, least, most, from end, person, demands)."""
    found = t.problem.links
    assert found is not None
    columns = (
        found.first, found.second, found.least_s, found.most_s,
        found.from_end, found.person, found.demands,
    )  # fmt: skip
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_plain_day_uses_no_feature_at_all():
    problem = read([visit("V1"), visit("V2")]).problem
    assert problem.rush_hours is None
    assert problem.parts is None
    assert problem.links is None
    assert problem.limits is None
    assert problem.fair_shares is None
    assert problem.service_times is None


def test_a_crew_of_three_is_three_seats_that_start_together_or_not_at_all():
    people = [technician(name) for name in ("T1", "T2", "T3")]
    settings = Settings(crew_tolerance_s=120)
    t = read([visit("V1", crew_size=3), visit("V2")], people, settings=settings)
    assert [(seat.visit.id, seat.member) for seat in t.seats] == [
        ("V1", 0), ("V1", 1), ("V1", 2), ("V2", 0),
    ]  # fmt: skip
    # within 120 s either way, counted from the start, two persons (2), both or none (2)
    assert pairs(t) == [
        (0, 1, -120, 120, 0, 2, 2),
        (0, 2, -120, 120, 0, 2, 2),
        (1, 2, -120, 120, 0, 2, 2),
    ]
    assert t.problem.links is not None
    assert t.problem.links.vehicle_person.tolist() == [0, 1, 2]


def test_the_penalty_of_a_crew_is_paid_once_and_its_lateness_by_everybody():
    job = visit(crew_size=2, promises=(appointment("10:00"),))
    t = read([job], [technician("T1"), technician("T2")])
    # 80 000 fen, 10 000 times in the search
    assert t.problem.visit_penalty.tolist() == [80_000 * COST_SCALE * 10_000, 0]
    # 1000 fen a minute = 16.67 fen a second = 300 000 units
    assert t.problem.late_rate.tolist() == [300_000, 300_000]


def test_the_first_needs_the_skills_and_the_others_those_of_the_crew():
    people = [technician("T1", skills=skills(gas=2)), technician("T2", skills=skills(lift=1))]
    job = visit(crew_size=2, skills=needs(gas=2), crew_skills=needs(lift=1))
    t = read([job], people)
    found = [[rule(t, seat, vehicle) for vehicle in (0, 1)] for seat in (0, 1)]
    assert found == [[None, "skill_missing"], ["skill_missing", None]]


def test_pins_and_prices_of_persons_concern_the_first_and_lists_all_of_a_crew():
    people = [technician(name, skills=skills(gas=3)) for name in ("T1", "T2", "T3")]
    job = visit(
        crew_size=2,
        skills=needs(gas=1),
        excluded=("T3",),
        pin=Pin(technician="T2"),
        last_technician="T1",
    )
    t = read([job], people)
    assert [rule(t, 0, j) for j in range(3)] == ["pinned_elsewhere", None, "excluded"]
    assert [rule(t, 1, j) for j in range(3)] == [None, None, "excluded"]
    # the first: 2 levels of gas too many = 600 fen, not the last technician = 300 fen
    assert t.problem.assignment_cost.tolist() == [
        [FORBIDDEN, 900 * COST_SCALE, FORBIDDEN],
        [0, 0, FORBIDDEN],
    ]


def test_only_the_first_of_a_crew_pays_for_being_beyond_the_radius():
    town = [outlet("O1", radius_m=0)]
    t = read([visit(crew_size=2)], [technician("T1"), technician("T2")], town)
    assert (t.problem.assignment_cost[0] > 0).all()
    assert (t.problem.assignment_cost[1] == 0).all()


def test_a_contracted_outlet_takes_neither_crews_nor_linked_visits():
    jobs = [
        visit("V1"),
        visit("V2", links=(Link(after="V1"),)),
        visit("V3", crew_size=2),
        visit("V4"),
    ]
    t = read(jobs, [technician("T1"), technician("T2")], [outlet(), contracted()])
    found = [RULES[number - 1].value if number else None for number in t.pool_rules[:, 0].tolist()]
    assert found == ["linked", "linked", "crew", "crew", None]
    assert (t.problem.pool_cost[:4] == FORBIDDEN).all()


def test_a_link_counts_from_the_end_of_the_visit_before_and_needs_it():
    jobs = [visit("A"), visit("B", links=(Link(after="A", min_gap_s=600, max_gap_s=3600),))]
    # from end (1), anybody (0), the second only with the first (1)
    assert pairs(read(jobs)) == [(0, 1, 600, 3600, 1, 0, 1)]
    jobs = [visit("A"), visit("B", links=(Link(after="A", same_technician=True),))]
    assert pairs(read(jobs)) == [(0, 1, 0, -1, 1, 1, 1)]
    jobs = [visit("A"), visit("B", links=(Link(after="A", same_technician=False),))]
    assert pairs(read(jobs)) == [(0, 1, 0, -1, 1, 2, 1)]


def test_a_link_between_crews_holds_for_every_pair_of_members():
    people = [technician(name) for name in ("T1", "T2")]
    after = Link(after="A", min_gap_s=60, same_technician=True)
    jobs = [visit("A", crew_size=2), visit("B", crew_size=2, links=(after,))]
    t = read(jobs, people)
    between = [pair for pair in pairs(t) if pair[4] == 1]
    # seats 0, 1 of A and 2, 3 of B; the first technicians (0 and 2) are the same person
    assert sorted(between) == [
        (0, 2, 60, -1, 1, 1, 1),
        (0, 3, 60, -1, 1, 0, 1),
        (1, 2, 60, -1, 1, 0, 1),
        (1, 3, 60, -1, 1, 0, 1),
    ]
    apart = after.model_copy(update={"same_technician": False})
    jobs = [visit("A", crew_size=2), visit("B", crew_size=2, links=(apart,))]
    assert {pair[5] for pair in pairs(read(jobs, people)) if pair[4] == 1} == {2}


def test_what_comes_after_a_visit_that_was_set_aside_is_forbidden_over_any_number_of_links():
    jobs = [
        visit("A"),
        visit("B", links=(Link(after="A"),)),
        visit("C", links=(Link(after="B"),)),
        visit("D"),
    ]
    t = read(jobs, aside=["A"])
    assert [seat.visit.id for seat in t.seats] == ["B", "C", "D"]
    assert [rule(t, i, 0) for i in range(3)] == ["linked", "linked", None]
    assert (t.problem.assignment_cost[:2] == FORBIDDEN).all()
