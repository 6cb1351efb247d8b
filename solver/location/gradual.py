"""Gradual cover: demand that is served in part at a distance.

A row that gets the share ``a_ij`` of its weight from the best open site is, exactly, a stack of
plain rows: with its distinct shares ``a_1 > a_2 > ...`` the layer *k* weighs ``w (a_k - a_{k+1})``
and is covered by every site of share ``a_k`` or more (Berman & Krass 2002, generalized maximal
covering). Everything that solves plain covering solves this.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

PER_MILLE: Final = 1000


@dataclass(frozen=True, eq=False)
class GradualRows:
    """Rows of a plain covering problem, weights in thousandths of the original unit.

    Attributes
    ----------
    weight
        Shape (k,), int64.
    site_offset, site_index
        As in ``CoverProblem``.
    source
        Shape (k,), the original row of each.
    """

    weight: Int64
    site_offset: Int64
    site_index: Int32
    source: Int64


def spread_gradual(
    weight: Int64, site_offset: Int64, site_index: Int32, share_permille: Int64
) -> GradualRows:
    """Split rows with partial cover into layers of plain cover.

    Parameters
    ----------
    weight
        Shape (n,), int64.
    site_offset, site_index
        As in ``CoverProblem``.
    share_permille
        Same shape as ``site_index``, int64, 1 to 1000: what the site gives of the row's weight.

    Raises
    ------
    InvalidProblem
        If a share lies outside 1 to 1000 or their number differs from that of ``site_index``.
    """
    outside = (share_permille < 1) | (share_permille > PER_MILLE)
    if share_permille.shape != site_index.shape or outside.any():
        found = f"shape {share_permille.shape}, {int(outside.sum())} outside"
        expected = f"shape {site_index.shape}, 1 to {PER_MILLE}"
        raise InvalidProblem((ArrayFault("share_permille", found, expected),))
    weights: list[int] = []
    sources: list[int] = []
    parts: list[Int32] = []
    for row in range(weight.shape[0]):
        part = slice(int(site_offset[row]), int(site_offset[row + 1]))
        share, sites = share_permille[part], site_index[part]
        levels = [0, *np.unique(share).tolist()]
        for lower, level in reversed(list(pairwise(levels))):
            weights.append(int(weight[row]) * (level - lower))
            sources.append(row)
            parts.append(sites[share >= level])
    offset = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([part.shape[0] for part in parts], out=offset[1:])
    return GradualRows(
        weight=np.asarray(weights, dtype=np.int64),
        site_offset=offset,
        site_index=np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32),
        source=np.asarray(sources, dtype=np.int64),
    )
