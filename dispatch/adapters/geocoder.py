"""Addresses to places: the port, and a gazetteer that knows exact names.

``dispatch.adapters.files.read_gazetteer`` reads a gazetteer from a CSV table.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that an address may mean, WGS 84 degrees.

    Parameters
    ----------
    name
        Name of the entry.
    lon, lat
        Its position.
    district
        District it lies in, None where the source does not say.
    """

    name: str
    lon: float
    lat: float
    district: str | None = None


class Geocoder(Protocol):
    """Anything that finds places by address."""

    def find(self, address: str) -> Sequence[Candidate]:
        """Return every place the address may mean: none = unknown, several = ambiguous."""
        ...


def normalize(address: str) -> str:
    """Return an address without width, case, blanks and punctuation (Unicode NFKC, casefold)."""
    text = unicodedata.normalize("NFKC", address).casefold()
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LNM")


class Gazetteer:
    """Finds an address by its exact name after ``normalize``; never guesses.

    Parameters
    ----------
    entries
        The places. An address may also be written with its district before or after the name.
        Entries of one name at one position are one place.
    """

    def __init__(self, entries: Iterable[Candidate]) -> None:
        found: dict[str, dict[tuple[float, float], Candidate]] = defaultdict(dict)
        for entry in entries:
            name, district = normalize(entry.name), normalize(entry.district or "")
            for key in {name, district + name, name + district}:
                found[key].setdefault((entry.lon, entry.lat), entry)
        self._found = {key: tuple(places.values()) for key, places in found.items() if key}

    def find(self, address: str) -> Sequence[Candidate]:
        """Return every entry the address names."""
        return self._found.get(normalize(address), ())
