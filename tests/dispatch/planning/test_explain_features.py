"""Why not: parts, links, crews and limits, said of solutions made by hand.

Grid town: one step takes 10 min and 1000 m by car; a visit takes 30 min; outlet O1 at (0, 0).
"""

from __future__ import annotations

from dispatch.domain import Link, PartNeed, Pin, Skill, Stock, UnassignedVisit
from dispatch.planning.explain import explain
from dispatch.planning.translate import Translation, translate
from tests.by_hand import solution_of
from tests.days import (
    at,
    contracted,
    grid_table,
    hours,
    needs,
    outlet,
    shift,
    skills,
    spot,
    technician,
    tiny_day,
    visit,
)
from tests.multi_day import day_number, days_of, shift_on

PUMP = PartNeed(part="pump")


def read(day, aside=()) -> Translation:
    return translate(day, grid_table(day), aside)


def entry(t: Translation, name: str, routes=None, pools=None) -> UnassignedVisit:
    """Return what is said of a visit that a solution leaves out."""
    found = explain(t, solution_of(t, routes or {}, pools), "unassigned")
    return next(item for item in found.unassigned if item.visit == name)


def codes(item: UnassignedVisit) -> dict[str, str]:
    return {reason.technician: reason.code for reason in item.reasons}


def test_a_part_nobody_has_names_the_day_it_comes():
    orders = (
        Stock(part="pump", quantity=1, available_on=day_number(3)),
        Stock(part="pump", quantity=1, available_on=day_number(5)),
        Stock(part="fan", quantity=1, available_on=day_number(4)),
    )
    job = visit(parts=(PartNeed(part="pump", quantity=2), PartNeed(part="fan")))
    item = entry(read(tiny_day([job], outlets=[outlet(stock=orders)])), "V1")
    assert codes(item) == {"T1": "part_missing"}
    # two pumps are there on the fifth day (a Friday), the fan a day earlier
    assert item.earliest_date == day_number(5)
    assert item.summary == (
        "1 of 1 technician is without the parts. "
        "Part fan is missing; all parts could be there on 2026-03-06."
    )
    assert item.summary_zh == "1名技师中1名缺少所需备件。缺少备件fan,最早2026-03-06配齐。"


def test_a_part_that_never_comes_has_no_date():
    item = entry(read(tiny_day([visit(parts=(PUMP,))])), "V1")
    assert (codes(item), item.earliest_date) == ({"T1": "part_missing"}, None)
    assert item.summary.endswith("Part pump is not on order in time or number.")
    assert item.summary_zh.endswith("备件pump暂无到货日期。")


def test_units_that_other_visits_use_are_gone():
    stock = (
        Stock(part="pump", quantity=1),
        Stock(part="pump", quantity=1, available_on=day_number(2)),
    )
    jobs = [visit("V1", parts=(PUMP,)), visit("V2", parts=(PUMP,))]
    t = read(tiny_day(jobs, outlets=[outlet(stock=stock)]))
    item = entry(t, "V2", {"T1": ["@O1", "V1"]})
    assert codes(item) == {"T1": "part_missing"}
    assert "all parts could be there on 2026-03-03." in item.summary
    assert item.earliest_date == day_number(2)
    # and while the one pump is still there, V1 and V2 could both have it
    assert codes(entry(t, "V2")) == {"T1": "search_stopped"}
    assert entry(t, "V2").earliest_date is None


def test_a_part_on_one_van_is_no_use_to_another():
    people = [technician("T1", van_stock=(Stock(part="pump", quantity=1),)), technician("T2")]
    item = entry(read(tiny_day([visit(parts=(PUMP,))], people)), "V1")
    assert codes(item) == {"T1": "search_stopped", "T2": "part_missing"}
    assert item.earliest_date is None


def test_a_contracted_outlet_without_the_parts_says_so():
    firm = contracted(stock=(Stock(part="pump", quantity=1),), price_fen=10_000)
    jobs = [visit("V1", parts=(PUMP,)), visit("V2", parts=(PUMP,))]
    t = read(tiny_day(jobs, [], [outlet(), firm]))
    assert codes(entry(t, "V2", pools=[(0,)])) == {"C1": "part_missing"}
    assert codes(entry(t, "V2")) == {"C1": "search_stopped"}


def test_a_visit_after_one_that_is_not_served_waits_for_it():
    jobs = [visit("A", skills=needs(gas=1)), visit("B", links=(Link(after="A"),))]
    t = read(tiny_day(jobs))
    item = entry(t, "B")
    assert codes(item) == {"T1": "linked"}
    assert item.reasons[0].found == "visit A is not served"
    assert codes(entry(t, "A")) == {"T1": "skill_missing"}
    assert codes(entry(read(tiny_day(jobs), aside=["A"]), "B")) == {"T1": "linked"}


def test_a_link_may_ask_for_the_same_technician_or_another():
    people = [technician("T1"), technician("T2")]
    jobs = [visit("A"), visit("B", links=(Link(after="A", same_technician=True),))]
    item = entry(read(tiny_day(jobs, people)), "B", {"T1": ["A"]})
    assert codes(item) == {"T1": "not_examined", "T2": "same_technician"}
    jobs = [visit("A"), visit("B", links=(Link(after="A", same_technician=False),))]
    item = entry(read(tiny_day(jobs, people)), "B", {"T1": ["A"]})
    assert codes(item) == {"T1": "same_technician", "T2": "not_examined"}


