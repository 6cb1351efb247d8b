"""Broken inputs as data: what is changed in a sound day, and the code a person gets.

``docs/errors.md`` and the tests are made from the same cases.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dispatch.adapters.files import read_day, read_gazetteer, read_plan, read_travel
from dispatch.domain import Day
from dispatch.domain.checks import Code
from dispatch.errors import Fault, InvalidRequest

DAY_CSV = """key,value
id,D1
date,2026-03-02
zone,Asia/Shanghai
horizon_start,07:00
horizon_end,22:00
"""
OUTLETS_CSV = """id,kind,lon,lat,hours,visits_per_day,price_fen,contracted_skills
O1,own,121.47,31.23,mon-fri 08:00-18:00,,,
O2,contracted,121.50,31.20,,5,9000,washer
"""
TECHNICIANS_CSV = """id,outlet,shift_start,shift_end,break_earliest,break_latest,break_min,skills
T1,O1,08:00,17:00,11:30,13:00,30,ac:2@2026-12-31;gas:1
T2,O1,08:00,17:00,,,,ac:1
"""
VISITS_CSV = """id,lon,lat,address,earliest,latest,service_min,skills,priority,required
V1,121.48,31.24,,09:00,10:00,30,ac:2,general,
V2,121.45,31.20,,10:00,11:00,45,gas,urgent,
V3,121.46,31.21,,,,20,,general,T1;T2
"""
BASE = {
    "day.csv": DAY_CSV,
    "outlets.csv": OUTLETS_CSV,
    "technicians.csv": TECHNICIANS_CSV,
    "visits.csv": VISITS_CSV,
}
PLACE = {"lon": 121.47, "lat": 31.23}
HEADER = {
    "id": "D1",
    "date": "2026-03-02",
    "zone": "Asia/Shanghai",
    "horizon_start": "07:00",
    "horizon_end": "22:00",
}
TECHNICIAN = {
    "id": "T1",
    "start": PLACE,
    "end": PLACE,
    "shifts": [{"start": "08:00", "end": "17:00"}],
}
VISIT = {"id": "V1", "place": PLACE, "service_s": 1800}


@dataclass(frozen=True)
class Case:
    """One broken input.

    Parameters
    ----------
    title
        What is broken, in a few words.
    code
        Code that has to come out.
    example
        What the documentation shows.
    make
        Writes the input into a folder and returns its path.
    read
        Reads it; the faults of ``DayFile`` or ``InvalidRequest`` are what counts.
    where
        Text that the fault's place has to contain.
    """

    title: str
    code: Code
    example: str
    make: Callable[[Path], Path]
    read: Callable[[Path], object] = read_day
    where: str = ""


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write a folder of files."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def faults_of(case: Case, folder: Path) -> tuple[Fault, ...]:
    """Return every fault of a case, wherever it comes out."""
    path = case.make(folder)
    try:
        found = case.read(path)
    except InvalidRequest as error:
        return error.faults
    return (*getattr(found, "quarantine_faults", ()), *getattr(found, "warnings", ()))


def table(
    title: str, code: Code, file: str, old: str, new: str, *, where: str | None = None
) -> Case:
    """Break one table of the sound folder by replacing a text in it."""
    if BASE[file].count(old) < 1:
        raise ValueError(f"{title}: {old!r} is not in {file}")
    content = BASE[file].replace(old, new, 1)
    changed = [line for line in content.splitlines() if line not in BASE[file].splitlines()]
    heading = [content.splitlines()[0]] if content.splitlines()[:1] != changed[:1] else []
    example = "\n".join([f"# {file}", *heading, *changed])

    def make(folder: Path) -> Path:
        return write_files(folder, {**BASE, file: content})

    return Case(title, code, example, make, where=where if where is not None else file)


def extra(title: str, code: Code, file: str, content: str, where: str | None = None) -> Case:
    """Add a file to the sound folder, or replace one whole."""

    def make(folder: Path) -> Path:
        return write_files(folder, {**BASE, file: content})

    shown = f"# {file}\n{content}".rstrip()
    return Case(title, code, shown, make, where=where if where is not None else file)


def raw(title: str, code: Code, file: str, content: bytes, example: str) -> Case:
    """Replace a file of the sound folder by bytes."""

    def make(folder: Path) -> Path:
        return write_files(folder, {**BASE, file: content})

    return Case(title, code, example, make, where=file)


def document(title: str, code: Code, text: str, where: str = "day.json") -> Case:
    """Read one JSON document."""

    def make(folder: Path) -> Path:
        return write_files(folder, {"day.json": text}) / "day.json"

    return Case(title, code, text, make, where=where)


def day_json(title: str, code: Code, where: str = "day.json", **changes: object) -> Case:
    """Change the sound JSON day by whole keys."""
    data = {**HEADER, "technicians": [TECHNICIAN], "visits": [VISIT], **changes}
    case = document(title, code, json.dumps(data, indent=1), where)
    shown = json.dumps(changes)
    return Case(title, code, f"# day.json\n{shown}", case.make, where=where)


def visit_json(title: str, code: Code, where: str = "visits[0]", **changes: object) -> Case:
    """Change the visit of the sound JSON day."""
    case = day_json(title, code, where, visits=[{**VISIT, **changes}])
    shown = json.dumps(changes)
    return Case(title, code, f"# day.json, a visit\n{shown}", case.make, where=where)


def technician_json(
    title: str, code: Code, where: str = "technicians[0]", **changes: object
) -> Case:
    """Change the technician of the sound JSON day."""
    case = day_json(title, code, where, technicians=[{**TECHNICIAN, **changes}])
    shown = json.dumps(changes)
    return Case(title, code, f"# day.json, a technician\n{shown}", case.make, where=where)


def plan_json(title: str, code: Code, text: str, where: str) -> Case:
    """Read a broken plan."""

    def make(folder: Path) -> Path:
        return write_files(folder, {"plan.json": text}) / "plan.json"

    return Case(title, code, f"# plan.json\n{text}", make, read_plan, where)


def travel(title: str, code: Code, example: str, **changes: np.ndarray | None) -> Case:
    """Read a broken travel table; None leaves an array out."""
    arrays: dict[str, np.ndarray | None] = {
        "lonlat": np.array([[121.0, 31.0], [121.1, 31.1]]),
        "profiles": np.array(["car"]),
        "durations_s_car": np.array([[0, 60], [60, 0]], dtype=np.int32),
        "distances_m_car": np.array([[0, 900], [900, 0]], dtype=np.int32),
        "estimated": np.array(False),
        "description": np.array("test"),
        "attribution": np.array("nobody"),
        **changes,
    }

    def make(folder: Path) -> Path:
        buffer = io.BytesIO()
        kept = {name: array for name, array in arrays.items() if array is not None}
        np.savez(buffer, **kept)  # type: ignore[arg-type] # named arrays
        return write_files(folder, {"travel.npz": buffer.getvalue()}) / "travel.npz"

    return Case(title, code, f"# travel.npz\n{example}", make, read_travel, "travel.npz")


def gazetteer(title: str, code: Code, text: str, where: str) -> Case:
    """Read a broken gazetteer."""

    def make(folder: Path) -> Path:
        return write_files(folder, {"gazetteer.csv": text}) / "gazetteer.csv"

    return Case(title, code, f"# gazetteer.csv\n{text}".rstrip(), make, read_gazetteer, where)


def sound_day(folder: Path) -> Day:
    """Return the day of the sound folder."""
    return read_day(write_files(folder, dict(BASE))).day
