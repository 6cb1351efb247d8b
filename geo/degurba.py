"""The degree of urbanization of grid cells, on the published thresholds.

European Commission, ILO, FAO, OECD, UN-Habitat, World Bank: *Applying the Degree of Urbanisation*
(2021), level 1, endorsed by the UN Statistical Commission in 2020. On cells of 1 km²:

* **urban center**: cells of at least 1 500 inhabitants per km², contiguous over edges (4
  neighbors), together at least 50 000 inhabitants; then gaps are filled: a cell with at least five
  of its eight neighbors in the same center joins it, until nothing changes, and holes of at most
  15 km² are closed;
* **urban cluster**: cells of at least 300 inhabitants per km², contiguous over edges and corners
  (8 neighbors), together at least 5 000 inhabitants;
* **rural** is the rest.

Left out: the optional rule that cells at least half built up join a center (it needs a second
grid), and population moved off water.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from geo.population_grid import PopulationGrid

CENTER_DENSITY: Final = 1500.0
CENTER_PEOPLE: Final = 50_000.0
CLUSTER_DENSITY: Final = 300.0
CLUSTER_PEOPLE: Final = 5000.0
LARGEST_HOLE_KM2: Final = 15.0

RURAL_CELL, CLUSTER_CELL, CENTER_CELL = 0, 1, 2

_EDGES = ndimage.generate_binary_structure(2, 1)
_CORNERS = ndimage.generate_binary_structure(2, 2)
_AROUND = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]])

Bool = NDArray[np.bool_]


def classify_cells(grid: PopulationGrid) -> NDArray[np.int8]:
    """Return the class of every cell: ``CENTER_CELL``, ``CLUSTER_CELL`` or ``RURAL_CELL``.

    Parameters
    ----------
    grid
        Inhabitants; finer grids are to be joined to 1 km first (``coarsen``).

    Returns
    -------
    ndarray
        Shape of ``grid.people``, int8.
    """
    area = np.repeat(grid.cell_area_km2()[:, None], grid.people.shape[1], axis=1)
    density = grid.people / area
    verdict = np.full(grid.people.shape, RURAL_CELL, dtype=np.int8)
    cluster = _large_groups(density >= CLUSTER_DENSITY, grid, _CORNERS, CLUSTER_PEOPLE)
    verdict[cluster > 0] = CLUSTER_CELL
    centers = _large_groups(density >= CENTER_DENSITY, grid, _EDGES, CENTER_PEOPLE)
    for center in range(1, int(centers.max(initial=0)) + 1):
        verdict[_fill_gaps(centers == center, area)] = CENTER_CELL
    return verdict


def _large_groups(
    cells: Bool, grid: PopulationGrid, structure: NDArray[np.bool_], least: float
) -> NDArray[np.int32]:
    """Label contiguous cells whose inhabitants together reach ``least``, from 1; others are 0."""
    label, count = ndimage.label(cells, structure=structure)
    people = np.bincount(label.ravel(), weights=grid.people.ravel(), minlength=count + 1)
    large = people >= least
    large[0] = False
    number = np.where(large, np.cumsum(large), 0).astype(np.int32)
    return np.asarray(number[label])


def _fill_gaps(center: Bool, area: NDArray[np.float64]) -> Bool:
    """Close one center by the majority rule, then its small holes."""
    rows, columns = np.nonzero(center)
    # Only the box of the center and one cell around it can change.
    box = (
        slice(max(int(rows.min()) - 1, 0), int(rows.max()) + 2),
        slice(max(int(columns.min()) - 1, 0), int(columns.max()) + 2),
    )
    part = center[box].copy()
    while True:
        around = ndimage.convolve(part.astype(np.int8), _AROUND, mode="constant", cval=0)
        joins = ~part & (around >= 5)
        if not joins.any():
            break
        part |= joins
    holes, count = ndimage.label(ndimage.binary_fill_holes(part) & ~part, structure=_EDGES)
    size = np.bincount(holes.ravel(), weights=area[box].ravel(), minlength=count + 1)
    small = size <= LARGEST_HOLE_KM2
    small[0] = False
    filled = center.copy()
    filled[box] = part | small[holes]
    return filled
