"""Proofs as plain documents (JSON), for files that a checker reads."""

from __future__ import annotations

import base64
import zlib
from typing import Final

import numpy as np

from solver.location.answer import Certificate, UnmetKind
from solver.location.median_problem import Int64, MedianAnswer, ProofTree

FORMAT: Final = "servicenet-certificate/1"
"""Value of ``format`` in a certificate file."""


def pack_array(values: Int64) -> dict[str, str]:
    """Return an array as ``{"int64": TEXT}``: little-endian, packed by zlib, in base 64."""
    data = np.ascontiguousarray(values, dtype="<i8").tobytes()
    return {"int64": base64.b64encode(zlib.compress(data, 9)).decode("ascii")}


def describe_tree(tree: ProofTree, solver: str = "") -> dict[str, object]:
    """Return a proof tree as a document.

    Parameters
    ----------
    tree
        The proof.
    solver
        Name of the solver the claimed bound rests on beyond the tree; empty without.
    """
    nodes = [
        {
            "multiplier": pack_array(node.multiplier),
            "closed": list(node.closed),
            "opened": list(node.opened),
            "branch": node.branch,
            "opened_child": node.opened_child,
            "closed_child": node.closed_child,
        }
        for node in tree.nodes
    ]
    return {"cutoff": tree.cutoff, "scale": tree.scale, "nodes": nodes, "solver": solver}


def describe_prices(certificate: Certificate) -> dict[str, object]:
    """Return the prices of a covering answer as a document."""
    return {
        "kind": certificate.kind.value,
        "scale": certificate.scale,
        "multiplier": pack_array(certificate.multiplier),
        "site_price": certificate.limit_multiplier.get(UnmetKind.SITES.value, 0),
        "closed": list(certificate.closed),
        "opened": list(certificate.opened),
        "solver": certificate.solver_name,
    }


def state_proof(answer: MedianAnswer) -> str:
    """Return one sentence about what a checker can recompute and what it cannot."""
    if answer.solver_name:
        return (
            "Objective and the bound of the prices can be recomputed; the claimed bound beyond "
            f"that rests on {answer.solver_name} over the sites the prices leave."
        )
    return "Objective and bound can be recomputed from the raw numbers by addition alone."


def state_cover_proof(certificate: Certificate) -> str:
    """Return one sentence about what a checker can recompute and what it cannot."""
    if certificate.solver_name:
        return (
            "Objective and the bound of the prices can be recomputed; the claimed bound beyond "
            f"that rests on {certificate.solver_name} over the sites the prices leave."
        )
    return "Objective and bound can be recomputed from the raw numbers by addition alone."
