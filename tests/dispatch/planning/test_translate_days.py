"""Several days: windows of days, certificates and hours of the day of a shift, pools a day.

Day 1 is Monday 2026-03-02; a horizon of n days has n * 86 400 seconds.
"""

from __future__ import annotations

from dispatch.domain import Pin, Priority, Skill
from dispatch.planning.clock import Clock
from dispatch.planning.codes import RULES
from dispatch.planning.translate import Translation, translate
from tests.days import at, contracted, grid_table, hours, needs, outlet, technician, tiny_day, visit
from tests.multi_day import day_number, days_of, on, shift_on, window_on

DAY = 86_400
HOUR = 3_600


def read(day) -> Translation:
    return translate(day, grid_table(day))


def windows(t: Translation) -> list[tuple[int, int, int]]:
    return [(w.earliest, w.latest, w.limit) for w in t.windows]


def rules(t: Translation) -> list[str | None]:
    """Return the rules of the first visit, shift by shift."""
    return [RULES[number - 1].value if number else None for number in t.rules[0].tolist()]


def test_a_horizon_of_24_hours_is_one_day_even_past_midnight():
    night = tiny_day(horizon_start=at("18:00"), horizon_end=on(2, "18:00"))
    assert Clock(night).dates == (day_number(1),)
    assert Clock(night).span(day_number(1)) == (0, DAY)
    assert Clock(days_of(3)).dates == tuple(day_number(n) for n in (1, 2, 3))
    # a second more than 24 hours: two dates
    longer = night.model_copy(update={"horizon_end": on(2, "18:01")})
    assert len(Clock(longer).dates) == 2


def test_a_day_lasts_from_midnight_to_the_second_before_midnight():
    clock = Clock(days_of(2))
    assert clock.span(day_number(1)) == (0, DAY - 1)
    # the last day ends with the second before the horizon's end
    assert clock.span(day_number(2)) == (DAY, 2 * DAY - 1)
    assert clock.text(DAY + 9 * HOUR) == "03-03 09:00"


def test_without_promises_the_days_of_a_visit_are_hard():
    job = visit(days=(day_number(3), day_number(1)))
    assert windows(read(days_of(3, [job]))) == [
        (0, DAY - 1, DAY - 1),
        (2 * DAY, 3 * DAY - 1, 3 * DAY - 1),
    ]


def test_days_keep_the_promises_that_touch_them_and_their_names():
    promised = (window_on(1, "09:00", "10:00"), window_on(2, "09:00", "10:00"))
    t = read(days_of(2, [visit(promises=promised, days=(day_number(2),))]))
    assert [w.name for w in t.windows] == ["2"]
    assert windows(t) == [(DAY + 9 * HOUR, DAY + 10 * HOUR, 2 * DAY)]


def test_a_visit_whose_days_lie_outside_the_horizon_goes_to_nobody():
    t = read(days_of(2, [visit(days=(day_number(5),))]))
    assert rules(t) == ["window"]
    t = read(tiny_day([visit(days=(day_number(2),))]))
    assert rules(t) == ["window"]
    t = read(tiny_day([visit(days=(day_number(1),))]))
    assert rules(t) == [None]
    # 16 hours from 6 to 22, without any bound
    assert windows(t) == [(0, 16 * HOUR, 16 * HOUR)]


def test_a_pinned_arrival_lies_on_one_of_the_days():
    pin = Pin(arrival=on(2, "09:00"))
    moment = DAY + 9 * HOUR
    t = read(days_of(2, [visit(days=(day_number(2),), pin=pin)]))
    assert windows(t) == [(moment, moment, moment)]
    assert rules(read(days_of(2, [visit(days=(day_number(1),), pin=pin)]))) == ["window"]


def test_an_emergency_is_owed_its_arrival_whatever_its_days():
    job = visit(priority=Priority.EMERGENCY, received_at=on(1, "09:00"), days=(day_number(2),))
    t = read(days_of(2, [job]))
    assert windows(t) == [(9 * HOUR, 9 * HOUR + 900, 2 * DAY)]


def test_certificates_and_opening_hours_are_those_of_the_day_of_the_shift():
    gas = Skill(skill="gas", certificate_expires=day_number(1))
    person = technician(skills=(gas,), shifts=(shift_on(1), shift_on(2), shift_on(3)))
    open_days = outlet(opening_hours=hours("09:00", "17:00", days="mon wed"))
    t = read(days_of(3, [visit(skills=needs(gas=1))], [person], [open_days]))
    assert [line.date for line in t.lines] == [day_number(n) for n in (1, 2, 3)]
    # Tuesday is closed too, but the certificate is the first rule
    assert rules(t) == [None, "certificate_expired", "certificate_expired"]
    assert [line.works for line in t.lines] == [True, False, True]
    assert t.problem.vehicle_earliest.tolist()[::2] == [9 * HOUR, 2 * DAY + 9 * HOUR]
    assert t.problem.vehicle_latest.tolist()[::2] == [17 * HOUR, 2 * DAY + 17 * HOUR]


def test_a_contracted_outlet_has_its_capacity_every_day():
    firm = contracted(visits_per_day=2, opening_hours=hours("09:00", "17:00", days="mon tue"))
    jobs = [
        visit("V1", days=(day_number(2),)),
        visit("V2", promises=(window_on(1, "16:00", "19:00"),)),
        visit("V3", promises=(window_on(1, "18:00", "19:00"),)),
        visit("V4"),
    ]
    t = read(days_of(3, jobs, outlets=[outlet(), firm]))
    assert [o.id for o in t.contracted] == ["C1", "C1", "C1"]
    assert t.pool_days == tuple(day_number(n) for n in (1, 2, 3))
    assert t.problem.pool_capacity.tolist() == [2, 2, 2]
    # closed on Wednesday; V1 on Tuesday, V2 on Monday before 17:00, V3 after it, V4 on any day
    assert (t.pool_rules == 0).tolist() == [
        [False, True, False],
        [True, False, False],
        [False, False, False],
        [True, True, False],
    ]
