"""A service day from a JSON document, a workbook or a folder of CSV tables."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatch.adapters.files import columns
from dispatch.adapters.files.assemble import assemble
from dispatch.adapters.files.csv_day import read_csv_folder
from dispatch.adapters.files.gazetteer import read_gazetteer
from dispatch.adapters.files.json_text import is_format, read_json_object
from dispatch.adapters.files.raw import KINDS, RawDay, json_header_where, json_where
from dispatch.adapters.files.text import MAX_FILE_BYTES
from dispatch.adapters.files.xlsx_day import read_workbook
from dispatch.adapters.geocoder import Geocoder
from dispatch.domain.checks import Code, FaultList, show
from dispatch.domain.day import MAX_VISITS, Day
from dispatch.domain.plan import QuarantinedVisit
from dispatch.errors import Fault, InvalidRequest, Severity

_ORDER = (Severity.ERROR, Severity.QUARANTINE, Severity.WARNING)
_EVERY_VISIT_HAS = b'"service_s"'
_CHUNK = 1 << 20
WORKBOOK = ".xlsx"


@dataclass(frozen=True)
class DayFile:
    """What came out of a day file.

    Parameters
    ----------
    day
        The day without the quarantined visits, WGS 84.
    quarantined
        Visits set aside, with code and reason.
    warnings
        What a person should look at; the day is planned all the same.
    quarantine_faults
        The faults behind ``quarantined``, in the same order, as data.
    """

    day: Day
    quarantined: tuple[QuarantinedVisit, ...] = ()
    warnings: tuple[Fault, ...] = ()
    quarantine_faults: tuple[Fault, ...] = ()


def read_day(path: Path, *, geocoder: Geocoder | None = None) -> DayFile:
    """Read and check a service day.

    Parameters
    ----------
    path
        A JSON document (``.json``), a workbook (``.xlsx``) or a folder of CSV tables
        (docs/day-files.md).
    geocoder
        Finds places given by address only. Without one, a ``gazetteer.csv`` in the folder or the
        sheet ``gazetteer`` is used.

    Raises
    ------
    InvalidRequest
        With every fault of the input: errors first, then what would have been set aside, then
        warnings.
    """
    with _no_collection():
        return _read(Path(path), geocoder)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Stop the search for garbage cycles: everything made while reading stays, and there is much.

    Each search would look at all of it again, a third of the time of a large day.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(path: Path, geocoder: Geocoder | None) -> DayFile:
    faults = FaultList()
    if path.suffix.lower() == WORKBOOK and not path.is_dir():
        raw, places = read_workbook(path, faults)
        geocoder = geocoder or places
    else:
        raw = _read_raw(path, faults)
    if raw is not None and not _too_many(raw, faults):
        if geocoder is None and path.is_dir():
            geocoder = _gazetteer_of(path, faults)
        found = assemble(raw, faults, geocoder)
        if found is not None and not faults.of(Severity.ERROR):
            return _day_file(found, faults)
    raise InvalidRequest([fault for severity in _ORDER for fault in faults.of(severity)])


def _read_raw(path: Path, faults: FaultList) -> RawDay | None:
    if path.is_dir():
        return read_csv_folder(path, faults)
    if path.suffix.lower() == ".json":
        return _read_json(path, faults)
    code = Code.FILE_KIND if path.exists() else Code.FILE_MISSING
    faults.add(
        code,
        path.name,
        "no such file or folder" if code is Code.FILE_MISSING else f"a file {show(path.suffix)}",
        "a .json file, an .xlsx workbook or a folder of CSV tables",
        "Save a workbook of another kind as .xlsx (Excel workbook).",
    )
    return None


def _read_json(path: Path, faults: FaultList) -> RawDay | None:
    if _is_worth_counting(path) and _count(path, _EVERY_VISIT_HAS) > MAX_VISITS:
        # Refused before a million objects are made of it.
        _report_many(path.name, faults)
        return None
    data = read_json_object(path, faults)
    if data is None or not is_format(data, Day, path.name, faults):
        return None
    items: dict[str, list[Any]] = {}
    where = json_header_where(path.name)
    for kind in KINDS:
        found = data.pop(kind, [])
        if not isinstance(found, list):
            faults.add(Code.WRONG_TYPE, where((kind,)), show(found), "a list [ … ]")
            found = []
        items[kind] = found
    return RawDay(data, items, json_where(path.name, items), where, quoted=True)


def _is_worth_counting(path: Path) -> bool:
    """Say whether a file is there and within its limit; others are reported when it is read."""
    return path.is_file() and path.stat().st_size <= MAX_FILE_BYTES


def _count(path: Path, needle: bytes) -> int:
    """Return how often a text occurs in a file; occurrences across chunks are counted too."""
    total, tail = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total += (tail + chunk).count(needle)
            tail = chunk[1 - len(needle) :]
    return total


def _too_many(raw: RawDay, faults: FaultList) -> bool:
    if len(raw.items["visits"]) > MAX_VISITS:
        _report_many(raw.header_where(("visits",)), faults)
    return any(fault.code == Code.ROWS_TOO_MANY for fault in faults.faults)


def _report_many(where: str, faults: FaultList) -> None:
    faults.add(
        Code.ROWS_TOO_MANY,
        where,
        f"more than {MAX_VISITS:,} visits",
        f"at most {MAX_VISITS:,} visits",
        "Plan the day region by region.",
    )


def _gazetteer_of(folder: Path, faults: FaultList) -> Geocoder | None:
    path = folder / columns.GAZETTEER_CSV
    if not path.exists():
        return None
    try:
        return read_gazetteer(path)
    except InvalidRequest as error:
        faults.faults.extend(error.faults)
        return None


def _day_file(found: Day, faults: FaultList) -> DayFile:
    aside = [fault for fault in faults.of(Severity.QUARANTINE) if fault.visit is not None]
    names = {fault.visit for fault in aside}
    visits = tuple(visit for visit in found.visits if visit.id not in names)
    quarantined = tuple(
        QuarantinedVisit(visit=fault.visit or "", code=fault.code, reason=_reason(fault))
        for fault in aside
    )
    day = found.model_copy(update={"visits": visits})
    return DayFile(day, quarantined, faults.of(Severity.WARNING), tuple(aside))


def _reason(fault: Fault) -> str:
    text = f"{fault.where}: found {fault.found}; expected {fault.expected}."
    return f"{text} {fault.hint}" if fault.hint else text
