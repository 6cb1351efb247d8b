"""Broken inputs: outlets, technicians, visits, and what must hold between them."""

from __future__ import annotations

from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import (
    BASE,
    DAY_CSV,
    VISITS_CSV,
    Case,
    extra,
    table,
    technician_json,
    visit_json,
    write_files,
)

TWO_STREETS = "name,lon,lat,district\nMain St 1,121.4,31.2,North\nMain St 1,121.5,31.1,South\n"

ITEMS = (
    table("a capacity without price", Code.CAPACITY_WITHOUT_PRICE, "outlets.csv", "9000", ""),
    table(
        "a capacity of an own outlet",
        Code.CAPACITY_NOT_CONTRACTED,
        "outlets.csv",
        "contracted,121",
        "own,121",
    ),
    table("an outlet that closes early", Code.HOURS_REVERSED, "outlets.csv", "18:00", "07:00"),
    table("an outlet at (0, 0)", Code.OUTLET_PLACE, "outlets.csv", "121.47,31.23", "0,0"),
    table("an outlet without place", Code.OUTLET_PLACE, "outlets.csv", "121.47,31.23", ","),
    table(
        "swapped coordinates of an outlet",
        Code.OUTLET_PLACE,
        "outlets.csv",
        "121.47,31.23",
        "31.23,121.47",
    ),
    table(
        "no place to start", Code.NO_START_OR_END, "technicians.csv", "T2,O1", "T2,", where="row 3"
    ),
    table(
        "a shift that ends early", Code.SHIFT_REVERSED, "technicians.csv", "17:00,11", "07:00,11"
    ),
    extra(
        "overlapping shifts",
        Code.SHIFTS_OVERLAP,
        "shifts.csv",
        "technician,start,end\nT1,16:00,20:00\n",
    ),
    table(
        "a shift on another day",
        Code.SHIFT_OUTSIDE_HORIZON,
        "technicians.csv",
        "08:00,17:00,11:30,13:00,30",
        "2026-03-03 08:00,2026-03-03 17:00,,,",
    ),
    table(
        "a break that ends early",
        Code.BREAK_REVERSED,
        "technicians.csv",
        "11:30,13:00",
        "13:00,11:30",
    ),
    extra(
        "overlapping breaks",
        Code.BREAKS_OVERLAP,
        "breaks.csv",
        "technician,earliest,latest,duration_min\nT1,12:30,14:00,15\n",
    ),
    table(
        "a break after the shift",
        Code.BREAK_WAIVED,
        "technicians.csv",
        "11:30,13:00",
        "19:00,20:00",
    ),
    table(
        "an expired certificate",
        Code.CERTIFICATE_EXPIRED,
        "technicians.csv",
        "2026-12-31",
        "2026-03-01",
        where="row 2 column skills",
    ),
    technician_json("half a start place", Code.TECHNICIAN_PLACE, "start", start={"lon": 121.4}),
    table(
        "a window that ends before it starts",
        Code.WINDOW_REVERSED,
        "visits.csv",
        "09:00,10:00",
        "10:00,09:00",
        where="row 2",
    ),
    table("half a window", Code.PROMISE_FORM, "visits.csv", "09:00,10:00", "09:00,", where="row 2"),
    table(
        "a window after the day",
        Code.WINDOW_OUTSIDE_HORIZON,
        "visits.csv",
        "09:00,10:00",
        "23:00,23:30",
        where="row 2",
    ),
    visit_json(
        "an emergency without a clock",
        Code.EMERGENCY_WITHOUT_REQUEST,
        "received_at",
        priority="emergency",
    ),
    visit_json(
        "an optional visit of no value", Code.OPTIONAL_WITHOUT_VALUE, "value_fen", mandatory=False
    ),
    visit_json(
        "two promises of one id",
        Code.PROMISE_ID_TWICE,
        "promises[1].id",
        promises=[{"id": "a", "appointment": "09:00"}, {"id": "a", "appointment": "15:00"}],
    ),
    table(
        "a visit without place",
        Code.PLACE_MISSING,
        "visits.csv",
        "121.48,31.24",
        ",",
        where="row 2",
    ),
    table(
        "an unknown address",
        Code.ADDRESS_UNKNOWN,
        "visits.csv",
        "121.48,31.24,",
        ",,Nowhere 1",
        where="row 2 column address",
    ),
    Case(
        "an ambiguous address",
        Code.ADDRESS_AMBIGUOUS,
        f"# gazetteer.csv\n{TWO_STREETS}# visits.csv\nV1,,,Main St 1,…",
        lambda folder: write_files(
            folder,
            {
                **BASE,
                "visits.csv": VISITS_CSV.replace("121.48,31.24,", ",,Main St 1"),
                "gazetteer.csv": TWO_STREETS,
            },
        ),
        where="row 2 column address",
    ),
    table("a visit at (0, 0)", Code.PLACE_ZERO, "visits.csv", "121.48,31.24", "0,0", where="row 2"),
    table(
        "a visit on another continent",
        Code.PLACE_FAR,
        "visits.csv",
        "121.48,31.24",
        "2.35,48.85",
        where="row 2",
    ),
    table(
        "swapped coordinates",
        Code.PLACE_SWAPPED,
        "visits.csv",
        "121.48,31.24",
        "31.24,121.48",
        where="row 2 column lat",
    ),
    Case(
        "swapped coordinates that are a point on earth",
        Code.PLACE_SWAPPED,
        "# a day in Coquimbo (-71.25, -29.95)\nV3,-29.95,-71.25,…",
        lambda folder: write_files(
            folder,
            {
                "day.csv": DAY_CSV,
                "technicians.csv": "id,shift_start,shift_end,start_lon,start_lat,end_lon,end_lat\n"
                "T1,08:00,17:00,-71.25,-29.95,-71.25,-29.95\n",
                "visits.csv": "id,lon,lat,service_min\nV1,-71.24,-29.9,30\nV2,-71.2,-29.9,30\n"
                "V3,-29.95,-71.25,30\n",
            },
        ),
        where="row 4 column lat",
    ),
)

TOGETHER = (
    table("a duplicate id", Code.DUPLICATE_ID, "visits.csv", "V2,", "V1,", where="row 3 column id"),
    table(
        "an unknown outlet", Code.UNKNOWN_OUTLET, "technicians.csv", "T1,O1", "T1,O9", where="row 2"
    ),
    table(
        "an unknown technician",
        Code.UNKNOWN_TECHNICIAN,
        "visits.csv",
        "T1;T2",
        "T1;T22",
        where="row 4",
    ),
    extra(
        "a promise of an unknown visit",
        Code.UNKNOWN_VISIT,
        "promises.csv",
        "visit,appointment\nV9,10:00\n",
    ),
    visit_json(
        "required and excluded",
        Code.REQUIRED_AND_EXCLUDED,
        "excluded",
        required=["T1"],
        excluded=["T1"],
    ),
    visit_json(
        "pinned to an excluded technician",
        Code.PIN_CONTRADICTION,
        "pin.technician",
        pin={"technician": "T1"},
        excluded=["T1"],
    ),
    visit_json(
        "pinned to nobody", Code.UNKNOWN_TECHNICIAN, "pin.technician", pin={"technician": "T7"}
    ),
    visit_json(
        "a skill nobody has", Code.NOBODY_HAS_SKILL, "skills[0].skill", skills=[{"skill": "lift"}]
    ),
)
