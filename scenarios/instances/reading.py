"""Any instance this room can read, by its content."""

from __future__ import annotations

from pathlib import Path

from scenarios.instances.solomon import parse_solomon
from scenarios.instances.text import read_text
from scenarios.instances.vrplib import parse_vrplib
from scenarios.instances.vrptw import Vrptw


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
