"""Inhabitants on a regular grid, from a GeoTIFF (extra ``geo``: rasterio)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.straight import METERS_PER_DEGREE, Float64

MAX_CELLS = 250_000_000
"""Cells of a raster, inhabited or not; a province at 100 m."""


class InvalidGrid(GeoError, ValueError):
    """A raster that is no population grid; the text names file and cause."""


@dataclass(frozen=True, eq=False)
class PopulationGrid:
    """Inhabitants per cell of a grid in degrees, north at the top.

    Parameters
    ----------
    people
        Shape (rows, columns), float64, >= 0; cells without data hold 0.
    west, north
        Upper left corner, WGS 84 degrees.
    width_deg, height_deg
        Size of a cell, degrees, positive.
    source
        Where it came from, for people.
    """

    people: Float64
    west: float
    north: float
    width_deg: float
    height_deg: float
    source: str = ""

    def cell_lat(self) -> Float64:
        """Return the latitude of the center of each row, shape (rows,)."""
        rows = np.arange(self.people.shape[0], dtype=np.float64)
        return np.asarray(self.north - (rows + 0.5) * self.height_deg, dtype=np.float64)

    def cell_lon(self) -> Float64:
        """Return the longitude of the center of each column, shape (columns,)."""
        columns = np.arange(self.people.shape[1], dtype=np.float64)
        return np.asarray(self.west + (columns + 0.5) * self.width_deg, dtype=np.float64)

    def cell_area_km2(self) -> Float64:
        """Return the area of a cell of each row, shape (rows,): cells shrink toward the poles."""
        side = METERS_PER_DEGREE / 1000.0
        area = self.width_deg * side * np.cos(np.radians(self.cell_lat())) * self.height_deg * side
        return np.asarray(area)

    def inhabited_cells(self) -> tuple[Float64, Float64]:
        """Return centers, shape (c, 2), and inhabitants, shape (c,), of cells with anybody."""
        row, column = np.nonzero(self.people > 0)
        lonlat = np.column_stack((self.cell_lon()[column], self.cell_lat()[row]))
        return lonlat, self.people[row, column]

    def find_cells(self, lonlat: Float64) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return row and column of each point, shape (m,); -1 outside the grid."""
        column = np.floor((lonlat[:, 0] - self.west) / self.width_deg).astype(np.int64)
        row = np.floor((self.north - lonlat[:, 1]) / self.height_deg).astype(np.int64)
        rows, columns = self.people.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.where(inside, row, -1), np.where(inside, column, -1)

    def coarsen(self, cell_m: float = 1000.0) -> PopulationGrid:
        """Return the grid with cells joined to about ``cell_m`` on a side; people are kept.

        The degree of urbanization is defined on cells of 1 km².
        """
        middle = np.cos(np.radians(self.north - self.people.shape[0] * self.height_deg / 2))
        tall = max(1, round(cell_m / (self.height_deg * METERS_PER_DEGREE)))
        wide = max(1, round(cell_m / (self.width_deg * METERS_PER_DEGREE * middle)))
        if (tall, wide) == (1, 1):
            return self
        rows, columns = (-(-size // step) for size, step in
                         zip(self.people.shape, (tall, wide), strict=True))  # fmt: skip
        padded = np.zeros((rows * tall, columns * wide))
        padded[: self.people.shape[0], : self.people.shape[1]] = self.people
        joined = padded.reshape(rows, tall, columns, wide).sum(axis=(1, 3))
        return PopulationGrid(
            joined, self.west, self.north, self.width_deg * wide, self.height_deg * tall,
            self.source,
        )  # fmt: skip


def read_population_grid(path: Path) -> PopulationGrid:
    """Read a GeoTIFF of inhabitants per cell.

    Parameters
    ----------
    path
        One band, geographic coordinates WGS 84 (EPSG:4326), north up, as WorldPop ships it.

    Raises
    ------
    InvalidGrid
        If it cannot be read, is too large, turned, projected, or holds fewer than no people.
    """
    try:
        import rasterio
        from rasterio.errors import RasterioError
    except ImportError as error:
        raise InvalidGrid(
            f"{path.name}: reading GeoTIFF needs rasterio; install servicenet[geo]."
        ) from error
    try:
        with rasterio.open(path) as raster:
            if raster.width * raster.height > MAX_CELLS:
                raise InvalidGrid(
                    f"{path.name}: {raster.width} × {raster.height} cells; expected at most "
                    f"{MAX_CELLS:,}."
                )
            crs, turn = raster.crs, raster.transform
            people = raster.read(1, masked=True).astype(np.float64).filled(0.0)
    except (RasterioError, OSError) as error:
        raise InvalidGrid(f"{path.name}: no readable GeoTIFF ({error}).") from error
    if crs is None or crs.to_epsg() != 4326:
        raise InvalidGrid(f"{path.name}: coordinates are {crs}; expected EPSG:4326 (gdalwarp).")
    if turn.b or turn.d or turn.a <= 0 or turn.e >= 0:
        raise InvalidGrid(f"{path.name}: the raster is turned; expected north up.")
    people[~np.isfinite(people)] = 0.0
    if people.min(initial=0.0) < 0:
        raise InvalidGrid(f"{path.name}: holds negative numbers of people without a nodata value.")
    return PopulationGrid(people, turn.c, turn.f, turn.a, -turn.e, path.name)
