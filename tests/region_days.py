"""Answers about a day of two regions, taken apart."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

NORTH, SOUTH = {"V1", "V2", "V4", "V7"}, {"V3", "V5", "V6", "V8"}
"""Visits; T2 of the south has V4 and T1 of the north has V3 (`tests.services.mixed_day`)."""
HOUR = "2026-03-02T08:00:00+08:00"


def text_of(answer) -> str:
    if answer.content[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def names_in(text: str) -> set[str]:
    """Return the visits of the day a text names."""
    return {name for name in NORTH | SOUTH if re.search(rf"(?<![\w-]){name}(?![\w])", text)}


def news(kind: str, **fields: object) -> dict[str, object]:
    return {"what": {"kind": kind, "happened_at": HOUR, **fields}}
