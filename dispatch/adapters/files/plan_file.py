"""``plan.json``: the plan of a day, format ``servicenet-plan/1``."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.files.json_text import is_format, read_json_object
from dispatch.adapters.files.raw import json_header_where
from dispatch.adapters.files.shape import build
from dispatch.domain.checks import FaultList
from dispatch.domain.checks.report import Path as ItemPath
from dispatch.domain.plan import DayPlan
from dispatch.errors import InvalidRequest


def write_plan(plan: DayPlan, path: Path) -> None:
    """Write a plan as JSON, in one step; every field is written, null where it has no value."""
    write_text_atomically(path, plan.model_dump_json(indent=1) + "\n")


def read_plan(path: Path) -> DayPlan:
    """Return the plan of a file.

    Only the form is checked; whether the plan is right is the referee's question.

    Parameters
    ----------
    path
        ``plan.json``.

    Raises
    ------
    InvalidRequest
        With every fault of the file.
    """
    faults = FaultList()
    data = read_json_object(path, faults)
    plan = None
    if data is not None and is_format(data, DayPlan, path.name, faults):
        words = json_header_where(path.name)

        def where(found: ItemPath) -> str:
            text = ""
            for step in found:
                text += f"[{step}]" if isinstance(step, int) else f".{step}"
            return words((text.lstrip("."),))

        plan = build(DayPlan, data, where, faults, quoted=True)
    if plan is None or faults.faults:
        raise InvalidRequest(faults.faults)
    return plan
