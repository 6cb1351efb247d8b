"""Any instance this room can read, by its content."""

from __future__ import annotations

import re
from pathlib import Path

from scenarios.instances.fleet import FleetVrptw
from scenarios.instances.fleet_reader import parse_fleet
from scenarios.instances.hhcrsp import Hhcrsp
from scenarios.instances.hhcrsp_reader import parse_hhcrsp
from scenarios.instances.orlib import read_packed
from scenarios.instances.solomon import parse_solomon
from scenarios.instances.text import read_text
from scenarios.instances.trsp import Trsp
from scenarios.instances.trsp_reader import parse_trsp
from scenarios.instances.vrplib import parse_vrplib
from scenarios.instances.vrptw import Vrptw

AnyInstance = Vrptw | FleetVrptw | Hhcrsp | Trsp

_TYPE = re.compile(r"^\s*TYPE\s*:\s*\"?(\w+)", re.MULTILINE | re.IGNORECASE)
_TRSP = re.compile(r"^\s*CREW COUNT\b", re.MULTILINE)


def instance_name(path: Path) -> str:
    """Return the name of a file without ``.gz`` and what stands before it, such as ``.json``."""
    return path.with_suffix("").stem if path.suffix.lower() == ".gz" else path.stem


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


def read_any(path: Path) -> AnyInstance:
    """Read any instance this room knows, plain or packed (``.gz``).

    A JSON object is a home care instance, a text with the heading ``CREW COUNT`` a technician
    instance; else a stated ``TYPE`` decides, and what is left is Solomon's text or a ``.vrp``.

    Raises
    ------
    InstanceFormatError
        If the file follows no format; the text says what the nearest one expects.
    DataUnavailable
        If the file cannot be opened.
    """
    text = read_packed(path)
    if text.lstrip().startswith("{"):
        return parse_hhcrsp(text, path.name)
    if _TRSP.search(text):
        return parse_trsp(text, path.name)
    stated = _TYPE.search(text)
    # A type nobody knows goes to the reader that lists all of them.
    if stated and stated.group(1).upper() != "VRPTW":
        return parse_fleet(text, path.name)
    parse = parse_vrplib if path.suffix.lower() == ".vrp" or "_SECTION" in text else parse_solomon
    return parse(text, path.name)
