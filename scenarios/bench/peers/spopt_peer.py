"""spopt's locate models, solved by the CBC that comes with PuLP (optional: extra ``bench``)."""

from __future__ import annotations

import importlib.util
from typing import Any, Final

import numpy as np

from scenarios.bench.location_cases import Case, Outcome, get_reach
from scenarios.instances.siting import SitingInstance
from scenarios.location_models import Model, get_radius

MAX_PAIRS: Final = 260_000
"""Larger cost tables are left out: building the model alone takes longer than every limit."""


def find_spopt() -> bool:
    """Whether spopt and PuLP are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("spopt", "pulp"))


def solve_with_spopt(case: Case, time_limit_s: float) -> Outcome | None:
    """Solve a case with spopt; None where it has no such model or the table is too large.

    The objective is recomputed from the sites it opens; the status is the one it reports.
    """
    instance = case.instance
    if not isinstance(instance, SitingInstance) or not 0 < get_reach(case) <= MAX_PAIRS:
        return None
    import pulp

    model = _build(instance, case)
    if model is None:
        return None
    solved = model.solve(
        pulp.PULP_CBC_CMD(msg=False, timeLimit=time_limit_s, threads=1), results=False
    )
    status = str(pulp.LpStatus[solved.problem.status])
    values = [variable.value() for variable in solved.fac_vars]
    if any(value is None for value in values):
        return Outcome(None, None, status)
    sites = [site for site, value in enumerate(values) if value > 0.5]
    return Outcome(_evaluate(instance, case, sites), None, status)


def _build(instance: SitingInstance, case: Case) -> Any:  # noqa: ANN401 - spopt has no types
    from spopt import locate

    table, question = instance.distance, case.question
    if question.model is Model.LSCP:
        return locate.LSCP.from_cost_matrix(table, get_radius(instance, question))
    if question.model is Model.MCLP:
        radius, p = get_radius(instance, question), instance.get_p(question.p)
        return locate.MCLP.from_cost_matrix(table, instance.weight, radius, p_facilities=p)
    if question.model is Model.PMEDIAN:
        p = instance.get_p(question.p)
        return locate.PMedian.from_cost_matrix(table, instance.weight, p_facilities=p)
    if question.model is Model.PCENTER:
        return locate.PCenter.from_cost_matrix(table, p_facilities=instance.get_p(question.p))
    return None


def _evaluate(instance: SitingInstance, case: Case, sites: list[int]) -> float | None:
    if not sites:
        return None
    nearest = instance.distance[:, sites].min(axis=1)
    if case.question.model is Model.LSCP:
        covered = bool((nearest <= get_radius(instance, case.question)).all())
        return float(len(sites)) if covered else None
    if case.question.model is Model.MCLP:
        return float(instance.weight[nearest <= get_radius(instance, case.question)].sum())
    if case.question.model is Model.PCENTER:
        return float(nearest.max())
    return float(np.sum(nearest * instance.weight))
