"""The VRPLIB dialect of VRPTW: ``KEY : value`` lines, then numbered sections.

Nodes are numbered from 1, the depot first. Format: https://github.com/PyVRP/VRPLIB (read as a
description of the format only).
"""

from __future__ import annotations

from pathlib import Path

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import read_text
from scenarios.instances.vrplib_text import take_apart
from scenarios.instances.vrptw import Vrptw


def read_vrplib(path: Path) -> Vrptw:
    """Read an instance from a file; errors are those of `parse_vrplib` and of opening it."""
    return parse_vrplib(read_text(path), path.name)


def parse_vrplib(text: str, where: str = "text") -> Vrptw:
    """Parse an instance.

    Parameters
    ----------
    text
        ``TYPE : VRPTW``, ``EDGE_WEIGHT_TYPE : EUC_2D``, ``DIMENSION``, ``VEHICLES``,
        ``CAPACITY``; coordinates, demands and windows in sections; service times in a section or
        one ``SERVICE_TIME`` for all customers.
    where
        What errors call the text.

    Raises
    ------
    InstanceFormatError
        At the first part that breaks the format or asks for what VRPTW does not have.
    """
    parts = take_apart(text, where)
    for name, only in (("TYPE", "VRPTW"), ("EDGE_WEIGHT_TYPE", "EUC_2D")):
        line, value = parts.key(name)
        if value.upper() != only:
            raise InstanceFormatError(where, line, f"{name} {value}", f"{name} {only}")
    size = parts.whole("DIMENSION")
    if size < 2:
        raise InstanceFormatError(where, parts.key("DIMENSION")[0], str(size), "at least 2 nodes")
    parts.check_one_depot()
    coordinates = parts.rows("NODE_COORD_SECTION", size)
    ready, due = parts.windows(size)
    return Vrptw(
        name=parts.keys.get("NAME", (0, where))[1],
        vehicles=max(1, parts.whole("VEHICLES")) if "VEHICLES" in parts.keys else size - 1,
        capacity=parts.whole("CAPACITY"),
        x=tuple(row[0] for row in coordinates),
        y=tuple(row[1] for row in coordinates),
        demand=parts.wholes("DEMAND_SECTION", size),
        ready=ready,
        due=due,
        service=parts.service(size),
    )
