"""A raw day to a checked one: moments, places, models, then what must hold between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, tzinfo
from typing import Any
from zoneinfo import available_timezones

from dispatch.adapters.files.locate import Locator
from dispatch.adapters.files.moments import MomentReader, UnreadableMoment, parse_date
from dispatch.adapters.files.raw import KINDS, RawDay
from dispatch.adapters.files.shape import build
from dispatch.adapters.files.traffic_tables import build_traffic
from dispatch.adapters.geocoder import Geocoder
from dispatch.domain.base import Model
from dispatch.domain.checks import Code, DayParts, FaultList, check_parts, show, suggest
from dispatch.domain.checks.day import check_horizon, find_zone
from dispatch.domain.checks.references import check_duplicates
from dispatch.domain.checks.report import Path
from dispatch.domain.day import Day
from dispatch.domain.outlet import Outlet
from dispatch.domain.technician import Technician
from dispatch.domain.visit import Visit

DATUMS = ("wgs84", "gcj02")
_ANY_DAY = date(2000, 1, 1)
"""Where the date is broken, times are still checked for form on some day."""
_MODELS: dict[str, type[Model]] = {
    "outlets": Outlet,
    "technicians": Technician,
    "visits": Visit,
}
_Fields = Mapping[str, "_Fields | None"]
_WINDOW: _Fields = {"appointment": None, "earliest": None, "latest": None}
_MOMENTS: Mapping[str, _Fields] = {
    "outlets": {},
    "technicians": {"shifts": {"start": None, "end": None, "breaks": _WINDOW}},
    "visits": {
        "promises": _WINDOW,
        "received_at": None,
        "released_at": None,
        "pin": {"arrival": None},
        "told": {"arrival": None},
    },
}
"""Fields that are moments (None), and fields that hold them, alone or in a list."""


def assemble(raw: RawDay, faults: FaultList, geocoder: Geocoder | None) -> Day | None:
    """Make a day of a raw one and check it.

    Parameters
    ----------
    raw
        The day as it was written; changed on the way.
    faults
        Gets everything that is wrong.
    geocoder
        Finds addresses; None where there is none.

    Returns
    -------
    The day, quarantined visits still in it, or None where an item is broken.
    """
    datum = _datum(raw, faults)
    zone = _zone(raw, faults)
    day_date = _date(raw)
    reader = MomentReader(day_date or _ANY_DAY, zone)
    traffic, sound = build_traffic(raw, reader, faults, datum)
    header = _header(raw, reader, faults)
    placeless = Locator(raw, faults, geocoder).run(datum)
    built = {kind: list(_items(kind, raw, reader, faults)) for kind in KINDS}
    parts = _parts(raw, header, day_date, built, placeless=placeless, faults=faults)
    parts = replace(parts, traffic=traffic, zone=zone)
    for kind in KINDS:
        check_duplicates(parts, kind, _ids(raw.items[kind]))
    check_parts(parts)
    if (
        header is None
        or not sound
        or any(len(built[kind]) < len(raw.items[kind]) for kind in KINDS)
    ):
        return None
    lists = {kind: tuple(item for _, item in built[kind]) for kind in KINDS}
    return header.model_copy(update={**lists, "traffic": traffic})


def _datum(raw: RawDay, faults: FaultList) -> str:
    found = raw.header.pop("datum", "wgs84")
    word = found.lower().replace("-", "") if isinstance(found, str) else found
    if word in DATUMS:
        return str(word)
    hint = suggest(found, DATUMS) if isinstance(found, str) else ""
    faults.add(
        Code.WRONG_CHOICE,
        raw.header_where(("datum",)),
        show(found),
        f"one of {', '.join(DATUMS)}",
        hint or "WGS 84 is what satellites say, GCJ-02 what Chinese map providers say.",
    )
    return "wgs84"


def _zone(raw: RawDay, faults: FaultList) -> tzinfo:
    name = raw.header.get("zone", Day.model_fields["zone"].default)
    if not isinstance(name, str):
        return UTC  # reported as a wrong type with the header
    found = find_zone(name)
    if found is None:
        hint = suggest(name, sorted(available_timezones())) or "Such as Asia/Shanghai."
        faults.add(
            Code.ZONE_UNKNOWN, raw.header_where(("zone",)), show(name), "an IANA time zone", hint
        )
    return found or UTC


def _date(raw: RawDay) -> date | None:
    """Return the date, None where it is broken (reported with the header)."""
    text = raw.header.get("date")
    found = parse_date(text.strip()) if isinstance(text, str) else None
    if found is not None:
        raw.header["date"] = found.isoformat()
    return found


def _header(raw: RawDay, reader: MomentReader, faults: FaultList) -> Day | None:
    faulty: set[Path] = set()
    for name in ("horizon_start", "horizon_end"):
        if raw.header.get(name) is not None:
            try:
                raw.header[name] = reader.read(raw.header[name])
            except UnreadableMoment as error:
                faulty.add((name,))
                where = raw.header_where((name,))
                found = show(raw.header.pop(name))
                faults.add(error.code, where, found, error.expected, error.hint)
    day = build(Day, raw.header, raw.header_where, faults, faulty, quoted=raw.quoted)
    if day is not None:
        where = raw.header_where(("horizon_end",))
        check_horizon(faults, day.horizon_start, day.horizon_end, where)
    return day


def _items(
    kind: str, raw: RawDay, reader: MomentReader, faults: FaultList
) -> Iterator[tuple[int, Model]]:
    model, fields = _MODELS[kind], _MOMENTS[kind]
    for index, item in enumerate(raw.items[kind]):
        for node, path in list(_moments(item, fields, ())):
            _read_moment(raw, (kind, index), node, path, reader, faults=faults)
        faulty = raw.faulty.get((kind, index), ())

        def where(path: Path, position: int = index) -> str:
            return raw.where(kind, position, path)

        built = build(model, item, where, faults, faulty, quoted=raw.quoted)
        if built is not None:
            yield index, built


def _moments(node: object, fields: _Fields, done: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield (object that holds the value, path of the value) of every moment that is stated."""
    if not isinstance(node, dict):
        return
    for name, inner in fields.items():
        value = node.get(name)
        if value is None:
            continue
        if inner is None:
            yield node, (*done, name)
        elif isinstance(value, list):
            for position, entry in enumerate(value):
                yield from _moments(entry, inner, (*done, name, position))
        elif isinstance(value, dict):
            yield from _moments(value, inner, (*done, name))


