"""The siting models on an instance: solve one, describe its proof, check a described one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.errors import UnknownInstance
from scenarios.instances.siting import SetCoverInstance, SitingInstance
from solver.location.certificate import (
    describe_prices,
    describe_tree,
    state_cover_proof,
    state_proof,
)
from solver.status import SolveStatus

if TYPE_CHECKING:
    from solver.location.answer import LocationAnswer
    from solver.location.capacitated_problem import CapacitatedProblem
    from solver.location.checker_reading import Verdict
    from solver.location.median_problem import MedianAnswer
    from solver.location.problem import CoverProblem
    from solver.stop import Stop

Instance = SitingInstance | SetCoverInstance


class Model(StrEnum):
    """What is asked of an instance."""

    PMEDIAN = "pmedian"
    PCENTER = "pcenter"
    MCLP = "mclp"
    LSCP = "lscp"
    SCP = "scp"
    CPMP = "cpmp"


@dataclass(frozen=True, slots=True)
class Question:
    """A model and its parameters.

    Attributes
    ----------
    model
        Which.
    p
        Sites to open; None takes the file's.
    radius
        Of coverage, in the unit of the file's distances; mclp and lscp need it.
    """

    model: Model
    p: int | None = None
    radius: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Located:
    """An answer in the units of the file.

    Attributes
    ----------
    objective, bound
        In the unit of the file; None where there is no answer.
    gap
        ``|bound - objective| / max(1, |objective|)``; None without an answer.
    status, seed, runtime_s
        As the solver says.
    sites
        Names of the open sites.
    claim
        What a certificate file holds about the answer, in whole numbers.
    """

    objective: float | None
    bound: float | None
    gap: float | None
    status: SolveStatus
    seed: int
    runtime_s: float
    sites: tuple[str, ...]
    claim: dict[str, object]


def solve_model(instance: Instance, question: Question, stop: Stop, seed: int = 1) -> Located:
    """Solve a model on an instance.

    Raises
    ------
    UnknownInstance
        If the instance has not what the model needs: capacities, distances, p, a radius.
    """
    if isinstance(instance, SetCoverInstance):
        _expect(question.model is Model.SCP, instance.name, "answers the model scp only")
        return _solve_set(instance.name, instance.problem, None, stop, seed)
    _expect(question.model is not Model.SCP, instance.name, "is no set covering file")
    if question.model is Model.LSCP:
        radius = get_radius(instance, question)
        cover = instance.make_cover(radius)
        return _solve_set(instance.name, cover, instance.sites, stop, seed)
    solve = {
        Model.PMEDIAN: _solve_median,
        Model.PCENTER: _solve_center,
        Model.MCLP: _solve_mclp,
        Model.CPMP: _solve_cpmp,
    }[question.model]
    return solve(instance, question, stop, seed)


def check_model(instance: Instance, question: Question, claim: Mapping[str, Any]) -> Verdict:
    """Recompute what a certificate claims about a question on an instance.

    Raises
    ------
    UnknownInstance
        If the instance has not what the model needs.
    """
    from solver.location.checker import check_center, check_median
    from solver.location.checker_capacitated import check_capacitated
    from solver.location.checker_cover import check_maximal, check_set_cover

    if isinstance(instance, SetCoverInstance):
        _expect(question.model is Model.SCP, instance.name, "answers the model scp only")
        return check_set_cover(instance.problem.cost, list_sites(instance.problem), claim)
    model, count = question.model, len(instance.sites)
    _expect(model is not Model.SCP, instance.name, "is no set covering file")
    if model is Model.LSCP:
        covered = instance.get_covered(get_radius(instance, question))
        rows = [np.flatnonzero(row).tolist() for row in covered]
        return check_set_cover(np.ones(count, dtype=np.int64), rows, claim)
    p = instance.get_p(question.p)
    if model is Model.MCLP:
        covered = instance.get_covered(get_radius(instance, question))
        rows = [np.flatnonzero(row).tolist() for row in covered]
        return check_maximal(instance.weight, rows, count, p, claim)
    if model is Model.CPMP:
        problem = make_capacitated(instance, p)
        return check_capacitated(problem.cost, p, problem.load, problem.capacity, claim)
    if model is Model.PCENTER:
        return check_center(instance.get_rank()[0], p, claim)
    return check_median(instance.cost, p, claim)


def get_radius(instance: SitingInstance, question: Question) -> float:
    """Return the radius asked for.

    Raises
    ------
    UnknownInstance
        If there is none.
    """
    if question.radius is None:
        raise UnknownInstance(f"{instance.name}: {question.model} needs a radius (--radius).")
    return question.radius


def list_sites(problem: CoverProblem) -> list[list[int]]:
    """Return the sites of each row."""
    index, offset = problem.site_index.tolist(), problem.site_offset.tolist()
    return [index[offset[row] : offset[row + 1]] for row in range(problem.rows)]


def make_capacitated(instance: SitingInstance, p: int) -> CapacitatedProblem:
    """Return the capacitated problem: distances count once per row, weights are loads.

    Raises
    ------
    UnknownInstance
        If the instance has no capacities.
    """
    from solver.location.capacitated_problem import make_capacitated_problem

    if instance.capacity is None:
        raise UnknownInstance(f"{instance.name} has no capacities; cpmp needs them.")
    cost = instance.distance.astype(np.int64)
    capacity = np.full(len(instance.sites), instance.capacity, dtype=np.int64)
    return make_capacitated_problem(cost, p, instance.weight, capacity)


def _expect(condition: bool, name: str, what: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not condition:
        raise UnknownInstance(f"{name} {what}.")


def _locate(
    answer: LocationAnswer,
    names: tuple[str, ...] | None,
    unit: float,
    proof: dict[str, object] | None,
    statement: str,
) -> Located:
    """Return an answer in the units of the file; whole figures stay whole numbers."""
    sites = tuple(str(j + 1) if names is None else names[j] for j in answer.sites)
    answered = bool(answer.sites)
    claim: dict[str, object] = {
        "sites": list(answer.sites),
        "objective": answer.objective,
        "bound": int(answer.bound),
        "status": answer.status.value,
        "seed": answer.seed,
        "statement": statement,
        "proof": proof,
    }
    return Located(
        objective=to_file_unit(answer.objective, unit) if answered else None,
        bound=to_file_unit(int(answer.bound), unit) if answered else None,
        gap=answer.gap if answered else None,
        status=answer.status,
        seed=answer.seed,
        runtime_s=answer.runtime_s,
        sites=sites,
        claim=claim,
    )


def to_file_unit(value: int, unit: float) -> float:
    """Return whole cost units in the unit of the file."""
    return value if unit == 1 else value / unit


def _solve_median(instance: SitingInstance, question: Question, stop: Stop, seed: int) -> Located:
    from solver.location.median import solve_pmedian
    from solver.location.median_problem import make_median_problem

    p = instance.get_p(question.p)
    answer = solve_pmedian(make_median_problem(instance.cost, p), stop=stop, seed=seed)
    return _locate(answer, instance.sites, instance.unit, _tree(answer), state_proof(answer))


def _solve_center(instance: SitingInstance, question: Question, stop: Stop, seed: int) -> Located:
    from dataclasses import replace

    from solver.location.center import solve_pcenter

    rank, values = instance.get_rank()
    answer = solve_pcenter(rank, instance.get_p(question.p), stop=stop, seed=seed)
    located = _locate(answer, instance.sites, 1, _tree(answer), state_proof(answer))
    objective, bound = float(values[answer.objective]), float(values[int(answer.bound)])
    located.claim["too_small"] = answer.too_small
    gap = abs(bound - objective) / max(1.0, abs(objective))
    return replace(located, objective=objective, bound=bound, gap=gap)


def _solve_cpmp(instance: SitingInstance, question: Question, stop: Stop, seed: int) -> Located:
    from solver.location.capacitated import solve_cpmp

    problem = make_capacitated(instance, instance.get_p(question.p))
    answer = solve_cpmp(problem, stop=stop, seed=seed)
    located = _locate(answer, instance.sites, 1, _tree(answer), state_proof(answer))
    located.claim["assignment"] = list(answer.assignment)
    return located


def _solve_mclp(instance: SitingInstance, question: Question, stop: Stop, seed: int) -> Located:
    from solver.location.cover import solve_mclp

    problem = instance.make_cover(get_radius(instance, question))
    answer = solve_mclp(problem, p=instance.get_p(question.p), stop=stop, seed=seed)
    return _locate_cover(answer, instance.sites)


def _solve_set(
    _name: str, problem: CoverProblem, names: tuple[str, ...] | None, stop: Stop, seed: int
) -> Located:
    from solver.location.setcover import solve_lscp

    return _locate_cover(solve_lscp(problem, stop=stop, seed=seed), names)


def _locate_cover(answer: LocationAnswer, names: tuple[str, ...] | None) -> Located:
    certificate = answer.certificate
    if certificate is None:
        return _locate(answer, names, 1, None, "There is no proof.")
    proof = describe_prices(certificate)
    return _locate(answer, names, 1, proof, state_cover_proof(certificate))


def _tree(answer: MedianAnswer) -> dict[str, object] | None:
    return None if answer.tree is None else describe_tree(answer.tree, answer.solver_name)
