"""Workbooks: typed cells, the template, texts that look like formulas, packages that lie."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dispatch.adapters.files import read_day, write_day
from dispatch.adapters.files.columns import VISITS
from dispatch.adapters.files.header import HEADER_TABLE
from dispatch.adapters.files.xlsx_package import open_package
from dispatch.adapters.files.xlsx_template import DAY, EXAMPLE, TABLES, write_template
from dispatch.domain.checks import Code, FaultList
from dispatch.errors import InvalidRequest
from dispatch.planning.daily import plan_day
from geo.estimated import EstimatedTravel
from solver.stop import MaxIterations
from tests.dispatch.adapters.broken_inputs import BASE, sound_day
from tests.dispatch.adapters.broken_workbooks import VISITS_PART
from tests.workbooks import Change, edit_package, write_workbook

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
BOUND_S = 5.0
"""Seconds of processor time; the wall clock of a shared machine says nothing."""


def local(hour: int, minute: int, second: int = 0) -> dt.datetime:
    """Return a moment of that Monday as a cell keeps it: without a zone."""
    return dt.datetime.combine(DAY, dt.time(hour, minute, second))


def typed(row: int, column: int, value: object, form: str) -> Change:
    """Return a change of a cell of ``visits`` to a typed one."""

    def change(book: Any, sheets: dict[str, Any]) -> None:
        sheets["visits"].write(row, column, value, book.add_format({"num_format": form}))

    return change


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (dt.time(9, 40), "hh:mm", local(9, 40)),
        (local(9, 40, 59), "yyyy-mm-dd hh:mm:ss", local(9, 40, 59)),
        (dt.timedelta(hours=9, minutes=50), "[h]:mm", local(9, 50)),
        ("2026/3/2 9:30", "@", local(9, 30)),
        ("2026-03-02T02:00:00+00:00", "@", local(10, 0)),
    ],
)  # fmt: skip
def test_a_time_is_read_however_the_cell_keeps_it(
    value: object, form: str, expected: dt.datetime, tmp_path: Path
) -> None:
    path = write_workbook(tmp_path / "day.xlsx", BASE, typed(1, 4, value, form))
    found = read_day(path).day.visits[0].promises[0].earliest
    assert found == expected.replace(tzinfo=SHANGHAI)


def test_a_workbook_is_the_folder_of_its_sheets(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    plain = sound_day(tmp_path / "folder")
    assert read_day(write_workbook(tmp_path / "day.xlsx", BASE)).day == plain


def test_sheets_and_headings_may_be_chinese_or_have_two_lines(tmp_path: Path) -> None:
    names = {"day.csv": "日程", "outlets.csv": "网点", "technicians.csv": "工程师"}
    tables = {names.get(name, "工单"): text for name, text in BASE.items()}
    tables["工单"] = tables["工单"].replace("id,lon", '"id\n工单号",经度')
    assert len(read_day(write_workbook(tmp_path / "day.xlsx", tables)).day.visits) == 3


def test_empty_columns_empty_rows_and_sheets_with_an_underscore_do_not_count(
    tmp_path: Path,
) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        book.add_worksheet("_notes").write(0, 0, "call the boss")
        book.add_chartsheet("chart")
        colored = book.add_format({"bg_color": "yellow"})
        sheets["visits"].write_blank(1, 12, None, colored)
        sheets["visits"].write_blank(40, 0, None, colored)

    assert len(read_day(write_workbook(tmp_path / "day.xlsx", BASE, change)).day.visits) == 3


def test_a_gazetteer_sheet_finds_addresses(tmp_path: Path) -> None:
    tables = dict(BASE)
    tables["visits.csv"] = tables["visits.csv"].replace("V3,121.46,31.21,,", "V3,,,南京东路1号,")
    tables["gazetteer.csv"] = "名称,经度,纬度\n南京东路1号,121.48,31.24\n"
    found = read_day(write_workbook(tmp_path / "day.xlsx", tables))
    assert found.quarantined == ()
    assert found.day.visits[2].place.lon == 121.48


def test_every_fault_of_a_workbook_comes_at_once(tmp_path: Path) -> None:
    tables = dict(BASE)
    tables["visits.csv"] = tables["visits.csv"].replace(",45,", ",x,").replace("121.48", "y")
    tables["technicians.csv"] = tables["technicians.csv"].replace("17:00", "25:00")
    with pytest.raises(InvalidRequest) as caught:
        read_day(write_workbook(tmp_path / "day.xlsx", tables))
    assert [fault.where for fault in caught.value.faults] == [
        "day.xlsx sheet visits row 2 column lon (B2)",
        "day.xlsx sheet visits row 3 column service_min (G3)",
        "day.xlsx sheet technicians row 2 column shift_end (D2)",
        "day.xlsx sheet technicians row 3 column shift_end (D3)",
    ]


def test_the_template_is_a_day_without_faults(tmp_path: Path) -> None:
    write_template(tmp_path / "day.xlsx")
    found = read_day(tmp_path / "day.xlsx")
    assert (found.warnings, found.quarantined) == ((), ())
    assert found.day.date == DAY
    assert len(found.day.visits) == len(EXAMPLE[VISITS])
    assert len(found.day.visits[3].promises) == 2


def test_the_template_is_the_same_file_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", "http://a.b", "_x0041_", "a\nb"])
def test_a_text_stays_the_text_it_is(text: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    day = sound_day(tmp_path / "folder")
    visit = day.visits[0].model_copy(update={"district": text})
    write_day(day.model_copy(update={"visits": (visit,)}), tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        parts = b"".join(package.read(name) for name in package.namelist())
    assert b"<f>" not in parts
    assert b"<hyperlink" not in parts
    assert read_day(tmp_path / "out.xlsx").day.visits[0].district == text


@pytest.mark.parametrize("text", ["x" * 32_768, "a\ufffeb"])
def test_a_text_no_cell_can_keep_is_refused_and_nothing_is_written(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    day = sound_day(tmp_path / "folder")
    visit = day.visits[0].model_copy(update={"district": text})
    with pytest.raises(InvalidRequest) as caught:
        write_day(day.model_copy(update={"visits": (visit,)}), tmp_path / "out.xlsx")
    assert caught.value.faults[0].code == Code.NOT_WRITABLE
    assert not (tmp_path / "out.xlsx").exists()


def test_the_reader_of_cells_gets_only_the_parts_that_were_looked_at(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "day.xlsx", BASE)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    found = open_package(path, FaultList())
    assert found is not None
    with zipfile.ZipFile(found.as_file()) as fresh:
        assert "xl/vbaProject.bin" not in fresh.namelist()
        assert {i.compress_type for i in fresh.infolist()} == {zipfile.ZIP_STORED}


def test_a_part_larger_than_the_package_says_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "day.xlsx", BASE)
    data = bytearray(path.read_bytes())
    # The directory of the zip: size unpacked stands 24 bytes into an entry, the name 46 bytes.
    name = data.rfind(VISITS_PART.encode())
    data[name - 46 + 24 : name - 46 + 28] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(InvalidRequest) as caught:
        read_day(path)
    assert {fault.code for fault in caught.value.faults} == {Code.WORKBOOK_BROKEN}


def test_random_damage_is_refused_in_words_or_read(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "sound.xlsx", BASE)
    with zipfile.ZipFile(path) as package:
        parts = [n for n in package.namelist() if n.startswith("xl/")]
    dice = random.Random(7)  # noqa: S311 - reproducible damage
    for number in range(150):
        part = dice.choice(parts)

        def damage(found: dict[str, bytes], name: str = part) -> None:
            data = bytearray(found[name])
            for _ in range(dice.randint(1, 6)):
                at = dice.randrange(len(data))
                data[at : at + dice.choice([0, 1, 1, 9])] = dice.choice([b"<", b"9", b"", b"\xff"])
            found[name] = bytes(data)

        broken = tmp_path / f"{number}.xlsx"
        broken.write_bytes(path.read_bytes())
        edit_package(broken, damage)
        # Anything but faults in words would come out as another error.
        with contextlib.suppress(InvalidRequest):
            read_day(broken)


def _large(path: Path, rows: int) -> Path:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        clock = book.add_format({"num_format": "hh:mm"})
        for n in range(1, rows + 1):
            place = (f"V{n}", 121.3 + n % 300 / 1000, 31.1 + n % 400 / 1000, f"示例路 {n} 号")
            sheets["visits"].write_row(n, 0, place)
            sheets["visits"].write_datetime(n, 4, dt.time(8 + n % 8, n % 60), clock)
            sheets["visits"].write_datetime(n, 5, dt.time(9 + n % 8, n % 60), clock)
            sheets["visits"].write_row(n, 6, (20 + n % 40, "ac:1", "general"))

    return write_workbook(path, BASE, change)


@pytest.mark.soak
def test_a_workbook_of_50_000_visits_is_read_in_five_seconds(tmp_path: Path) -> None:
    path = _large(tmp_path / "day.xlsx", 50_000)
    start = time.process_time()
    found = read_day(path)
    assert time.process_time() - start < BOUND_S
    assert len(found.day.visits) == 50_000


def test_what_is_written_opens_as_sheets_with_typed_cells(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    write_day(sound_day(tmp_path / "folder"), tmp_path / "day.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "day.xlsx")
    assert book.sheet_names == ["day", "outlets", "technicians", "visits"]
    head, first, *_ = book.get_sheet_by_name("visits").to_python()
    row = dict(zip(head, first, strict=True))
    assert row["lon"] == 121.48
    assert row["earliest"] == local(9, 0)
    assert row["service_s"] == 1800


def test_the_template_explains_every_column_and_every_key_it_uses(tmp_path: Path) -> None:
    write_template(tmp_path / "day.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "day.xlsx")
    explained = {(row[0].split()[0], row[1]) for row in book.get_sheet_by_name("dictionary")
                 .to_python()[1:]}  # fmt: skip
    for name in book.sheet_names[:-1]:
        heading = book.get_sheet_by_name(name).to_python()[0]
        assert {(name, str(cell).partition("\n")[0]) for cell in heading} <= explained
    keys = {str(row["key"]) for row in EXAMPLE[HEADER_TABLE]}
    assert {("day", f"key {key}") for key in keys} <= explained


def test_every_sheet_of_the_template_has_a_row_of_the_example(tmp_path: Path) -> None:
    without = {table.file for table in TABLES if not EXAMPLE.get(table)}
    assert without == {"opening_hours.csv", "breaks.csv", "gazetteer.csv"}


def test_the_example_of_the_template_is_served_whole_with_crew_pick_up_and_second_day(
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "day.xlsx")
    day = read_day(tmp_path / "day.xlsx").day
    plan = plan_day(day, EstimatedTravel(), stop=MaxIterations(300))
    assert plan.unassigned == ()
    stops = [stop for route in plan.routes for stop in route.stops]
    assert sorted(stop.crew for stop in stops if stop.visit == "V005") == [1, 2]
    assert [stop.outlet for stop in stops if stop.kind == "pickup"] == ["O1"]
    assert {stop.start.date() for stop in stops if stop.visit == "V006"} == {dt.date(2026, 3, 3)}
