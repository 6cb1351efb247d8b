"""Broken inputs: values and times."""

from __future__ import annotations

import numpy as np

from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import (
    Case,
    day_json,
    gazetteer,
    plan_json,
    table,
    technician_json,
    travel,
    visit_json,
    write_files,
)

VALUES = (
    table(
        "a missing value", Code.FIELD_MISSING, "visits.csv", ",30,ac", ",,ac", where="row 2 column"
    ),
    visit_json("an unknown field", Code.FIELD_UNKNOWN, "visits[0].servise_s", servise_s=5),
    table("an unknown key", Code.FIELD_UNKNOWN, "day.csv", "zone,", "zona,", where="row 4"),
    table(
        "text for a number",
        Code.WRONG_TYPE,
        "visits.csv",
        ",45,gas",
        ",three quarters,gas",
        where="row 3 column service_min",
    ),
    visit_json("a number in quotes", Code.WRONG_TYPE, "visits[0].service_s", service_s="1800"),
    table(
        "a decimal comma", Code.WRONG_TYPE, "visits.csv", "121.45", '"121,45"', where="column lon"
    ),
    table(
        "a negative number",
        Code.OUT_OF_RANGE,
        "visits.csv",
        ",30,ac",
        ",-30,ac",
        where="service_min",
    ),
    visit_json("a number too big", Code.OUT_OF_RANGE, "value_fen", value_fen=10**30),
    visit_json("a longitude of 500", Code.OUT_OF_RANGE, "place.lon", place={"lon": 500, "lat": 31}),
    table("NaN", Code.NOT_FINITE, "visits.csv", "121.48", "NaN", where="row 2 column lon"),
    table("infinity", Code.NOT_FINITE, "visits.csv", "31.24", "inf", where="row 2 column lat"),
    table("an unknown word", Code.WRONG_CHOICE, "visits.csv", "urgent", "urgnt", where="priority"),
    day_json("an unknown datum", Code.WRONG_CHOICE, "datum", datum="gcj2"),
    visit_json("an id too long", Code.TEXT_FORM, "visits[0].id", id="V" * 65),
    table(
        "a list that cannot be read", Code.LIST_CELL, "visits.csv", "ac:2", "ac:two", where="skills"
    ),
    table(
        "hours that cannot be read",
        Code.LIST_CELL,
        "outlets.csv",
        "mon-fri",
        "weekdays",
        where="hours",
    ),
    table("a date that does not exist", Code.DATE_FORM, "day.csv", "03-02", "02-30", where="date"),
    visit_json("half a character", Code.VALUE_FORM, "visits[0]", district="\ud800"),
    technician_json("no shift", Code.LIST_LENGTH, "technicians[0].shifts", shifts=[]),
    table("a time that cannot be read", Code.MOMENT_FORM, "visits.csv", "10:00,30", "10 am,30"),
    visit_json("a time as a number", Code.MOMENT_FORM, "received_at", received_at=930),
    day_json(
        "a local time that is skipped",
        Code.MOMENT_SKIPPED,
        "horizon_start",
        zone="Europe/Berlin",
        date="2026-03-29",
        horizon_start="02:30",  # the clocks go from 02:00 to 03:00
    ),
    day_json(
        "a local time that happens twice",
        Code.MOMENT_TWICE,
        "horizon_start",
        zone="Europe/Berlin",
        date="2026-10-25",
        horizon_start="02:30",  # the clocks go from 03:00 to 02:00
    ),
    visit_json(
        "parts of a second",
        Code.MOMENT_SUBSECOND,
        "received_at",
        received_at="2026-03-02T09:00:00.5+08:00",
    ),
    table("an unknown zone", Code.ZONE_UNKNOWN, "day.csv", "Shanghai", "Shangai", where="zone"),
    table("a horizon that ends early", Code.HORIZON_REVERSED, "day.csv", "22:00", "06:00"),
    plan_json("a plan without routes' cost", Code.FIELD_MISSING, '{"status": "feasible"}', "cost"),
    plan_json("a truncated plan", Code.JSON_SYNTAX, '{"status": "feasi', "line 1"),
    Case(
        "a travel table that is none",
        Code.TRAVEL_FILE,
        "# travel.npz\nnot an archive",
        lambda folder: write_files(folder, {"travel.npz": b"not an archive"}) / "travel.npz",
        read=travel("", Code.TRAVEL_FILE, "").read,
        where="travel.npz",
    ),
    travel("an array missing", Code.TRAVEL_KEY, "no durations_s_car", durations_s_car=None),
    travel(
        "an array of the wrong shape",
        Code.TRAVEL_SHAPE,
        "durations_s_car of shape (1, 2)",
        durations_s_car=np.zeros((1, 2), dtype=np.int32),
    ),
    gazetteer("a gazetteer without numbers", Code.WRONG_TYPE, "name,lon,lat\nMall,x,31\n", "row 2"),
)
