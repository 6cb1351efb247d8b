"""Public benchmark instances: readers, problems, an evaluator of their own, best known values."""

from scenarios.instances.best_known import BestKnown, read_best_known
from scenarios.instances.evaluate import Evaluation, evaluate
from scenarios.instances.problem import Objective, build_problem
from scenarios.instances.reading import read_instance
from scenarios.instances.rounding import Rounding
from scenarios.instances.sol import SolutionText, parse_sol, read_sol, write_sol
from scenarios.instances.solomon import parse_solomon, read_solomon
from scenarios.instances.vrplib import parse_vrplib, read_vrplib
from scenarios.instances.vrptw import Vrptw

__all__ = [
    "BestKnown",
    "Evaluation",
    "Objective",
    "Rounding",
    "SolutionText",
    "Vrptw",
    "build_problem",
    "evaluate",
    "parse_sol",
    "parse_solomon",
    "parse_vrplib",
    "read_best_known",
    "read_instance",
    "read_sol",
    "read_solomon",
    "read_vrplib",
    "write_sol",
]
