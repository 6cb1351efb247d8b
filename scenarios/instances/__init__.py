"""Public benchmark instances: readers, problems, an evaluator of their own, best known values."""

from scenarios.instances.best_known import BestKnown, read_best_known
from scenarios.instances.evaluate import Evaluation, evaluate
from scenarios.instances.evaluate_fleet import evaluate_fleet
from scenarios.instances.evaluate_hhcrsp import CareEvaluation, evaluate_care, time_care
from scenarios.instances.evaluate_trsp import TrspEvaluation, evaluate_trsp, time_trsp
from scenarios.instances.fleet import FleetKind, FleetVrptw
from scenarios.instances.fleet_reader import parse_fleet, read_fleet
from scenarios.instances.hhcrsp import CarePlan, CareStop, Hhcrsp
from scenarios.instances.hhcrsp_reader import (
    CareBest,
    read_care_best,
    read_care_plan,
    read_hhcrsp,
    write_care_plan,
)
from scenarios.instances.problem import Objective, build_problem
from scenarios.instances.problem_care import build_care_problem
from scenarios.instances.problem_fleet import build_fleet_problem
from scenarios.instances.problem_trsp import build_trsp_problem
from scenarios.instances.reading import AnyInstance, instance_name, read_any, read_instance
from scenarios.instances.rounding import Rounding
from scenarios.instances.sol import SolutionText, parse_sol, read_sol, write_sol
from scenarios.instances.solomon import parse_solomon, read_solomon
from scenarios.instances.trsp import Trsp, TrspRoute
from scenarios.instances.trsp_reader import (
    TrspBest,
    read_trsp,
    read_trsp_best,
    read_trsp_plan,
    write_trsp_plan,
)
from scenarios.instances.vrplib import parse_vrplib, read_vrplib
from scenarios.instances.vrptw import Vrptw

__all__ = [
    "AnyInstance",
    "BestKnown",
    "CareBest",
    "CareEvaluation",
    "CarePlan",
    "CareStop",
    "Evaluation",
    "FleetKind",
    "FleetVrptw",
    "Hhcrsp",
    "Objective",
    "Rounding",
    "SolutionText",
    "Trsp",
    "TrspBest",
    "TrspEvaluation",
    "TrspRoute",
    "Vrptw",
    "build_care_problem",
    "build_fleet_problem",
    "build_problem",
    "build_trsp_problem",
    "evaluate",
    "evaluate_care",
    "evaluate_fleet",
    "evaluate_trsp",
    "instance_name",
    "parse_fleet",
    "parse_sol",
    "parse_solomon",
    "parse_vrplib",
    "read_any",
    "read_best_known",
    "read_care_best",
    "read_care_plan",
    "read_fleet",
    "read_hhcrsp",
    "read_instance",
    "read_sol",
    "read_solomon",
    "read_trsp",
    "read_trsp_best",
    "read_trsp_plan",
    "read_vrplib",
    "time_care",
    "time_trsp",
    "write_care_plan",
    "write_sol",
    "write_trsp_plan",
]
