"""A travel table with room for places that are not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.travel_table import NO_WAY, TravelRegimes, TravelTable
from geo.travel_matrix import Ways

Int32 = NDArray[np.int32]

ROOM: Final = 64
"""Places more before everything is copied once."""


class GrowingTable:
    """Figures in buffers that are larger than the table.

    Tables given out are views. What is added lies beyond all of them, so none ever changes.

    Parameters
    ----------
    table
        To begin with; copied.
    """

    def __init__(self, table: TravelTable) -> None:
        size = len(table.lonlat)
        self._size, self._capacity = size, size + ROOM
        self._lonlat = np.zeros((self._capacity, 2), dtype=np.float64)
        self._lonlat[:size] = table.lonlat
        self._durations = {name: self._buffer(of) for name, of in table.durations_s.items()}
        self._distances = {name: self._buffer(of) for name, of in table.distances_m.items()}
        self._in_states: dict[str, tuple[Int32, ...]] = {}
        if table.regimes is not None:
            self._in_states = {
                name: tuple(self._buffer(one) for one in of)
                for name, of in table.regimes.durations_s.items()
            }
        self._pattern = table
        self.table = self._view()
        """The table as it is now."""

    def _buffer(self, figures: Int32) -> Int32:
        full = np.full((self._capacity, self._capacity), NO_WAY, dtype=np.int32)
        full[: self._size, : self._size] = figures
        return full

    def _view(self) -> TravelTable:
        size, regimes = self._size, self._pattern.regimes
        if regimes is not None:
            regimes = TravelRegimes(
                bucket_start_s=regimes.bucket_start_s,
                bucket_regime=regimes.bucket_regime,
                durations_s={
                    name: tuple(one[:size, :size] for one in of)
                    for name, of in self._in_states.items()
                },
            )
        return replace(
            self._pattern,
            lonlat=self._lonlat[:size],
            durations_s={name: of[:size, :size] for name, of in self._durations.items()},
            distances_m={name: of[:size, :size] for name, of in self._distances.items()},
            regimes=regimes,
        )

    def missing(self, places: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return those of the places that are not there, in their order."""
        there = {(float(lon), float(lat)) for lon, lat in self.table.lonlat.tolist()}
        return [place for place in places if place not in there]

    def has_room(self, places: int) -> bool:
        """Return whether so many places more can be added."""
        return self._size + places <= self._capacity

    def only(self, places: Sequence[tuple[float, float]]) -> TravelTable:
        """Return a table of some of the places."""
        row = {(lon, lat): i for i, (lon, lat) in enumerate(self.table.lonlat.tolist())}
        kept = np.array(sorted(row[place] for place in places), dtype=np.int64)
        cut = np.ix_(kept, kept)
        table, regimes = self.table, self.table.regimes
        if regimes is not None:
            figures = {name: tuple(t[cut] for t in of) for name, of in regimes.durations_s.items()}
            regimes = replace(regimes, durations_s=figures)
        return replace(
            table,
            lonlat=table.lonlat[kept],
            durations_s={name: of[cut] for name, of in table.durations_s.items()},
            distances_m={name: of[cut] for name, of in table.distances_m.items()},
            regimes=regimes,
        )

    def add(
        self, lonlat: NDArray[np.float64], out: Mapping[str, Ways], into: Mapping[str, Ways]
    ) -> None:
        """Add places.

        Parameters
        ----------
        lonlat
            Shape (k, 2), none of them there.
        out, into
            By profile, from the new places to all (the old ones first, then the new), and back.

        Raises
        ------
        ValueError
            If there is no room.
        """
        if not self.has_room(len(lonlat)):
            raise ValueError(f"{len(lonlat)} places; room for {self._capacity - self._size}")
        old, size = self._size, self._size + len(lonlat)
        self._lonlat[old:size] = lonlat
        for name in self._durations:
            self._write(self._durations[name], old, out[name].durations_s, into[name].durations_s)
            self._write(self._distances[name], old, out[name].distances_m, into[name].distances_m)
            states = zip(
                self._in_states.get(name, ()), out[name].in_states_s, into[name].in_states_s,
                strict=True,
            )  # fmt: skip
            for figures, row, column in states:
                self._write(figures, old, row, column)
        self._size = size
        self.table = self._view()

    @staticmethod
    def _write(figures: Int32, old: int, rows: Int32, columns: Int32) -> None:
        size = old + len(rows)
        figures[:size, old:size] = columns
        figures[old:size, :size] = rows
        np.fill_diagonal(figures[old:size, old:size], 0)
