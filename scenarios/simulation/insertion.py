"""Cheapest insertion: the morning plan stands; what comes later goes where it costs least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.domain import Priority, Visit
from dispatch.planning.objective import COST_SCALE, unassigned_fen
from scenarios.simulation.desk import NOTHING, Choice
from scenarios.simulation.policy import View
from scenarios.simulation.rest import Rest, build_rest
from solver.routing.insertion import InsertionOption, InsertionRanker
from solver.routing.solution import Step, StepKind


@dataclass(frozen=True, slots=True)
class CheapestInsertion:
    """The morning plan, and every later visit where it costs least; nothing else ever moves.

    Prices are exact (`solver.routing.insertion`). Visits that fit nowhere wait and are tried again.

    Parameters
    ----------
    by_price
        A visit that costs more than leaving it out is not inserted.
    """

    by_price: bool = False
    plans_morning: bool = True

    @property
    def name(self) -> str:
        """One word."""
        return "insertion_by_price" if self.by_price else "cheapest_insertion"

    def delay(self, news: str) -> int | None:
        """Decide at once on new visits and on those of somebody ill; try others now and then."""
        return 0 if news in {"request", "emergency", "sick", "tick"} else None

    def decide(self, view: View) -> Choice:
        """Insert what nobody has, emergencies first, then in the order it came in."""
        if not view.state.open:
            return NOTHING
        rest = build_rest(view.state, view.table)
        return (
            NOTHING
            if rest is None
            else Choice(rest.ahead(*insert_open(rest, by_price=self.by_price)))
        )


def insert_open(
    rest: Rest, *, by_price: bool = False
) -> tuple[dict[int, tuple[Step, ...]], set[int]]:
    """Insert every open visit where it costs least, one after the other.

    Parameters
    ----------
    by_price
        What costs more than leaving it out is left out; emergencies are not.

    Returns
    -------
    tuple
        Steps by vehicle, and the vehicles that changed.
    """
    routes, changed = rest.standing(), set[int]()
    t = rest.translation
    # What does not fit any more where it stands is still there: it is not given twice.
    held = {stop.visit for tail in rest.tails for stop in tail.visits}
    waiting = [seat for seat, visit in enumerate(t.visits) if visit.id not in held]
    ranker: InsertionRanker | None = None
    for seat in sorted(waiting, key=lambda seat: _queue(t.visits[seat])):
        if ranker is None:
            ranker = InsertionRanker(t.problem, rest.solution(routes))
        ranked = ranker.rank(seat)
        priced = sorted((one.cost, one.vehicle, one) for one in ranked if one.cost is not None)
        visit = t.visits[seat]
        if by_price and visit.priority is not Priority.EMERGENCY:
            most = unassigned_fen(t.day.prices, visit) * COST_SCALE
            priced = [one for one in priced if one[0] <= most]
        for _, vehicle, option in priced:
            steps = _inserted(rest, routes, seat, option)
            if steps is not None:
                routes[vehicle] = steps
                changed.add(vehicle)
                ranker = None  # of other routes
                break
    return routes, changed


def _queue(visit: Visit) -> tuple[bool, str, str]:
    came = visit.received_at.isoformat() if visit.received_at is not None else ""
    return visit.priority is not Priority.EMERGENCY, came, visit.id


def _inserted(
    rest: Rest, routes: Mapping[int, Sequence[Step]], seat: int, option: InsertionOption
) -> tuple[Step, ...] | None:
    order = [
        (s.index, s.choice) for s in routes.get(option.vehicle, ()) if s.kind is StepKind.VISIT
    ]
    order.insert(option.position, (seat, option.window))
    return rest.steps(option.vehicle, order)
