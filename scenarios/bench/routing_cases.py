"""What ``servicenet bench routing`` runs on: an instance, its class, what is published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scenarios.errors import DataUnavailable
from scenarios.instances import (
    AnyInstance,
    FleetKind,
    FleetVrptw,
    Hhcrsp,
    Objective,
    Trsp,
    Vrptw,
    instance_name,
    read_any,
    read_care_best,
    read_sol,
    read_trsp_best,
)
from scenarios.instances.best_known import find_best_known
from scenarios.instances.orlib import read_packed

SUFFIXES: Final = (".txt", ".vrp", ".json", ".gz")
"""Of files that may be instances; a JSON file is one if it has patients."""


@dataclass(frozen=True, slots=True)
class Published:
    """Best known figures of one instance.

    Attributes
    ----------
    cost
        Published cost; None if nothing is published.
    first
        What counts before the cost: vehicles (hierarchical objective) or unserved requests.
    """

    cost: float | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One instance of a bench."""

    name: str
    kind: str
    """Class it is summed up in."""
    instance: AnyInstance
    published: Published


def find_files(folder: Path, pattern: str) -> list[Path]:
    """Return the instance files of a folder, sorted.

    Raises
    ------
    DataUnavailable
        If no file matches.
    """
    files = [file for file in sorted(folder.glob(pattern)) if _is_instance(file)]
    if not files:
        raise DataUnavailable(f"{folder}: no {', '.join(SUFFIXES)} file matches.")
    return files


def _is_instance(file: Path) -> bool:
    if not file.is_file() or file.suffix.lower() not in SUFFIXES:
        return False
    return ".json" not in file.name.lower() or '"patients"' in read_packed(file)


def read_case(file: Path, objective: Objective) -> Case:
    """Read an instance and what is published beside it."""
    instance = read_any(file)
    name = instance_name(file)
    return Case(
        name, get_kind(instance, name), instance, _find_published(file, instance, objective)
    )


def get_class(name: str) -> str:
    """Return the class of an instance: letters and series, such as ``RC2`` of ``RC2_10_4``."""
    match = re.match(r"([A-Z]+\d)", name.upper())
    return match.group(1) if match else name


def get_kind(instance: AnyInstance, name: str) -> str:
    """Return what an instance is summed up with.

    Series of Solomon's and its descendants, city of Italian home care, number of patients of
    Mankowska's, letter of real technician days; else the type of the file.
    """
    if isinstance(instance, FleetVrptw) and instance.kind is not FleetKind.PCVRPTW:
        return instance.kind.value
    if isinstance(instance, Hhcrsp):
        city = re.match(r"instance_\d+-(.+?)-r\d", name)
        patients = re.search(r"_(\d+)_\d+$", name)
        found = city or patients
        return found.group(1) if found else "home care"
    if isinstance(instance, Trsp) and re.fullmatch(r"[A-Za-z]+\d{1,2}", name):
        return f"real {name.rstrip('0123456789')}"
    return get_class(name)


def _find_published(file: Path, instance: AnyInstance, objective: Objective) -> Published:
    if isinstance(instance, Vrptw):
        known = find_best_known(file)
        if objective is Objective.HIERARCHICAL:
            return Published(known.hierarchical_distance, known.vehicles)
        return Published(known.distance)
    if isinstance(instance, FleetVrptw):
        solution = file.with_suffix(".sol")
        return Published(read_sol(solution).cost if solution.is_file() else None)
    if isinstance(instance, Trsp):
        return _find_trsp(file)
    return _find_care(file)


def _find_trsp(file: Path) -> Published:
    for table in (file.parent / "bks.csv", file.parent / "reference_2012.csv"):
        best = read_trsp_best(table) if table.is_file() else {}
        if instance_name(file) in best:
            found = best[instance_name(file)]
            return Published(found.duration, found.unserved)
    return Published()


def _find_care(file: Path) -> Published:
    for table in sorted(other for other in file.parent.iterdir() if other.stem.endswith("_best")):
        best = read_care_best(table)
        if instance_name(file) in best:
            return Published(best[instance_name(file)].cost)
    return Published()
