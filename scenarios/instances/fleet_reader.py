"""MDVRPTW, SDVRPTW and PCVRPTW in the VRPLIB dialect of PyVRP/Instances.

Nodes are numbered from 1, depots first; vehicles from 1. Format: https://github.com/PyVRP/VRPLIB
(read as a description of the format only).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scenarios.errors import InstanceFormatError
from scenarios.instances.fleet import FleetKind, FleetVrptw
from scenarios.instances.text import read_text, to_whole
from scenarios.instances.vrplib_text import Parts, take_apart

KEYS: Final = frozenset(
    {
        "NAME", "COMMENT", "TYPE", "EDGE_WEIGHT_TYPE", "DIMENSION", "VEHICLES", "CAPACITY",
        "SERVICE_TIME", "VEHICLES_MAX_DURATION",
    }
)  # fmt: skip
"""Keys this reader understands; any other might be a rule, so it is refused."""

COMMON: Final = frozenset(
    {
        "NODE_COORD_SECTION", "DEMAND_SECTION", "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION",
        "CAPACITY_SECTION", "DEPOT_SECTION",
    }
)  # fmt: skip

OWN: Final = {
    FleetKind.MDVRPTW: "VEHICLES_DEPOT_SECTION",
    FleetKind.SDVRPTW: "VEHICLES_ALLOWED_CLIENTS_SECTION",
    FleetKind.PCVRPTW: "PRIZE_SECTION",
}
"""The section that makes the type what it is."""


def read_fleet(path: Path) -> FleetVrptw:
    """Read an instance from a file; errors are those of `parse_fleet` and of opening it."""
    return parse_fleet(read_text(path), path.name)


def parse_fleet(text: str, where: str = "text") -> FleetVrptw:
    """Parse an instance.

    Parameters
    ----------
    text
        ``TYPE`` one of `FleetKind`, ``EDGE_WEIGHT_TYPE : EUC_2D``, ``DIMENSION``, ``VEHICLES``;
        coordinates, demands, windows; service times and capacities in a section or as a key;
        ``VEHICLES_MAX_DURATION`` where routes are limited; the section of the type.
    where
        What errors call the text.

    Raises
    ------
    InstanceFormatError
        At the first part that breaks the format, or that could be a rule nobody here knows.
    """
    parts = take_apart(text, where)
    kind = _kind(parts)
    _check_known(parts, kind)
    size, vehicles = parts.whole("DIMENSION"), parts.whole("VEHICLES")
    if vehicles < 1:
        raise InstanceFormatError(where, parts.key("VEHICLES")[0], "0", "at least one vehicle")
    depots = _depots(parts, kind)
    if size <= depots:
        raise InstanceFormatError(
            where, parts.key("DIMENSION")[0], f"{size} nodes", f"{depots} depots and a client"
        )
    coordinates = parts.rows("NODE_COORD_SECTION", size)
    ready, due = parts.windows(size)
    demand, service = parts.wholes("DEMAND_SECTION", size), parts.service(size, depots)
    if any(demand[:depots]) or any(service[:depots]):
        raise InstanceFormatError(
            where, 0, "a depot with demand or service", "0 for both at every depot"
        )
    limited = "VEHICLES_MAX_DURATION" in parts.keys
    return FleetVrptw(
        kind=kind,
        name=parts.keys.get("NAME", (0, where))[1],
        depots=depots,
        x=tuple(row[0] for row in coordinates),
        y=tuple(row[1] for row in coordinates),
        demand=demand,
        service=service,
        ready=ready,
        due=due,
        vehicle_depot=_vehicle_depots(parts, kind, vehicles, depots),
        vehicle_capacity=_capacities(parts, vehicles),
        max_duration=parts.whole("VEHICLES_MAX_DURATION") if limited else None,
        allowed=_allowed(parts, vehicles, size) if kind is FleetKind.SDVRPTW else None,
        prizes=_prizes(parts, size) if kind is FleetKind.PCVRPTW else None,
    )


def _kind(parts: Parts) -> FleetKind:
    line, value = parts.key("EDGE_WEIGHT_TYPE")
    if value.upper() != "EUC_2D":
        raise InstanceFormatError(
            parts.where, line, f"EDGE_WEIGHT_TYPE {value}", "EDGE_WEIGHT_TYPE EUC_2D"
        )
    line, value = parts.key("TYPE")
    if value.upper() not in FleetKind.__members__:
        raise InstanceFormatError(
            parts.where, line, f"TYPE {value}", "TYPE " + ", ".join(["VRPTW", *FleetKind])
        )
    return FleetKind(value.upper())


def _check_known(parts: Parts, kind: FleetKind) -> None:
    for name, (line, _) in parts.keys.items():
        if name not in KEYS:
            raise InstanceFormatError(parts.where, line, f"key {name}", ", ".join(sorted(KEYS)))
    known = COMMON | {OWN[kind]}
    for name in parts.sections:
        if name not in known:
            raise InstanceFormatError(parts.where, 0, name, f"{kind}: " + ", ".join(sorted(known)))


def _depots(parts: Parts, kind: FleetKind) -> int:
    """Return how many nodes are depots; they come first."""
    lines = parts.sections.get("DEPOT_SECTION")
    if lines is None and kind is not FleetKind.MDVRPTW:
        return 1
    lines = parts.section("DEPOT_SECTION")
    words = [line.text for line in lines if line.text != "-1"]
    if not words or words != [str(node) for node in range(1, len(words) + 1)]:
        raise InstanceFormatError(
            parts.where,
            lines[0].number if lines else parts.last,
            " ".join(words) or "nothing",
            "the depots 1, 2, … one per line in DEPOT_SECTION",
        )
    if len(words) > 1 and kind is not FleetKind.MDVRPTW:
        raise InstanceFormatError(
            parts.where, lines[1].number, f"{len(words)} depots", f"one depot in a {kind}"
        )
    return len(words)


def _vehicle_depots(parts: Parts, kind: FleetKind, vehicles: int, depots: int) -> tuple[int, ...]:
    if kind is not FleetKind.MDVRPTW:
        return (0,) * vehicles
    name = OWN[kind]
    numbers = parts.wholes(name, vehicles)
    for number, line in zip(numbers, parts.section(name), strict=True):
        if not 1 <= number <= depots:
            raise InstanceFormatError(
                parts.where, line.number, f"depot {number}", f"a depot 1 … {depots}"
            )
    return tuple(number - 1 for number in numbers)


def _capacities(parts: Parts, vehicles: int) -> tuple[int, ...]:
    if "CAPACITY_SECTION" in parts.sections:
        return parts.wholes("CAPACITY_SECTION", vehicles)
    return (parts.whole("CAPACITY"),) * vehicles


def _allowed(parts: Parts, vehicles: int, size: int) -> tuple[frozenset[int], ...]:
    name = OWN[FleetKind.SDVRPTW]
    lines = parts.section(name)
    if len(lines) != vehicles:
        raise InstanceFormatError(
            parts.where, parts.last, f"{len(lines)} rows in {name}", f"{vehicles} rows"
        )
    allowed: list[frozenset[int]] = []
    for vehicle, (number, text) in enumerate(lines, start=1):
        words = [to_whole(word, parts.where, number, name) for word in text.split()]
        if words[0] != vehicle or not all(2 <= word <= size for word in words[1:]):
            raise InstanceFormatError(
                parts.where, number, repr(text[:60]), f"{vehicle}, then clients 2 … {size}"
            )
        allowed.append(frozenset(word - 1 for word in words[1:]))
    return tuple(allowed)


def _prizes(parts: Parts, size: int) -> tuple[int, ...]:
    prizes = parts.wholes("PRIZE_SECTION", size)
    for prize, line in zip(prizes[1:], parts.section("PRIZE_SECTION")[1:], strict=True):
        # Readers disagree on what 0 means (free to leave out, or required): none is published.
        if prize == 0:
            raise InstanceFormatError(parts.where, line.number, "prize 0", "a prize of at least 1")
    return prizes
