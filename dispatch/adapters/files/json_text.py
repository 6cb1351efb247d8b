"""JSON text to plain data; syntax faults with line and column, duplicate keys refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dispatch.adapters.files.text import find_encoding
from dispatch.domain.base import Model
from dispatch.domain.checks import Code, FaultList, show

_MAX_DEPTH_HINT = "Nothing in these files is nested that deeply."


def read_json_object(path: Path, faults: FaultList) -> dict[str, Any] | None:
    """Return the JSON object of a file, or None after reporting why there is none.

    Parameters
    ----------
    path
        A text file in UTF-8 (BOM allowed) or GB18030.
    faults
        Gets file faults, ``JSON_SYNTAX``, ``JSON_DUPLICATE_KEY`` and ``JSON_NOT_OBJECT``.
    """
    encoding = find_encoding(path, faults)
    if encoding is None:
        return None
    text = path.read_text(encoding=encoding)

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(found)
        if len(data) < len(found):
            _report_twice(path, found, faults)
        return data

    try:
        data = json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        _report_syntax(path, text, error, faults)
        return None
    except (RecursionError, ValueError):
        # ValueError: an integer of more digits than the interpreter converts.
        faults.add(
            Code.JSON_SYNTAX,
            path.name,
            "a number of thousands of digits or brackets nested a thousand deep",
            "well-formed JSON",
            _MAX_DEPTH_HINT,
        )
        return None
    if not isinstance(data, dict):
        faults.add(Code.JSON_NOT_OBJECT, path.name, show(data), "one JSON object { … }")
        return None
    return data


def _report_syntax(path: Path, text: str, error: json.JSONDecodeError, faults: FaultList) -> None:
    cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
    faults.add(
        Code.JSON_SYNTAX,
        f"{path.name} line {error.lineno} column {error.colno}",
        _around(text, error.pos),
        "well-formed JSON",
        "The file ends too early; was it cut off?" if cut_off else f"The reader says: {error.msg}.",
    )


def _around(text: str, position: int) -> str:
    rest = text[position : position + 20].strip()
    return rest or "the end of the file"


def _report_twice(path: Path, found: list[tuple[str, Any]], faults: FaultList) -> None:
    seen: set[str] = set()
    owner = next((value for key, value in found if key == "id"), None)
    for key, value in found:
        if key in seen:
            where = f"{path.name} key {show(key)}" + (f" (of {owner})" if owner else "")
            faults.add(
                Code.JSON_DUPLICATE_KEY,
                where,
                f"{show(value)} as second value",
                "every key once in an object",
                "Remove one of the two.",
            )
        seen.add(key)


def is_format(data: dict[str, Any], model: type[Model], file: str, faults: FaultList) -> bool:
    """Return whether a document is of a model's format; else that is one fault, not one per field.

    A document that states none, or no text, passes: its fields are looked at.
    """
    expected: str = model.model_fields["format"].default
    stated = data.get("format", expected)
    if not isinstance(stated, str) or stated == expected:
        return True
    faults.add(
        Code.WRONG_CHOICE,
        f"{file} format",
        show(stated),
        f"one of {expected}",
        "This is another kind of file, or of another version.",
    )
    return False
