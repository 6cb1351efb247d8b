"""What a customer asks for, as a file: one visit, or many who want an appointment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from dispatch.adapters.files.json_text import read_json_object
from dispatch.adapters.files.shape import build
from dispatch.domain import Visit
from dispatch.domain.base import Model
from dispatch.domain.checks import Code, FaultList, show
from dispatch.domain.checks.report import Path as ItemPath
from dispatch.errors import InvalidRequest
from dispatch.planning.slots import SlotRequest

M = TypeVar("M", bound=Model)


def read_visit(path: Path) -> Visit:
    """Return the visit of a JSON file: an object with the fields of a visit in ``day.json``.

    Raises
    ------
    InvalidRequest
        With every fault of the file.
    """
    faults = FaultList()
    data = read_json_object(path, faults)
    visit = None if data is None else build(Visit, data, _words(path.name), faults, quoted=True)
    if visit is None or faults.faults:
        raise InvalidRequest(faults.faults)
    return visit


def read_customers(path: Path) -> tuple[SlotRequest, ...]:
    """Return the customers of a JSON file ``{"customers": [...]}``.

    Fields of each are those of `dispatch.planning.slots.SlotRequest`.

    Raises
    ------
    InvalidRequest
        With every fault of the file; ids must differ.
    """
    faults = FaultList()
    data = read_json_object(path, faults)
    found: list[SlotRequest] = []
    if data is not None:
        items = data.get("customers")
        if not isinstance(items, list):
            expected = "a list of customers"
            faults.add(Code.WRONG_TYPE, f"{path.name} customers", show(items), expected)
            items = []
        for number, item in enumerate(items):
            words = _words(f"{path.name} customers[{number}]")
            one = build(SlotRequest, item, words, faults, quoted=True)
            found.extend(() if one is None else (one,))
        for number, one in enumerate(found):
            if any(one.id == other.id for other in found[:number]):
                where = f"{path.name} customers[{number}].id"
                faults.add(Code.WRONG_TYPE, where, one.id, "an id of its own")
    if faults.faults:
        raise InvalidRequest(faults.faults)
    return tuple(found)


def _words(name: str) -> Callable[[ItemPath], str]:
    def where(found: ItemPath) -> str:
        text = name
        for step in found:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
        return text

    return where