def _read_moment(
    raw: RawDay,
    item: tuple[str, int],
    node: dict[str, Any],
    path: Path,
    reader: MomentReader,
    *,
    faults: FaultList,
) -> None:
    field = str(path[-1])
    try:
        node[field] = reader.read(node[field])
    except UnreadableMoment as error:
        where, found = raw.where(*item, path), show(node[field])
        faults.add(error.code, where, found, error.expected, error.hint)
        raw.faulty[item].add(path)


def _parts(
    raw: RawDay,
    header: Day | None,
    day_date: date | None,
    built: dict[str, list[tuple[int, Any]]],
    *,
    placeless: frozenset[int],
    faults: FaultList,
) -> DayParts:
    sound = header is not None and header.horizon_start < header.horizon_end
    return DayParts(
        date=day_date,
        horizon_start=header.horizon_start if header is not None and sound else None,
        horizon_end=header.horizon_end if header is not None and sound else None,
        outlets=built["outlets"],
        technicians=built["technicians"],
        visits=built["visits"],
        ids={kind: frozenset(name for _, name in _ids(raw.items[kind])) for kind in KINDS},
        where=raw.where,
        header_where=raw.header_where,
        placeless=placeless,
        faults=faults,
    )


def _ids(items: list[Any]) -> Iterator[tuple[int, str]]:
    for index, item in enumerate(items):
        name = item.get("id") if isinstance(item, dict) else None
        if isinstance(name, str):
            yield index, name
