"""Which features of a problem the OR-Tools twin knows, and which it refuses.

It knows service times by vehicle, all limits of routes, and both departure rules. It refuses
travel by hour (its arcs cost the same at any time), parts (pick-ups would be optional nodes whose
use depends on order), links, fair shares, the price of the worst lateness, what customers were told
and vehicles that are out already, rather than ignore one of them. A feature that is there but
binds nothing is none.
"""

from __future__ import annotations

from solver.errors import UnsupportedFeature
from solver.routing.features import UNLIMITED, Agreed
from solver.routing.problem import RoutingProblem


def find_unsupported(problem: RoutingProblem) -> tuple[str, ...]:
    """Return the features of ``problem`` that OR-Tools would have to ignore, in words."""
    rush, parts, links = problem.rush_hours, problem.parts, problem.links
    fair, agreed = problem.fair_shares, problem.agreed
    found = {
        "travel by hour": rush is not None and any(rush.durations_s),
        "parts": parts is not None and len(parts.need_part) > 0,
        "links between visits": links is not None and len(links.first) > 0,
        "fair shares": fair is not None
        and bool(fair.cost_per_second.any() or fair.cost_per_meter.any()),
        "a price on the worst lateness": problem.rules.worst_late_rate > 0,
        "what customers were told": agreed is not None and _tells(agreed),
        "vehicles that are out already": agreed is not None and bool(agreed.vehicle_out.any()),
    }
    return tuple(name for name, is_there in found.items() if is_there)


def _tells(agreed: Agreed) -> bool:
    """Say whether it costs anything to do otherwise than customers were told."""
    late = agreed.told_rate[agreed.told_latest != UNLIMITED]
    return bool(late.any() or agreed.order_cost[agreed.told_person != UNLIMITED].any())


def check_supported(problem: RoutingProblem) -> None:
    """Check that OR-Tools knows every feature of ``problem``.

    Raises
    ------
    UnsupportedFeature
        Naming all features it does not know.
    """
    features = find_unsupported(problem)
    if features:
        raise UnsupportedFeature("ortools", features)
