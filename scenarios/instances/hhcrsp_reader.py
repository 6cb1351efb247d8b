"""JSON files of the home care problem: instances, solutions, the table of best known values.

Solutions come in two dialects, ``patient_id`` / ``service_id`` and ``patient`` / ``service``; both
are read, the first is written.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from scenarios.errors import InstanceFormatError
from scenarios.instances.hhcrsp import (
    Caregiver,
    CarePlan,
    CareStop,
    Hhcrsp,
    LinkKind,
    Need,
    Number,
    Patient,
)
from scenarios.instances.json_text import JsonNode, parse_json
from scenarios.instances.orlib import read_packed
from scenarios.instances.text import read_text, split_lines, to_number

T = TypeVar("T")


def read_hhcrsp(path: Path) -> Hhcrsp:
    """Read an instance, plain or packed; errors are those of `parse_hhcrsp` and of opening it."""
    return parse_hhcrsp(read_packed(path), path.name)


def parse_hhcrsp(text: str, where: str = "text") -> Hhcrsp:
    """Parse an instance.

    Parameters
    ----------
    text
        ``patients``, ``caregivers``, ``services``, one of ``central_offices``, ``distances`` with
        the office first.
    where
        What errors call the text.

    Raises
    ------
    InstanceFormatError
        At the first value that breaks the format, with its path.
    """
    top = parse_json(text, where)
    services = _unique(top.get("services"), lambda node: node.get("id").text(), str)
    patients = _unique(top.get("patients"), lambda node: _patient(node, services), lambda p: p.name)
    caregivers = _unique(
        top.get("caregivers"), lambda node: _caregiver(node, services), lambda c: c.name
    )
    offices = top.get("central_offices")
    if len(offices.items()) != 1:
        raise offices.fault("exactly one office")
    distances = top.get("distances")
    rows = tuple(tuple(cell.number() for cell in row.items()) for row in distances.items())
    size = len(patients) + 1
    if len(rows) != size or any(len(row) != size for row in rows):
        raise InstanceFormatError(where, 0, f"{len(rows)} rows of distances", f"{size} × {size}")
    if all(cell.denominator == 1 for row in rows for cell in row):
        patients = tuple(_cut_window(patient) for patient in patients)
    return Hhcrsp(where.split(".json", maxsplit=1)[0], patients, caregivers, rows)


def _cut_window(patient: Patient) -> Patient:
    """Return the patient with whole times.

    Files with whole distances are read as whole numbers by their publishers, 401.99999999999994 as
    401: starts of the published plans say so.
    """
    return replace(
        patient,
        ready=Fraction(math.floor(patient.ready)),
        due=Fraction(math.floor(patient.due)),
    )


def _unique(
    nodes: JsonNode, parse: Callable[[JsonNode], T], name: Callable[[T], str]
) -> tuple[T, ...]:
    """Parse a list whose elements have names of their own."""
    parsed: list[T] = []
    seen: set[str] = set()
    for node in nodes.items():
        item = parse(node)
        if name(item) in seen:
            raise node.get("id").fault("every id once")
        seen.add(name(item))
        parsed.append(item)
    if not parsed:
        raise nodes.fault("at least one element")
    return tuple(parsed)


def _service(node: JsonNode, services: Sequence[str]) -> str:
    if node.text() not in services:
        raise node.fault("one of " + ", ".join(services))
    return node.text()


def _caregiver(node: JsonNode, services: Sequence[str]) -> Caregiver:
    abilities = node.get("abilities").items()
    return Caregiver(node.get("id").text(), frozenset(_service(a, services) for a in abilities))


def _patient(node: JsonNode, services: Sequence[str]) -> Patient:
    window = node.get("time_window")
    bounds = [bound.number() for bound in window.items()]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        raise window.fault("two times, the earlier first")
    needed = node.get("required_caregivers")
    needs = tuple(
        Need(_service(item.get("service"), services), item.get("duration").number())
        for item in needed.items()
    )
    if not 1 <= len(needs) <= 2 or len({need.service for need in needs}) < len(needs):
        raise needed.fault("one service or two different ones")
    least, most = _gaps(node, len(needs))
    return Patient(node.get("id").text(), bounds[0], bounds[1], needs, least, most)


def _gaps(node: JsonNode, count: int) -> tuple[Number, Number]:
    link = node.find("synchronization")
    if (link is None) != (count == 1):
        raise node.fault("a synchronization exactly where two caregivers are needed")
    if link is None:
        return Fraction(0), Fraction(0)
    kind = link.get("type")
    if kind.text() not in set(LinkKind):
        raise kind.fault("one of " + ", ".join(LinkKind))
    if kind.text() == LinkKind.SIMULTANEOUS:
        return Fraction(0), Fraction(0)
    bounds = [bound.number() for bound in link.get("distance").items()]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        raise link.get("distance").fault("the least and the greatest gap")
    return bounds[0], bounds[1]


def read_care_plan(path: Path) -> CarePlan:
    """Read a solution; errors are those of `parse_care_plan` and of opening it."""
    return parse_care_plan(read_packed(path), path.name)


def parse_care_plan(text: str, where: str = "text") -> CarePlan:
    """Parse a solution; the ``global_ordering`` says nothing the times do not say.

    Raises
    ------
    InstanceFormatError
        At the first value that breaks the format, with its path.
    """
    routes: list[tuple[str, tuple[CareStop, ...]]] = []
    for route in parse_json(text, where).get("routes").items():
        stops = route.find("locations")
        items = stops.items() if stops else []
        routes.append((route.get("caregiver_id").text(), tuple(_stop(item) for item in items)))
    return CarePlan(tuple(routes))


def _stop(node: JsonNode) -> CareStop:
    return CareStop(
        node.get("patient_id", "patient").text(),
        node.get("service_id", "service").text(),
        node.get("arrival_time").number(),
        node.get("departure_time").number(),
    )


def format_care_plan(plan: CarePlan) -> str:
    """Return a solution as JSON; patients are ordered by the first start at each."""
    first: dict[str, Number] = {}
    for _, stops in plan.routes:
        for stop in stops:
            first[stop.patient] = min(stop.start, first.get(stop.patient, stop.start))
    routes = [
        {
            "caregiver_id": caregiver,
            "locations": [
                {
                    "patient_id": stop.patient,
                    "service_id": stop.service,
                    "arrival_time": _plain(stop.start),
                    "departure_time": _plain(stop.end),
                }
                for stop in stops
            ],
        }
        for caregiver, stops in plan.routes
    ]
    ordering = sorted(first, key=lambda patient: (first[patient], patient))
    return json.dumps({"routes": routes, "global_ordering": ordering}, indent=2) + "\n"


def write_care_plan(path: Path, plan: CarePlan) -> None:
    """Write a solution; the folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_care_plan(plan), encoding="utf-8")


def _plain(number: Number) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


@dataclass(frozen=True, slots=True)
class CareBest:
    """A row of the table of best known values; figures have the six digits of the table."""

    distance: float
    max_tardiness: float
    total_tardiness: float
    cost: float
    solution: str


def read_care_best(path: Path) -> dict[str, CareBest]:
    """Return the rows of a table of best known values by instance name, without ``.json``.

    Raises
    ------
    InstanceFormatError
        If a row has other than six cells or a figure is not a number.
    """
    rows: dict[str, CareBest] = {}
    for number, line in split_lines(read_text(path))[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 6:
            raise InstanceFormatError(path.name, number, f"{len(cells)} cells", "six cells")
        distance, greatest, total, cost = (
            to_number(cell, path.name, number, "figure") for cell in cells[1:5]
        )
        name = cells[0].removesuffix(".json")
        rows[name] = CareBest(distance, greatest, total, cost, cells[5])
    return rows
