"""Any instance this room can read, by its content."""

from __future__ import annotations

import re
from pathlib import Path

from scenarios.instances.fleet import FleetVrptw
from scenarios.instances.fleet_reader import parse_fleet
from scenarios.instances.solomon import parse_solomon
from scenarios.instances.text import read_text
from scenarios.instances.vrplib import parse_vrplib
from scenarios.instances.vrptw import Vrptw

_TYPE = re.compile(r"^\s*TYPE\s*:\s*\"?(\w+)", re.MULTILINE | re.IGNORECASE)


def read_instance(path: Path) -> Vrptw:
    """Read a Solomon text or a VRPLIB ``.vrp``.

    Raises
    ------
    InstanceFormatError
        If the file follows neither format; the text says what the nearer one expects.
    DataUnavailable
        If the file cannot be opened.
    """
    text = read_text(path)
    parse = parse_vrplib if path.suffix.lower() == ".vrp" or "_SECTION" in text else parse_solomon
    return parse(text, path.name)


def read_any(path: Path) -> Vrptw | FleetVrptw:
    """Read a Solomon text or a ``.vrp`` of any type this room knows.

    Raises
    ------
    InstanceFormatError
        If the file follows no format; the text says what the nearest one expects.
    DataUnavailable
        If the file cannot be opened.
    """
    text = read_text(path)
    stated = _TYPE.search(text)
    # A type nobody knows goes to the reader that lists all of them.
    if stated and stated.group(1).upper() != "VRPTW":
        return parse_fleet(text, path.name)
    parse = parse_vrplib if path.suffix.lower() == ".vrp" or "_SECTION" in text else parse_solomon
    return parse(text, path.name)
