"""Best known values of the VRPTW sets, from the ``bks.csv`` that lies beside the data."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from scenarios.errors import InstanceFormatError
from scenarios.instances.sol import read_sol
from scenarios.instances.text import read_text, to_number, to_whole


@dataclass(frozen=True, slots=True)
class BestKnown:
    """The better of the published values of one instance; None where none is published.

    Attributes
    ----------
    distance
        Total distance, each leg truncated to one decimal (``trunc1``).
    vehicles, hierarchical_distance
        Fewest vehicles, and double-precision distance with that many.
    """

    distance: float | None = None
    vehicles: int | None = None
    hierarchical_distance: float | None = None


DISTANCE_COLUMNS = (
    "dist_trunc1",
    "dimacs_ref",
    "dimacs_ref_distance_trunc1",
    "pyvrp_cvrplib_distance_trunc1",
)
"""Columns that hold a trunc1 distance; the least one counts."""


def read_best_known(path: Path) -> dict[str, BestKnown]:
    """Return the best known values of a ``bks.csv`` by instance name.

    Raises
    ------
    InstanceFormatError
        If a column is missing or a value is not a number.
    """
    rows = csv.DictReader(read_text(path).splitlines())
    if "instance" not in (rows.fieldnames or ()):
        raise InstanceFormatError(path.name, 1, str(rows.fieldnames), "a column 'instance'")
    return {row["instance"]: _best(row, path.name, rows.line_num) for row in rows}


def find_best_known(instance: Path) -> BestKnown:
    """Return what is published beside an instance file; an empty record if nothing is.

    Looks at ``bks.csv`` in the same folder, then at a ``.sol`` of the same name, then (Gehring
    and Homberger) at ``vrptw_gh/bks.csv`` in the folder above.
    """
    for table in (
        instance.parent / "bks.csv",
        instance.parent.parent / "vrptw_gh" / "bks.csv",
    ):
        values = read_best_known(table) if table.is_file() else {}
        if instance.stem in values:
            found = values[instance.stem]
            break
    else:
        found = BestKnown()
    solution = instance.with_suffix(".sol")
    cost = read_sol(solution).cost if solution.is_file() else None
    if cost is None or (found.distance is not None and found.distance <= cost):
        return found
    return BestKnown(cost, found.vehicles, found.hierarchical_distance)


def _best(row: dict[str, str], where: str, line: int) -> BestKnown:
    stated = [column for column in DISTANCE_COLUMNS if row.get(column)]
    distances = [to_number(row[column], where, line, column) for column in stated]
    vehicles = row.get("hier_vehicles")
    hierarchical = row.get("hier_distance_double")
    return BestKnown(
        distance=min(distances, default=None),
        vehicles=to_whole(vehicles, where, line, "hier_vehicles") if vehicles else None,
        hierarchical_distance=(
            to_number(hierarchical, where, line, "hier_distance_double") if hierarchical else None
        ),
    )
