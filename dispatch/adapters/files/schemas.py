"""JSON Schema (draft 2020-12) of the day and the plan, published in ``docs/schemas``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dispatch.domain.day import Day
from dispatch.domain.plan import DayPlan

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MOMENT = {
    "type": "string",
    "description": "HH:MM, a local date and time in the day's zone, or ISO 8601 with offset",
}


def schema_texts() -> Mapping[str, str]:
    """Return the schemas as JSON texts: ``day.json`` (what is read) and ``plan.json``."""
    schemas = {"day.json": day_schema(), "plan.json": plan_schema()}
    return {
        name: json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        for name, schema in schemas.items()
    }


def day_schema() -> dict[str, Any]:
    """Return the schema of a day document as ``read_day`` accepts it.

    It is wider than ``Day`` itself: times may be local, a place may be an address alone, and
    ``datum`` says what the coordinates are in.
    """
    schema = Day.model_json_schema(mode="validation")
    schema["properties"]["datum"] = {
        "enum": ["wgs84", "gcj02"],
        "default": "wgs84",
        "title": "Datum",
        "description": "What the coordinates are in; GCJ-02 is converted on reading.",
    }
    place = schema["$defs"]["Place"]
    place.pop("required")
    place["anyOf"] = [{"required": ["lon", "lat"]}, {"required": ["address"]}]
    widened: dict[str, Any] = _widen_moments(schema)
    return {"$schema": _DRAFT, **widened}


def plan_schema() -> dict[str, Any]:
    """Return the schema of ``plan.json``."""
    return {"$schema": _DRAFT, **DayPlan.model_json_schema(mode="validation")}


def _widen_moments(node: Any) -> Any:  # noqa: ANN401 -- any part of a schema
    if isinstance(node, list):
        return [_widen_moments(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "date-time":
        return {**{key: node[key] for key in node if key not in {"format", "type"}}, **_MOMENT}
    return {key: _widen_moments(value) for key, value in node.items()}
