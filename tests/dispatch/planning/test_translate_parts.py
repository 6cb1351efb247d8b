"""Parts become needs, vans, pick-up points and stocks.

Grid town: one step takes 10 min and 1000 m by car; a visit takes 30 min; outlet O1 at (0, 0).
"""

from __future__ import annotations

import pytest

from dispatch.domain import OpeningHours, PartNeed, Settings, Stock, Technician
from dispatch.errors import InvalidRequest
from dispatch.planning.codes import PlanningFault
from dispatch.planning.stock import PartTable
from dispatch.planning.translate import Translation, translate
from tests.days import at, contracted, grid_table, hours, outlet, technician, tiny_day, visit
from tests.multi_day import day_number, days_of, shift_on

DAY = 86_400
HOUR = 3_600


def part(name: str, quantity: int = 1) -> PartNeed:
    return PartNeed(part=name, quantity=quantity)


def stock(name: str, quantity: int, day: int | None = None) -> Stock:
    since = None if day is None else day_number(day)
    return Stock(part=name, quantity=quantity, available_on=since)


def read(day) -> Translation:
    return translate(day, grid_table(day))


def parts_of(day) -> PartTable:
    found = read(day).parts
    assert found is not None
    return found


def test_needs_are_by_visit_and_part_and_only_needed_parts_count():
    jobs = [visit("V1", parts=(part("pump", 2), part("fan"))), visit("V2"), visit("V3")]
    jobs[2] = visit("V3", crew_size=2, parts=(part("pump"), part("pump", 3)))
    people = [technician("T1", van_stock=(stock("pump", 5), stock("belt", 9))), technician("T2")]
    found = parts_of(tiny_day(jobs, people))
    assert found.ids == ("fan", "pump")
    arrays = found.arrays
    # V1, V2, first seat of V3 (1 + 3 pumps), second seat of V3
    assert arrays.need_offset.tolist() == [0, 2, 2, 3, 3]
    assert arrays.need_part.tolist() == [0, 1, 1]
    assert arrays.need_quantity.tolist() == [1, 2, 4]
    assert arrays.van_stock.tolist() == [[0, 5], [0, 0]]
    assert arrays.vehicle_van.tolist() == [0, 1]
    assert arrays.is_used_up.tolist() == [1, 1]


def test_the_shifts_of_a_technician_share_the_van():
    person = technician(shifts=(shift_on(1), shift_on(2)), van_stock=(stock("pump", 1),))
    found = parts_of(days_of(2, [visit(parts=(part("pump"),))], [person]))
    assert found.arrays.vehicle_van.tolist() == [0, 0]
    assert found.arrays.van_stock.tolist() == [[1]]


def test_a_van_that_gets_parts_between_two_shifts_is_refused_by_name():
    def day(person: Technician):
        return days_of(2, [visit(parts=(part("pump"),))], [person])

    both = (shift_on(1), shift_on(2))
    late = technician(shifts=both, van_stock=(stock("pump", 1, day=2),))
    with pytest.raises(InvalidRequest) as caught:
        read(day(late))
    (fault,) = caught.value.faults
    assert (fault.code, fault.where) == (PlanningFault.VAN_GROWS, "technician T1")
    # on the van at the only shift, or after the last one: no trouble
    only = technician(shifts=(shift_on(2),), van_stock=(stock("pump", 1, day=2),))
    assert parts_of(day(only)).arrays.van_stock.tolist() == [[1]]
    after = technician(shifts=both, van_stock=(stock("pump", 1, day=3),))
    assert parts_of(day(after)).arrays.van_stock.tolist() == [[0]]


def test_every_opening_of_an_outlet_with_stock_is_a_point():
    noon = (
        OpeningHours(day="mon", opens=at("08:00").time(), closes=at("12:00").time()),
        OpeningHours(day="mon", opens=at("13:30").time(), closes=at("17:00").time()),
    )
    outlets = [
        outlet("O1", stock=(stock("pump", 3), stock("pump", 4), stock("belt", 1))),
        outlet("O2", 2, opening_hours=noon, stock=(stock("pump", 1),)),
        outlet("O3", 3, stock=(stock("belt", 8),)),
        outlet("O4", 4, opening_hours=hours(days="tue"), stock=(stock("pump", 8),)),
        contracted("C1", 5, stock=(stock("pump", 9),)),
        contracted("C2", 6),
    ]
    day = tiny_day([visit(parts=(part("pump"),))], outlets=outlets, settings=Settings(pickup_s=420))
    found = parts_of(day)
    # seconds since 6:00; O1 is always open; O3 has no pump; O4 is closed on Mondays
    assert [(p.outlet.id, p.earliest, p.latest, p.stock) for p in found.points] == [
        ("O1", 0, 16 * HOUR, 0),
        ("O2", 2 * HOUR, 6 * HOUR, 1),
        ("O2", 7 * HOUR + 1800, 11 * HOUR, 1),
    ]
    assert found.arrays.stock.tolist() == [[7], [1], [8]]
    assert found.arrays.point_service_s.tolist() == [420, 420, 420]
    # C1 brings its own, of which there are 9; C2 does not say
    assert found.arrays.pool_stock.tolist() == [[9], [-1]]


def test_units_on_order_are_a_stock_of_their_own_from_their_day_on():
    depot = outlet(
        opening_hours=hours("09:00", "17:00", days="mon tue wed"),
        stock=(stock("pump", 1), stock("pump", 5, day=2), stock("pump", 9, day=4)),
    )
    found = parts_of(days_of(3, [visit(parts=(part("pump"),))], outlets=[depot]))
    # 1 at once, 5 from Tuesday on; Thursday lies outside the horizon
    assert found.arrays.stock.tolist() == [[1], [5]]
    assert [(p.earliest // DAY, p.stock) for p in found.points] == [
        (0, 0), (1, 0), (2, 0), (1, 1), (2, 1),
    ]  # fmt: skip
    always = depot.model_copy(update={"opening_hours": ()})
    found = parts_of(days_of(3, [visit(parts=(part("pump"),))], outlets=[always]))
    assert [(p.earliest, p.latest) for p in found.points] == [(0, 3 * DAY), (DAY, 3 * DAY)]


def test_the_stock_of_a_contracted_outlet_is_never_counted_on_two_days():
    firm = contracted(stock=(stock("pump", 2), stock("pump", 3, day=2)))
    found = parts_of(days_of(3, [visit(parts=(part("pump"),))], outlets=[outlet(), firm]))
    assert found.arrays.pool_stock.tolist() == [[2], [3], [0]]
