"""What customers were told, and technicians who are out: read, written, refused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dispatch.adapters.files import read_day, write_day
from dispatch.domain import Day, Place, Shift, Told
from dispatch.domain.checks import Code, check_day
from dispatch.errors import InvalidRequest
from tests.dispatch.adapters.broken_inputs import HEADER, TECHNICIAN, VISIT

ZONE = timezone(timedelta(hours=8))
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)
OUT = {
    "start": "10:00",
    "end": "17:00",
    "out_at": {"lon": 121.48, "lat": 31.24},
    "max_overtime_s": 600,
    "max_visits": 0,
    "max_distance_m": 20_000,
    "max_driving_s": 3_600,
}
TOLD = {"technician": "T1", "arrival": "10:30", "order": 3}


def read(folder: Path, **changes: Any) -> Day:
    data = {
        **HEADER,
        "technicians": [{**TECHNICIAN, "shifts": [OUT]}],
        "visits": [{**VISIT, "told": TOLD}],
        **changes,
    }
    path = folder / "day.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return read_day(path).day


def test_a_day_under_way_is_read_as_it_is_written(tmp_path: Path) -> None:
    day = read(tmp_path, settings={"disturbed_free_s": 600})
    assert day.settings.disturbed_free_s == 600
    assert day.visits[0].told == Told(technician="T1", arrival=TEN + timedelta(minutes=30), order=3)
    assert day.technicians[0].shifts[0] == Shift(
        start=TEN,
        end=TEN + timedelta(hours=7),
        out_at=Place(lon=121.48, lat=31.24),
        max_overtime_s=600,
        max_visits=0,
        max_distance_m=20_000,
        max_driving_s=3_600,
    )
    write_day(day, tmp_path / "again.json")
    assert read_day(tmp_path / "again.json").day == day


def test_what_was_told_fits_a_row_of_the_table_of_visits(tmp_path: Path) -> None:
    day = read(tmp_path, technicians=[TECHNICIAN])
    for name in ("tables", "book.xlsx"):
        write_day(day, tmp_path / name)
        assert read_day(tmp_path / name).day == day


@pytest.mark.parametrize("name", ["tables", "book.xlsx"])
def test_tables_refuse_a_technician_who_is_out_rather_than_forget_it(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        write_day(read(tmp_path), tmp_path / name)
    (fault,) = caught.value.faults
    assert fault.code == Code.NOT_WRITABLE
    assert "out_at" in fault.found
    assert "T1" in fault.found
    assert not (tmp_path / name).exists()


def test_the_place_of_a_technician_who_is_out_is_in_the_datum_of_the_day(tmp_path: Path) -> None:
    home = read(tmp_path, datum="gcj02").technicians[0]
    out = home.shifts[0].out_at
    assert out is not None
    # In Shanghai GCJ-02 lies some 450 m east and 220 m south of WGS 84.
    assert out.lon == pytest.approx(121.48 - 0.0046, abs=0.0006)
    assert out.lat == pytest.approx(31.24 + 0.0020, abs=0.0006)


def test_a_technician_out_far_from_everything_is_not_believed(tmp_path: Path) -> None:
    day = read(tmp_path)
    far = {"out_at": Place(lon=100.0, lat=31.24)}
    shift = day.technicians[0].shifts[0].model_copy(update=far)
    technician = day.technicians[0].model_copy(update={"shifts": (shift,)})
    (fault,) = check_day(day.model_copy(update={"technicians": (technician,)}))
    assert (fault.code, fault.where) == ("D3101", "technicians[0].shifts[0].out_at.lon")
