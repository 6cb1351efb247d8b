"""Plain data to a model; what does not fit becomes our faults, never the validator's own text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticSerializationError, to_json

from dispatch.domain.base import Model
from dispatch.domain.checks import Code, FaultList, show, suggest
from dispatch.domain.checks.report import Path

M = TypeVar("M", bound=Model)

_TYPES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number that is not gigantic",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list [ … ]",
    "model_type": "an object { … }",
    "dict_type": "an object { … }",
    "datetime_type": "a date and time as text",
    "date_type": "a date as text",
    "time_type": "a time of day as text",
}
_RANGES = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}
_FORMS = {
    "string_pattern_mismatch": "text on one line without control characters, or blanks at its ends",
    "string_too_short": "at least one character",
    "string_too_long": "at most {max_length} characters",
}


def build(
    model: type[M],
    data: object,
    where: Callable[[Path], str],
    faults: FaultList,
    faulty: Iterable[Path] = (),
    *,
    quoted: bool = False,
) -> M | None:
    """Return the model of plain data, or None after reporting every fault.

    Parameters
    ----------
    model
        Domain model.
    data
        JSON values.
    where
        Words for the place of a path inside ``data``.
    faults
        Gets what is wrong.
    faulty
        Paths already reported; nothing is said about them or what contains them.
    quoted
        Whether a number may stand in quotes there, which a hint then mentions.
    """
    known = tuple(faulty)
    try:
        built = model.model_validate_json(_json(data), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = _path_of(detail)
            if not any(_touch(path, other) for other in known):
                _report(model, detail, path, where(path), faults, quoted=quoted)
        return None
    return None if known else built


def _json(data: object) -> str | bytes:
    """Return plain data as JSON; half characters are escaped, so that their path is reported."""
    try:
        return to_json(data, inf_nan_mode="constants")
    except PydanticSerializationError:
        return json.dumps(data)


def _path_of(detail: ErrorDetails) -> Path:
    """Return where the fault is; of a window that ends early, its end."""
    path: Path = tuple(detail["loc"])
    reversed_window = detail["type"] == "value_error" and "ends before" in detail["msg"]
    return (*path, "latest") if reversed_window else path


def _touch(path: Path, other: Path) -> bool:
    length = min(len(path), len(other))
    return path[:length] == other[:length]


def model_at(model: type[Model], path: Path) -> type[Model] | None:
    """Return the model whose field the last step of ``path`` names, None where there is none."""
    found: type[Model] | None = model
    for step in path[:-1]:
        if isinstance(step, int) or found is None:
            continue
        info = found.model_fields.get(step)
        found = _model_in(info.annotation) if info is not None else None
    return found


def _model_in(annotation: object) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next((m for arg in get_args(annotation) if (m := _model_in(arg)) is not None), None)


def _report(
    model: type[Model],
    detail: ErrorDetails,
    path: Path,
    where: str,
    faults: FaultList,
    *,
    quoted: bool,
) -> None:
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        _report_missing(path, where, faults)
    elif kind == "extra_forbidden":
        owner = model_at(model, path)
        names = sorted(owner.model_fields) if owner is not None else []
        hint = suggest(str(path[-1]), names) or "Remove or rename it."
        faults.add(
            Code.FIELD_UNKNOWN, where, f"field {show(path[-1])}", f"one of {', '.join(names)}", hint
        )
    elif kind in {"enum", "literal_error"}:
        expected = str(context["expected"]).replace("'", "")
        choices = expected.replace(" or ", ", ").split(", ")
        hint = suggest(found, choices) if isinstance(found, str) else ""
        faults.add(Code.WRONG_CHOICE, where, show(found), f"one of {', '.join(choices)}", hint)
    elif kind in _TYPES:
        number = quoted and isinstance(found, str) and _TYPES[kind].endswith("number")
        hint = "Write the number without quotes." if number else ""
        faults.add(Code.WRONG_TYPE, where, _shown(found), _TYPES[kind], hint)
    elif kind in _RANGES:
        key, words = _RANGES[kind]
        expected = f"{words} {context[key]:,.0f}"
        faults.add(Code.OUT_OF_RANGE, where, show(found), expected, _range_hint(path))
    else:
        _report_other(kind, found, context, where, faults)


def _report_other(
    kind: str, found: object, context: dict[str, Any], where: str, faults: FaultList
) -> None:
    if kind == "finite_number":
        faults.add(Code.NOT_FINITE, where, show(found), "a finite number", "Leave unknowns out.")
    elif kind in _FORMS:
        expected = _FORMS[kind].format(**context)
        faults.add(Code.TEXT_FORM, where, show(found), expected)
    elif kind in {"too_short", "too_long"}:
        least, most = context.get("min_length"), context.get("max_length")
        expected = f"at least {least} element(s)" if least is not None else f"at most {most}"
        faults.add(Code.LIST_LENGTH, where, f"{context['actual_length']} elements", expected)
    elif kind.startswith("date_from") or kind == "date_parsing":
        faults.add(Code.DATE_FORM, where, show(found), "a date such as 2026-03-02")
    elif kind.startswith("time_"):
        hint = "Midnight at the end of a day is 23:59." if show(found).startswith('"24') else ""
        faults.add(Code.DATE_FORM, where, show(found), "a time of day such as 08:00", hint)
    elif kind.startswith(("datetime_", "timezone_")):
        faults.add(Code.MOMENT_FORM, where, show(found), "ISO 8601 with offset")
    elif kind == "value_error":
        _report_promise(str(context["error"]), found, where, faults)
    else:
        faults.add(Code.VALUE_FORM, where, _shown(found), "a value as docs/schemas describes it")


def _report_missing(path: Path, where: str, faults: FaultList) -> None:
    name = str(path[-1])
    if path[-2:] == ("capacity", "price_fen"):
        faults.add(
            Code.CAPACITY_WITHOUT_PRICE,
            where,
            "a capacity without a price",
            "the price of one visit in fen",
            "Give price_fen; 0 if the outlet serves for nothing.",
        )
        return
    faults.add(Code.FIELD_MISSING, where, "nothing", f"a value of {name}", "Fill it in.")


def _report_promise(text: str, found: object, where: str, faults: FaultList) -> None:
    if "ends before" in text:
        hint = "Swap the two; a window past midnight states the date of its end."
        expected = "a latest time not before the earliest"
        window = f"{found['earliest']} to {found['latest']}" if isinstance(found, dict) else text
        faults.add(Code.WINDOW_REVERSED, where, window, expected, hint)
        return
    expected = "an appointment (with tolerance_min), or both earliest and latest"
    faults.add(Code.PROMISE_FORM, where, text, expected)


def _range_hint(path: Path) -> str:
    return "Longitude first, then latitude, in degrees." if path[-1] in {"lon", "lat"} else ""


def _shown(found: object) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    return "null" if found is None else show(found)
