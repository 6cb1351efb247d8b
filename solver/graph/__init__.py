"""Fastest ways on large directed graphs: many-to-many time and length, and single paths."""

from solver.graph.hierarchy import Hierarchy, Metric, describe_core
from solver.graph.ways import LENGTH_LIMIT_MM, TIME_LIMIT_MS, UNREACHABLE, Ways

__all__ = [
    "LENGTH_LIMIT_MM",
    "TIME_LIMIT_MS",
    "UNREACHABLE",
    "Hierarchy",
    "Metric",
    "Ways",
    "describe_core",
]
