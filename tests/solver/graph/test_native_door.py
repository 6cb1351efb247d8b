"""The compiled module refuses by itself what the typed door would have refused."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

_graph = pytest.importorskip("solver._graph")

pytestmark = pytest.mark.core

TAIL = np.array([0], dtype=np.int32)
HEAD = np.array([1], dtype=np.int32)
ORDER = np.array([0, 1], dtype=np.int32)
ONE = np.array([1], dtype=np.int64)


def test_float_arrays_are_no_argument() -> None:
    with pytest.raises(TypeError, match="incompatible function arguments"):
        _graph.Hierarchy(TAIL.astype(np.float64), HEAD, ORDER)
    with pytest.raises(TypeError, match="incompatible function arguments"):
        _graph.Metric(_graph.Hierarchy(TAIL, HEAD, ORDER), np.array([1.5]), ONE)


def test_nodes_that_do_not_exist_are_named() -> None:
    with pytest.raises(ValueError, match=r"tail\[0\] is 9; expected 0 to 2 exclusive"):
        _graph.Hierarchy(np.array([9], dtype=np.int32), HEAD, ORDER)
    with pytest.raises(ValueError, match=r"sources\[0\] is -1"):
        _graph.Metric(_graph.Hierarchy(TAIL, HEAD, ORDER), ONE, ONE).matrix(
            np.array([-1], dtype=np.int32), ORDER, 1
        )


def test_an_order_is_a_permutation() -> None:
    with pytest.raises(ValueError, match=r"order\[1\] is 0; expected every node exactly once"):
        _graph.Hierarchy(TAIL, HEAD, np.array([0, 0], dtype=np.int32))


def test_weights_have_one_entry_per_arc_and_a_range() -> None:
    hierarchy = _graph.Hierarchy(TAIL, HEAD, ORDER)
    with pytest.raises(ValueError, match="time_ms has 2 entries; expected 1"):
        _graph.Metric(hierarchy, np.array([1, 1]), ONE)
    with pytest.raises(ValueError, match=r"length_mm\[0\] is -3"):
        _graph.Metric(hierarchy, ONE, np.array([-3]))


def test_the_stub_names_what_the_module_has() -> None:
    stub = Path(__file__).parents[3] / "solver" / "_graph.pyi"
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    for owner, body in (
        (_graph, tree.body),
        *((getattr(_graph, c.name), c.body) for c in classes(tree)),
    ):
        public = {name for name in vars(owner) if not name.startswith("_")}
        assert declared(body) == public


def classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def declared(body: list[ast.stmt]) -> set[str]:
    names = {n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    names |= {
        n.target.id for n in body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
    }
    return names - {"__init__"}
