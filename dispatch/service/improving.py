"""A search of a few seconds from the best option: what the rungs cannot find."""

from __future__ import annotations

from dispatch.live.bounds import kept_promises, with_latest
from dispatch.service.options import Candidate, Option, OptionMaker
from dispatch.service.prepared import Prepared
from solver.routing.solution import Step, StepKind
from solver.routing.solve import solve
from solver.stop import Stop as Limit


def search_option(prepared: Prepared, visit: str, stop: Limit, seed: int) -> Option | None:
    """Return what a search from the plan as it stands finds; None if it leaves the visit out.

    Promises that are kept without it stay kept. Disturbance has its price, so little moves.

    Parameters
    ----------
    stop, seed
        Of the search.
    """
    t = prepared.t
    problem = with_latest(t, prepared.rest, kept_promises(prepared.rest, prepared.projection))
    steps = {
        route.vehicle: tuple(s.step for s in route.stops) for route in prepared.solution.routes
    }
    maker = OptionMaker(prepared)
    found = solve(problem, stop=stop, seed=seed, start=prepared.solution)
    if any(t.seats[i].visit.id == visit for i in found.unassigned):
        return None
    new = {route.vehicle: tuple(s.step for s in route.stops) for route in found.routes}
    changed: dict[int, tuple[Step, ...]] = {
        vehicle: new.get(vehicle, ())
        for vehicle in steps.keys() | new.keys()
        if _bare(new.get(vehicle, ())) != _bare(steps.get(vehicle, ()))
    }
    if any(prepared.key_of(vehicle) in prepared.illegal for vehicle in changed):
        return None
    return maker.make(0, Candidate("resolve", dict(sorted(changed.items()))), visit)


def _bare(steps: tuple[Step, ...]) -> list[Step]:
    return [step for step in steps if step.kind is not StepKind.BREAK]
