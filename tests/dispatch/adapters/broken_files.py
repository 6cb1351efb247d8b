"""Broken inputs: files, JSON and tables as such."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files import write_day
from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import (
    BASE,
    VISITS_CSV,
    Case,
    document,
    extra,
    raw,
    sound_day,
    table,
    write_files,
)

MILLION = 1_000_000


def _missing(folder: Path) -> Path:
    return folder / "tuesday.json"


def _workbook(folder: Path) -> Path:
    return write_files(folder, {"day.xls": b"\xd0\xcf"}) / "day.xls"


def _folder_instead_of_file(folder: Path) -> Path:
    write_files(folder, {name: text for name, text in BASE.items() if name != "visits.csv"})
    (folder / "visits.csv").mkdir()
    return folder


def _no_visits(folder: Path) -> Path:
    return write_files(folder, {n: t for n, t in BASE.items() if n != "visits.csv"})


def _huge(folder: Path) -> Path:
    path = folder / "day.json"
    with path.open("wb") as file:
        file.truncate(200_000_001)  # sparse: takes no room
    return path


def _million_rows(folder: Path) -> Path:
    write_files(folder, dict(BASE))
    with (folder / "visits.csv").open("w", encoding="utf-8") as file:
        file.write("id,lon,lat,service_min\n")
        file.writelines(f"V{n},121.4,31.2,30\n" for n in range(MILLION))
    return folder


def _million_objects(folder: Path) -> Path:
    one = '{"id":"V","service_s":1}'
    head = '{"id":"D1","visits":['
    with (folder / "day.json").open("w", encoding="utf-8") as file:
        file.write(head + one)
        file.writelines(f",{one}" for _ in range(MILLION - 1))
        file.write("]}")
    return folder / "day.json"


def _write_over_photos(folder: Path) -> Path:
    (folder / "photos").mkdir()
    (folder / "photos" / "cat.jpg").write_bytes(b"jpg")
    return folder


def _read_write_over_photos(folder: Path) -> None:
    (folder / "in").mkdir()
    write_day(sound_day(folder / "in"), folder / "photos")


def _read_write_blank_ends(folder: Path) -> None:
    day = sound_day(folder)
    visit = day.visits[0].model_copy(update={"district": " north "})
    write_day(day.model_copy(update={"visits": (visit,)}), folder / "out")


FILES = (
    Case(
        "a path that does not exist",
        Code.FILE_MISSING,
        "servicenet plan tuesday.json --out out",
        _missing,
    ),
    Case("a folder without visits.csv", Code.FILE_MISSING, "day.csv  technicians.csv", _no_visits),
    Case("a file of more than 200 MB", Code.FILE_TOO_LARGE, "day.json, 200 000 001 bytes", _huge),
    raw("an empty file", Code.FILE_EMPTY, "visits.csv", b"", "# visits.csv\n(0 bytes)"),
    raw(
        "UTF-16",
        Code.ENCODING,
        "visits.csv",
        VISITS_CSV.encode("utf-16"),
        "# visits.csv, saved as UTF-16 (Unicode text)",
    ),
    raw(
        "Latin-1",
        Code.ENCODING,
        "visits.csv",
        VISITS_CSV.replace("V1,121.48,31.24,", "V1,121.48,31.24,Café").encode("latin-1"),
        "# visits.csv, saved as Latin-1\nV1,121.48,31.24,Caf\\xe9,…",
    ),
    raw(
        "damaged UTF-8",
        Code.ENCODING,
        "visits.csv",
        VISITS_CSV.encode().replace(b"V1,121.48,31.24,", "V1,121.48,31.24,上海市南京东路".encode())
        + b"\xe4\xb8\n",
        "# visits.csv in UTF-8, one character cut in half",
    ),
    extra("a misspelled file name", Code.FILE_UNKNOWN, "promise.csv", "visit,appointment\n"),
    Case("an old workbook", Code.FILE_KIND, "servicenet plan day.xls --out out", _workbook),
    Case(
        "a folder where a file belongs",
        Code.FILE_UNREADABLE,
        "visits.csv/ (a folder)",
        _folder_instead_of_file,
    ),
    extra("two headers", Code.TWO_HEADERS, "day.json", '{"id": "D1"}', "day.csv"),
    Case(
        "writing over other files",
        Code.FOLDER_NOT_OURS,
        'write_day(day, Path("photos"))',
        _write_over_photos,
        _read_write_over_photos,
        "photos",
    ),
    Case(
        "text that a cell cannot keep",
        Code.NOT_WRITABLE,
        'Visit(district=" north ", …) written as CSV',
        lambda folder: folder,
        _read_write_blank_ends,
        "district",
    ),
    document("truncated JSON", Code.JSON_SYNTAX, '{"id": "D1",\n "visits": [{"id": "V', "line 2"),
    document("a comma too many", Code.JSON_SYNTAX, '{"id": "D1",}', "line 1 column"),
    document("a duplicate key", Code.JSON_DUPLICATE_KEY, '{"id": "D1", "id": "D2"}', '"id"'),
    document("a list instead of an object", Code.JSON_NOT_OBJECT, "[1, 2]"),
    table("a misspelled column", Code.COLUMN_UNKNOWN, "visits.csv", "earliest", "earlyest"),
    table("a missing column", Code.COLUMN_MISSING, "visits.csv", "service_min", "access_min"),
    table("a column twice", Code.COLUMN_TWICE, "visits.csv", "address", "lon"),
    table("a key twice", Code.COLUMN_TWICE, "day.csv", "id,D1\n", "id,D1\nid,D2\n", where="row 3"),
    table("a row with too few cells", Code.ROW_CELLS, "visits.csv", ",urgent,", "", where="row 3"),
    table("a row with too many cells", Code.ROW_CELLS, "visits.csv", "V1,", "V1,x,", where="row 2"),
    Case(
        "a million rows",
        Code.ROWS_TOO_MANY,
        "visits.csv with 1 000 000 rows",
        _million_rows,
        where="visits.csv row 100002",
    ),
    Case(
        "a million visits in JSON",
        Code.ROWS_TOO_MANY,
        "day.json with 1 000 000 visits",
        _million_objects,
        where="day.json",
    ),
    table("a quote that is not closed", Code.CSV_SYNTAX, "visits.csv", "V2,", '"V2,', where="line"),
)
