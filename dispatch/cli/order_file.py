"""A hand-made order of visits as a JSON file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatch.adapters.files.json_text import read_json_object
from dispatch.domain.checks import Code, FaultList, show
from dispatch.errors import InvalidRequest

EXAMPLE = '{"T01": ["V1", "V2"]} or {"routes": {...}, "contracted": {"O6": ["V3"]}}'
"""A technician with several shifts may get one list for each: ``{"T01": [["V1"], ["V2"]]}``."""


@dataclass(frozen=True, slots=True)
class HandMadeOrder:
    """Who serves what, in which order.

    Parameters
    ----------
    routes
        Visit ids by technician id, or by technician id and shift, counted from 0.
    contracted
        Visit ids by contracted outlet.
    """

    routes: Mapping[str | tuple[str, int], Sequence[str]]
    contracted: Mapping[str, Sequence[str]]


def find_order(path: Path) -> HandMadeOrder | None:
    """Return the order in a file, or None if the file is a plan (it states a ``format``).

    Raises
    ------
    InvalidRequest
        With every fault, if the file holds neither.
    """
    faults = FaultList()
    data = read_json_object(path, faults)
    if data is None:
        raise InvalidRequest(faults.faults)
    if "format" in data or "status" in data:
        return None
    parts: dict[str, Any] = {"routes": data, "contracted": {}}
    if "routes" in data:
        for key in sorted(set(data) - set(parts)):
            faults.add(Code.FIELD_UNKNOWN, f"{path.name} {key}", key, "routes or contracted")
        parts = {name: data.get(name, {}) for name in parts}
    routes = _routes(f"{path.name} routes", parts["routes"], faults)
    contracted = _lists(f"{path.name} contracted", parts["contracted"], faults)
    if faults.faults:
        raise InvalidRequest(faults.faults)
    return HandMadeOrder(routes, contracted)


def _routes(where: str, value: object, faults: FaultList) -> dict[str | tuple[str, int], list[str]]:
    by_shift: dict[str | tuple[str, int], list[str]] = {}
    plain = value
    if isinstance(value, dict):
        plain = {}
        for name, ids in value.items():
            if isinstance(ids, list) and ids and all(isinstance(one, list) for one in ids):
                lists = _lists(
                    where, {f"{name} shift {i}": one for i, one in enumerate(ids)}, faults
                )
                by_shift.update({(name, i): one for i, one in enumerate(lists.values())})
            else:
                plain[name] = ids
    by_shift.update(_lists(where, plain, faults))
    return by_shift


def _lists(where: str, value: object, faults: FaultList) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        faults.add(Code.WRONG_TYPE, where, show(value), f"lists of visit ids: {EXAMPLE}")
        return {}
    found: dict[str, list[str]] = {}
    for name, ids in value.items():
        if isinstance(ids, list) and all(isinstance(one, str) for one in ids):
            found[str(name)] = ids
        else:
            faults.add(Code.WRONG_TYPE, f"{where} {name}", show(ids), f"a list of ids: {EXAMPLE}")
    return found
