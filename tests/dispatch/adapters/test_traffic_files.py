"""Speeds by hour as tables: read, written, converted, named in faults."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from dispatch.adapters.files import read_day, read_speed_table, write_day, write_speed_table
from dispatch.domain import SpeedRow, Traffic
from dispatch.domain.checks import Code
from dispatch.errors import InvalidRequest
from geo.datum import wgs84_to_gcj02
from tests.dispatch.adapters.broken_inputs import BASE, sound_day, write_files
from tests.workbooks import write_workbook

ROWS = "道路等级,起,止,速度百分比\n主干道,07:00,09:30,55\nlocal,22:00,24:00,110\n"
SPEEDS = (
    SpeedRow(road_class="primary", from_minute=420, to_minute=570, percent=55),
    SpeedRow(road_class="local", from_minute=1320, to_minute=1440, percent=110),
)


def test_a_table_of_speeds_is_a_custom_profile(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"speeds.csv": ROWS}) / "speeds.csv"
    # 07:00 = minute 420, 09:30 = 570, 22:00 = 1320, 24:00 = 1440.
    assert read_speed_table(path) == Traffic(profile="custom", speeds=SPEEDS)


def test_a_written_table_of_speeds_is_read_back(tmp_path: Path) -> None:
    profile = Traffic(profile="custom", speeds=SPEEDS)
    write_speed_table(profile, tmp_path / "speeds.csv")
    assert read_speed_table(tmp_path / "speeds.csv") == profile


def test_the_default_profile_can_be_copied_and_changed(tmp_path: Path) -> None:
    text = resources.files("geo").joinpath("data", "china_big_city.csv").read_text("utf-8")
    found = read_speed_table(write_files(tmp_path, {"mine.csv": text}) / "mine.csv")
    assert len(found.speeds) == len(text.strip().splitlines()) - 1


def test_every_fault_of_a_table_of_speeds_comes_at_once(tmp_path: Path) -> None:
    text = "road_class,from,to,percent\nprimary,09:00,08:00,50\nstreet,07:00,08:00,50\n"
    text += "local,07:00,09:00,x\n"
    with pytest.raises(InvalidRequest) as caught:
        read_speed_table(write_files(tmp_path, {"speeds.csv": text}) / "speeds.csv")
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        (Code.WRONG_TYPE, "speeds.csv row 4 column percent"),
        (Code.WRONG_CHOICE, "speeds.csv row 3 column road_class"),
    ]


def test_rows_are_judged_against_each_other_once_each_is_sound(tmp_path: Path) -> None:
    text = "road_class,from,to,percent\nprimary,09:00,08:00,50\nlocal,07:00,09:00,60\n"
    text += "local,08:00,10:00,70\n"
    with pytest.raises(InvalidRequest) as caught:
        read_speed_table(write_files(tmp_path, {"speeds.csv": text}) / "speeds.csv")
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        (Code.TRAFFIC_ROW_REVERSED, "speeds.csv row 2 column to"),
        (Code.TRAFFIC_ROWS_OVERLAP, "speeds.csv row 4 column from"),
    ]


def test_a_heading_alone_is_no_profile(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"speeds.csv": "road_class,from,to,percent\n"}) / "speeds.csv"
    with pytest.raises(InvalidRequest) as caught:
        read_speed_table(path)
    assert [fault.code for fault in caught.value.faults] == [Code.TRAFFIC_WITHOUT_ROWS]


def test_rows_in_a_folder_make_the_day_drive_by_hour(tmp_path: Path) -> None:
    folder = write_files(tmp_path, {**BASE, "traffic_speeds.csv": ROWS})
    assert read_day(folder).day.traffic == Traffic(profile="custom", speeds=SPEEDS)


def test_areas_alone_take_the_default_profile(tmp_path: Path) -> None:
    rows = "name,start,end,percent,ring\nfair,08:00,18:00,40,121.4 31.2;121.5 31.2;121.5 31.3\n"
    found = read_day(write_files(tmp_path, {**BASE, "traffic_areas.csv": rows})).day.traffic
    assert found is not None
    assert found.profile == "china_big_city"
    assert found.areas[0].ring == ((121.4, 31.2), (121.5, 31.2), (121.5, 31.3))


def test_outlines_of_areas_are_in_the_datum_of_the_day(tmp_path: Path) -> None:
    lon, lat = wgs84_to_gcj02([121.4, 121.5, 121.5], [31.2, 31.2, 31.3])
    ring = ";".join(f"{x!r},{y!r}" for x, y in zip(lon.tolist(), lat.tolist(), strict=True))
    tables = {**BASE, "day.csv": f"{BASE['day.csv']}datum,gcj02\n"}
    tables["traffic_areas.csv"] = f'start,end,percent,ring\n08:00,18:00,40,"{ring}"\n'
    found = read_day(write_files(tmp_path, tables)).day.traffic
    assert found is not None
    expected = [(121.4, 31.2), (121.5, 31.2), (121.5, 31.3)]
    np.testing.assert_allclose(found.areas[0].ring, expected, atol=1e-8)


def test_a_fault_of_traffic_hides_no_fault_of_the_header(tmp_path: Path) -> None:
    tables = {**BASE, "day.csv": BASE["day.csv"].replace("22:00", "06:00")}
    tables["traffic_speeds.csv"] = "road_class,from,to,percent\nlocal,07:00,09:00,4\n"
    with pytest.raises(InvalidRequest) as caught:
        read_day(write_workbook(tmp_path / "day.xlsx", tables))
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        (Code.OUT_OF_RANGE, "day.xlsx sheet traffic_speeds row 2 column percent (D2)"),
        (Code.HORIZON_REVERSED, "day.xlsx sheet day row 6 horizon_end"),
    ]


def test_details_of_a_skill_that_no_cell_holds_get_rows(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    day = sound_day(tmp_path / "folder")
    first, second = day.technicians
    slow = first.skills[0].model_copy(update={"service_percent": 120})
    changed = first.model_copy(update={"skills": (slow, *first.skills[1:])})
    day = day.model_copy(update={"technicians": (changed, second)})
    write_day(day, tmp_path / "out")
    assert (tmp_path / "out" / "skills.csv").read_text("utf-8-sig").splitlines() == [
        "technician,skill,level,certificate_expires,service_percent",
        "T1,ac,2,2026-12-31,120",
        "T1,gas,1,,",
    ]
    assert read_day(tmp_path / "out").day == day


def test_columns_that_only_say_what_is_usual_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    write_day(sound_day(tmp_path / "folder"), tmp_path / "out")
    heading = (tmp_path / "out" / "visits.csv").read_text("utf-8-sig").splitlines()[0]
    # Priorities differ (V2 is urgent); nobody has a crew, everybody is mandatory.
    assert heading == "id,lon,lat,earliest,latest,service_s,skills,priority,required"
