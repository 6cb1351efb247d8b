"""Broken inputs: what customers were told, and technicians who are out."""

from __future__ import annotations

from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import extra, technician_json, visit_json

_OUT = {"start": "10:00", "end": "17:00"}
_VISITS = "id,lon,lat,service_min,told_technician,told_arrival,told_order\n"

CASES = (
    visit_json(
        "somebody announced who is not there",
        Code.TOLD_UNKNOWN,
        "told.technician",
        told={"technician": "T9", "arrival": "09:00"},
    ),
    visit_json(
        "an arrival announced for another day",
        Code.TOLD_OUTSIDE_HORIZON,
        "told.arrival",
        told={"technician": "T1", "arrival": "2026-03-05 09:00"},
    ),
    visit_json(
        "an arrival announced without a technician",
        Code.FIELD_MISSING,
        "told.technician",
        told={"arrival": "09:00"},
    ),
    extra(
        "a rank that is no number",
        Code.WRONG_TYPE,
        "visits.csv",
        f"{_VISITS}V1,121.48,31.24,30,T1,09:00,first\n",
        "visits.csv row 2 column told_order",
    ),
    technician_json(
        "a technician out at nowhere",
        Code.TECHNICIAN_PLACE,
        "shifts[0].out_at",
        shifts=[{**_OUT, "out_at": {"lon": 121.48}}],
    ),
    technician_json(
        "a technician out with latitude first",
        Code.TECHNICIAN_PLACE,
        "shifts[0].out_at.lat",
        shifts=[{**_OUT, "out_at": {"lon": 31.24, "lat": 121.48}}],
    ),
)
