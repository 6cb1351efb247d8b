"""JSON files of instances: values that know where they stand, decimals as they are written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import MAX_NUMBER


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A JSON value and the path that leads to it, for faults."""

    where: str
    path: str
    value: Any

    def fault(self, expected: str) -> InstanceFormatError:
        """Return the fault of this value."""
        found = repr(self.value)
        return InstanceFormatError(
            self.where, 0, f"{found[:60]} at {self.path or 'the top'}", expected
        )

    def find(self, *keys: str) -> JsonNode | None:
        """Return the first of the keys that is there."""
        if not isinstance(self.value, dict):
            raise self.fault("an object")
        for key in keys:
            if key in self.value:
                return JsonNode(self.where, f"{self.path}.{key}".strip("."), self.value[key])
        return None

    def get(self, *keys: str) -> JsonNode:
        """Return the first of the keys that is there; a fault if none is."""
        found = self.find(*keys)
        if found is None:
            raise self.fault(f"a field {' or '.join(keys)}")
        return found

    def items(self) -> list[JsonNode]:
        """Return the elements of a list."""
        if not isinstance(self.value, list):
            raise self.fault("a list")
        return [JsonNode(self.where, f"{self.path}[{i}]", v) for i, v in enumerate(self.value)]

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.fault("a text")
        return self.value

    def number(self, least: int = 0) -> Fraction:
        """Return an exact number from ``least`` to `MAX_NUMBER`."""
        number = self.value
        if isinstance(number, bool) or not isinstance(number, int | Fraction):
            raise self.fault("a number")
        if not least <= number <= MAX_NUMBER:
            raise self.fault(f"a number between {least} and {MAX_NUMBER}")
        return Fraction(number)

    def whole(self) -> int:
        """Return a whole number from 0 to `MAX_NUMBER`."""
        number = self.number()
        if number.denominator != 1:
            raise self.fault("a whole number")
        return int(number)


def parse_json(text: str, where: str) -> JsonNode:
    """Return the top of a JSON text; decimals are rational numbers.

    Raises
    ------
    InstanceFormatError
        If the text is not JSON.
    """
    try:
        seen: dict[str, Fraction] = {}  # distances repeat; a rational is slow to make
        return JsonNode(
            where,
            "",
            json.loads(text, parse_float=lambda w: seen.get(w) or seen.setdefault(w, _exact(w))),
        )
    except (ValueError, RecursionError) as error:  # also a whole number of 5 000 digits
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise InstanceFormatError(where, line, str(error), "well-formed JSON") from error


def _exact(word: str) -> Fraction:
    """Return a decimal as it stands; one with a huge exponent as a number out of range."""
    value = float(word)
    return Fraction(word) if abs(value) <= MAX_NUMBER and len(word) < 40 else Fraction(10**30)