def test_a_gap_that_no_shift_can_keep_is_the_reason():
    people = [technician("T1"), technician("T2", shifts=(shift("13:00", "18:00"),))]
    soon = Link(after="A", max_gap_s=3600)
    jobs = [visit("A"), visit("B", links=(soon,))]
    # A ends at 8:40: B starts by 9:40, before T2 comes at 13:00
    item = entry(read(tiny_day(jobs, people)), "B", {"T1": ["A"]})
    assert codes(item)["T2"] == "link_gap"
    late = Link(after="A", min_gap_s=12 * 3600)
    jobs = [visit("A"), visit("B", links=(late,))]
    # 20:40 + 30 min is more than 18:00 + 2 h of overtime
    item = entry(read(tiny_day(jobs, people)), "B", {"T1": ["A"]})
    assert codes(item) == {"T1": "link_gap", "T2": "link_gap"}
    assert item.reasons[0].found == "visit A ends at 08:40"
    assert item.reasons[0].expected == "a start at least 720 min after it"


def test_a_crew_with_too_few_people_says_how_many_may_come():
    people = [technician("T1", skills=skills(gas=1)), technician("T2"), technician("T3")]
    job = visit(crew_size=3, skills=needs(gas=1), crew_skills=needs(lift=1))
    item = entry(read(tiny_day([job], people)), "V1")
    # T1 may be the first, nobody one of the others
    assert codes(item) == {"T1": "crew", "T2": "skill_missing", "T3": "skill_missing"}
    assert item.reasons[0].found == "a crew of 1"
    job = visit(crew_size=3, skills=needs(gas=1))
    item = entry(read(tiny_day([job], people)), "V1")
    assert set(codes(item).values()) == {"crew"}
    assert item.reasons[0].found == "no moment found at which 3 technicians start together"


def test_a_crew_is_listed_once():
    t = read(tiny_day([visit(crew_size=2)], [technician("T1")]))
    found = explain(t, solution_of(t, {}), "unassigned").unassigned
    assert [item.visit for item in found] == ["V1"]


def test_a_shift_that_is_full_says_its_limit():
    people = [technician("T1", max_visits=1), technician("T2", max_visits=0)]
    t = read(tiny_day([visit("V1"), visit("V2")], people))
    item = entry(t, "V2", {"T1": ["V1"]})
    assert codes(item) == {"T1": "limit", "T2": "limit"}
    assert item.reasons[0].found == "visits on the shift: 1"


def test_of_several_days_the_nearest_rule_is_named_with_its_date():
    monday = outlet(opening_hours=hours(days="mon"))
    gas = Skill(skill="gas", level=2, certificate_expires=day_number(1))
    person = technician(shifts=(shift_on(2), shift_on(3)), skills=(gas,), start=spot())
    t = read(days_of(3, [visit(skills=needs(gas=2))], [person], [monday]))
    item = entry(t, "V1")
    # both certificate and outlet fail on both days; the certificate is the first rule
    assert codes(item) == {"T1": "certificate_expired"}
    t = read(days_of(3, [visit()], [person], [monday]))
    item = entry(t, "V1")
    assert codes(item) == {"T1": "off_shift"}
    assert item.reasons[0].found == "outlet O1 closed on 2026-03-03"


def test_a_visit_without_its_pickup_saves_the_stop_too():
    depot = outlet("O2", 2, stock=(Stock(part="pump", quantity=1),))
    t = read(tiny_day([visit("V1", 1), visit("V2", 1, parts=(PUMP,))], outlets=[outlet(), depot]))
    solution = solution_of(t, {"T1": ["V1", "@O2", "V2"]})
    found = {c.visit: c for c in explain(t, solution, what=True).choices}
    # with both: 30 + 30 min of work, 4 steps of 10 min and 5 min at O2; without V2 (and O2): 30
    # min and 2 steps: 30 + 20 + 5 = 55 min less = 3666.67 fen, 2 km less = 240
    assert found["V2"].cost_share == 3907
    # without V1: 30 min less = 2000 fen
    assert found["V1"].cost_share == 2000


def test_a_pickup_that_does_not_fit_is_a_missing_part():
    late = outlet("O2", 2, opening_hours=hours("16:00", "17:00"))
    late = late.model_copy(update={"stock": (Stock(part="pump", quantity=1),)})
    job = visit(parts=(PUMP,), pin=Pin(arrival=at("10:00")))
    item = entry(read(tiny_day([job], outlets=[outlet(), late])), "V1")
    # the outlet that has the part opens hours after the pinned arrival
    assert codes(item) == {"T1": "part_missing"}
    assert item.earliest_date is None


def test_choices_that_cannot_be_worked_out_are_left_out_with_a_note():
    t = read(tiny_day([visit("V1"), visit("V2", crew_size=2)]))
    found = explain(t, solution_of(t, {"T1": ["V1"]}), what=True)
    assert found.choices == ()
    assert found.notes == (
        "choices are left out: they are not worked out on days with crews or links",
    )
