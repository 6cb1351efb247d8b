"""Ways to serve an emergency as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from dispatch.cli.live_files import LiveFiles
    from dispatch.service.emergency import EmergencyOption, EmergencyOptions

HEAD = ("", "who", "arrives", "clock", "price", "way", "displaced", "late by it")


def print_options(live: LiveFiles, found: EmergencyOptions, chosen: int | None) -> None:
    """Print the ways best first, then every arrival each of them changes."""
    zone = ZoneInfo(live.desk.view(found.day).state.day.zone)
    lines = [_line(one, found, zone) for one in found.options]
    print(f"{found.visit.id} at {found.as_of.astimezone(zone):%H:%M}, {found.mode}")
    if live.mixed:
        print("ways to new places are estimated; --roads FILE takes them from a map")
    if not lines:
        print("nobody can serve it as things stand")
        return
    for line in _aligned([HEAD, *lines]):
        print(line)
    for one in found.options:
        for words in _arrivals(one, found.visit.id, zone):
            print(f"  {one.index}: {words}")
    if chosen is not None:
        print(f"way {chosen} is in force")


def _line(one: EmergencyOption, found: EmergencyOptions, zone: ZoneInfo) -> tuple[str, ...]:
    from dispatch.service.ranking import broken_by

    who = one.technician or f"contracted {one.outlet}"
    others = [name for name in one.technicians if name != one.technician]
    return (
        str(one.index),
        " + ".join([who, *others]),
        "" if one.arrival is None else f"{one.arrival.astimezone(zone):%H:%M:%S}",
        "" if one.left_s is None else f"{one.left_s / 60:+.0f} min",
        f"{one.price.total / 100:.2f}",
        one.rung,
        " ".join(one.displaced) or "nobody",
        " ".join(broken_by(one, found.visit.id)) or "nobody",
    )


def _arrivals(one: EmergencyOption, about: str, zone: ZoneInfo) -> Iterator[str]:
    for eta in one.etas:
        if eta.visit == about:
            continue
        was = "nobody" if eta.before is None else f"{eta.before.astimezone(zone):%H:%M}"
        words = f"{eta.visit} {was} → {eta.arrival.astimezone(zone):%H:%M} by {eta.technician}"
        if eta.technician_before not in {None, eta.technician}:
            words += f" instead of {eta.technician_before}"
        if eta.lateness_s:
            words += f", {-(-eta.lateness_s // 60)} min late"
        yield words + (", tell the customer" if eta.tell else "")
    for given in one.contracted:
        if given.visit != about and given.outlet is not None:
            yield f"{given.visit} by contracted {given.outlet}, tell the customer"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
