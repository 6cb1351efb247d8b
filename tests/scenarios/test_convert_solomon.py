"""Instances of Solomon become days: where, when, how much fits."""

from __future__ import annotations

import argparse
import math
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from dispatch.adapters.files import read_day
from dispatch.cli.exit_codes import Exit
from dispatch.domain import PartNeed, Stock
from dispatch.planning.daily import plan_day
from geo.estimated import EstimatedTravel
from scenarios import convert
from scenarios.convert_solomon import read_solomon_day
from scenarios.errors import InstanceFormatError
from solver.stop import MaxIterations

MONDAY = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
TEXT = """TINY

VEHICLE
NUMBER     CAPACITY
  2          10

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

    0      40         50          0          0       240          0
    1      45         50          6        100       160         10
    2      40         62          5         20        90          5
    3      37         46          4          0       200         10
"""


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_times_are_minutes_after_midnight_and_loads_are_parts(instance: Path) -> None:
    day = read_solomon_day(instance, on=MONDAY)
    assert (day.horizon_start, day.horizon_end) == (MIDNIGHT, MIDNIGHT + timedelta(hours=4))
    assert [person.van_stock for person in day.technicians] == [(Stock(part="load", quantity=10),)
                                                                ] * 2  # fmt: skip
    first = day.visits[0]
    assert first.parts == (PartNeed(part="load", quantity=6),)
    assert first.service_s == 600
    # Ready at unit 100 = 01:40, due at unit 160 = 02:40.
    assert first.promises[0].window() == (
        MIDNIGHT + timedelta(minutes=100),
        MIDNIGHT + timedelta(minutes=160),
    )


def test_a_leg_takes_as_many_units_as_in_the_file(instance: Path) -> None:
    day = read_solomon_day(instance, on=MONDAY)
    places = [day.outlets[0].place, *(visit.place for visit in day.visits)]
    lonlat = np.array([(place.lon, place.lat) for place in places])
    driven_s = EstimatedTravel().matrix(lonlat, "car").durations_s
    plane = [(40, 50), (45, 50), (40, 62), (37, 46)]
    for i, a in enumerate(plane):
        for j, b in enumerate(plane):
            assert driven_s[i, j] == pytest.approx(60 * math.dist(a, b), rel=5e-3, abs=1)


def test_the_command_writes_a_day_that_reads_without_faults(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    convert.add_arguments(parser)
    out = tmp_path / "day.xlsx"
    words = ["solomon", str(instance), "--out", str(out), "--center", "-74.0", "40.7"]
    assert convert.run(parser.parse_args(words)) == Exit.OK
    assert "3 visits, 2 technicians" in capsys.readouterr().out
    found = read_day(out)
    assert (found.quarantined, found.warnings) == ((), ())
    assert found.day.outlets[0].place.lon == -74.0


def test_capacities_hold_in_the_plan(instance: Path) -> None:
    day = read_solomon_day(instance, on=MONDAY)
    plan = plan_day(day, EstimatedTravel(), stop=MaxIterations(100))
    # 6 + 5 + 4 = 15 units, 10 fit on a van: both drive, and 6 and 5 are never together.
    loads = [
        sum(part.quantity for stop in route.stops for part in stop.parts) for route in plan.routes
    ]
    assert sorted(loads) in ([5, 10], [6, 9])
    assert not plan.unassigned


def test_units_too_long_for_a_week_or_a_region_are_refused(instance: Path) -> None:
    # 240 units of 2521 s are 605 040 s, a week has 604 800.
    with pytest.raises(InstanceFormatError, match="seven days"):
        read_solomon_day(instance, on=MONDAY, unit_s=2521)
    # 12 units of 2500 s: 12 * 2500 * 30 / 3.6 / 1.3 m = 192 km; four times as far is too far.
    wide = instance.with_name("wide.txt")
    wide.write_text(TEXT.replace("     62  ", "     98  "), encoding="utf-8")
    with pytest.raises(InstanceFormatError, match="km from the depot"):
        read_solomon_day(wide, on=MONDAY, unit_s=2500)
