"""Tiles of the service's roads: lines merged once, tiles kept packed for a while."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from geo.travel_matrix import TravelProvider

if TYPE_CHECKING:  # they import what reads maps, which is slow and not needed without one
    from geo.tiles import RoadTiles, TileSummary

MOST_KEPT: Final = 2000
"""Tiles in memory; packed they have a few thousand bytes."""
PROFILE: Final = "car"


class BaseMap:
    """Tiles of a provider's roads.

    Parameters
    ----------
    provider
        Of the service.
    """

    def __init__(self, provider: TravelProvider) -> None:
        self._provider = provider
        self._tiles: RoadTiles | None = None
        self._kept: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def find_summary(self) -> TileSummary | None:
        """Find where the tiles are; None for travel without roads."""
        tiles = self._find_tiles()
        return None if tiles is None else tiles.summary()

    def find_tile(self, z: int, x: int, y: int) -> bytes | None:
        """Find a tile, packed with gzip; empty where no road is, None where no tile is."""
        tiles = self._find_tiles()
        if tiles is None:
            return None
        with self._lock:
            known = self._kept.get((z, x, y))
        if known is not None:
            return known
        try:
            body = tiles.cut(z, x, y)
        except ValueError:
            return None
        packed = gzip.compress(body, 6, mtime=0) if body else b""
        with self._lock:
            self._kept[z, x, y] = packed
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return packed

    def _find_tiles(self) -> RoadTiles | None:
        if self._provider.estimated:
            return None
        from geo.matrix_provider import RoadTravel
        from geo.tiles import RoadTiles

        if not isinstance(self._provider, RoadTravel):
            return None
        with self._lock:
            if self._tiles is None:
                self._tiles = RoadTiles(self._provider.get_network(PROFILE))
            return self._tiles
