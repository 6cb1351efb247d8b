"""A travel table as a document: figures as text, so that another process can read them."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.base import Model
from dispatch.domain.travel_table import TravelRegimes, TravelTable

Int32 = NDArray[np.int32]
_FIGURES = np.dtype("<i4")


class RegimesDocument(Model):
    """Travel by hour; see `TravelRegimes`. ``durations_s`` has one text per regime."""

    bucket_start_s: tuple[int, ...]
    bucket_regime: tuple[int, ...]
    durations_s: dict[str, tuple[str, ...]]


class TravelDocument(Model):
    """A travel table.

    Attributes
    ----------
    lonlat
        Of the m places.
    durations_s, distances_m
        By profile, m x m figures row by row: 32-bit integers, the low byte first, in base 64.
    """

    lonlat: tuple[tuple[float, float], ...]
    durations_s: dict[str, str]
    distances_m: dict[str, str]
    estimated: bool
    description: str = ""
    attribution: str = ""
    regimes: RegimesDocument | None = None


def write_travel(table: TravelTable) -> TravelDocument:
    """Return a table as a document."""
    regimes = table.regimes
    return TravelDocument(
        lonlat=tuple((lon, lat) for lon, lat in table.lonlat.tolist()),
        durations_s={name: _text(figures) for name, figures in table.durations_s.items()},
        distances_m={name: _text(figures) for name, figures in table.distances_m.items()},
        estimated=table.estimated,
        description=table.description,
        attribution=table.attribution,
        regimes=None
        if regimes is None
        else RegimesDocument(
            bucket_start_s=tuple(regimes.bucket_start_s.tolist()),
            bucket_regime=tuple(regimes.bucket_regime.tolist()),
            durations_s={
                name: tuple(map(_text, states)) for name, states in regimes.durations_s.items()
            },
        ),
    )


def read_travel(document: TravelDocument) -> TravelTable:
    """Return the table of a document.

    Raises
    ------
    ValueError
        If there are not m x m figures.
    """
    size, regimes = len(document.lonlat), document.regimes

    def figures(texts: dict[str, str]) -> dict[str, Int32]:
        return {name: _figures(text, size) for name, text in texts.items()}

    return TravelTable(
        lonlat=np.array(document.lonlat, dtype=np.float64).reshape(size, 2),
        durations_s=figures(document.durations_s),
        distances_m=figures(document.distances_m),
        estimated=document.estimated,
        description=document.description,
        attribution=document.attribution,
        regimes=None
        if regimes is None
        else TravelRegimes(
            bucket_start_s=np.array(regimes.bucket_start_s, dtype=np.int32),
            bucket_regime=np.array(regimes.bucket_regime, dtype=np.int32),
            durations_s={
                name: tuple(_figures(text, size) for text in states)
                for name, states in regimes.durations_s.items()
            },
        ),
    )


def _text(figures: Int32) -> str:
    return base64.b64encode(figures.astype(_FIGURES).tobytes()).decode("ascii")


def _figures(text: str, size: int) -> Int32:
    plain = np.frombuffer(base64.b64decode(text, validate=True), dtype=_FIGURES)
    return plain.reshape(size, size).astype(np.int32)
