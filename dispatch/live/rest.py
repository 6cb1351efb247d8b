"""The rest of a day as a day of its own: all that is not past, under way or frozen.

Whatever is decided on a live day is decided by the ordinary machinery on this ordinary day: it is
translated, solved, explained, published and judged like any other (docs/replan.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.domain import Day, Outlet, Technician
from dispatch.domain.travel_table import TravelTable
from dispatch.live.course import Facts
from dispatch.live.freeze import Frozen
from dispatch.live.projection import Eta, Projection, RouteKey
from dispatch.live.rest_shifts import RestRoute, carried, rest_routes
from dispatch.live.rest_stock import Gone, outlets_left, van_left, without_part
from dispatch.live.rest_visits import rest_visits
from dispatch.live.state import LiveState, Stop


@dataclass(frozen=True, eq=False)
class RestDay:
    """What is still to be decided.

    Attributes
    ----------
    day
        The same ids, horizon, prices and settings; only what is left of the rest.
    routes
        What of every route is fixed, in the order of the state.
    contracted
        (visit, outlet) that stay as they are.
    stranded
        Open visits that cannot be served, because the one they come after will not be.
    latest
        By visit, the last second of an arrival that keeps a gap to something fixed.
    renamed
        Visits whose promises were written anew, and may have names the day does not know.
    """

    day: Day
    routes: tuple[RestRoute, ...]
    contracted: tuple[tuple[str, str], ...]
    stranded: tuple[str, ...]
    latest: Mapping[str, int]
    renamed: frozenset[str]

    def route(self, key: RouteKey) -> RestRoute:
        """Return the rest of a route."""
        return next(one for one in self.routes if one.key == key)


def rest_day(
    state: LiveState,
    projection: Projection,
    frozen: Frozen,
    travel: TravelTable,
    *,
    keep: bool = False,
    ignore_lacks: bool = False,
    facts: Facts | None = None,
) -> RestDay:
    """Return the rest of a day.

    Parameters
    ----------
    state, projection, travel
        The day, its projection, and figures for its places.
    frozen
        What is fixed (`dispatch.live.freeze.freeze_stops`).
    keep
        Who has a visit keeps it, contracted outlets too.
    ignore_lacks
        Parts that were reported missing are thought to be there: nothing is changed because of
        them.
    facts
        The state looked up, if it is already.
    """
    facts = Facts(state, travel) if facts is None else facts
    by_route: dict[RouteKey, list[Eta]] = {}
    by_visit: dict[tuple[str, str], Eta] = {}
    for eta in projection.etas:
        by_route.setdefault((eta.technician, eta.shift), []).append(eta)
        if eta.visit is not None:
            by_visit[eta.visit, eta.technician] = eta
    routes = rest_routes(facts, by_route, frozen)
    fixed = tuple(
        pair
        for pair in state.contracted
        if keep or pair[0] in frozen.kept or pair[1] in frozen.outlets or _has_begun(facts, pair[0])
    )
    loose = frozenset(visit for visit, _ in state.contracted) - {visit for visit, _ in fixed}
    visits = rest_visits(facts, routes, by_visit, frozen, contracted=loose, keep=keep)
    told = state.model_copy(update={"lacks": ()}) if ignore_lacks else state
    outlets, technicians = _resources(facts, told, routes, fixed)
    outlets = tuple(_full(one) if one.id in frozen.outlets else one for one in outlets)
    technicians = tuple(
        person.model_copy(update=more)
        if (more := carried(facts, person, by_route, frozen))
        else person
        for person in technicians
    )
    update = {"outlets": outlets, "technicians": technicians, "visits": tuple(visits.visits)}
    return RestDay(
        day=facts.day.model_copy(update=update),
        routes=routes,
        contracted=fixed,
        stranded=tuple(visits.stranded),
        latest=visits.latest,
        renamed=frozenset(visits.renamed),
    )


def _full(outlet: Outlet) -> Outlet:
    """Return a contracted outlet that takes no visit more."""
    if outlet.capacity is None:
        return outlet
    none = outlet.capacity.model_copy(update={"visits_per_day": 0})
    return outlet.model_copy(update={"capacity": none})


def _has_begun(facts: Facts, visit: str) -> bool:
    """Return whether a contracted outlet may be at the customer's already."""
    windows = facts.windows(facts.visits[visit])
    return any(line.name is not None and line.earliest <= facts.now for line in windows)


def _resources(
    facts: Facts,
    state: LiveState,
    routes: Sequence[RestRoute],
    kept: tuple[tuple[str, str], ...],
) -> tuple[tuple[Outlet, ...], tuple[Technician, ...]]:
    """Return outlets and technicians with what they have left."""
    stops: dict[str, list[Stop]] = {}
    for route in routes:
        stops.setdefault(route.technician, []).extend(route.prefix)
    taken = (*state.contracted_done, *kept)
    gone = Gone(state, stops, taken)
    by_key = {route.key: route for route in routes}
    technicians = (_technician(facts, state, one, by_key, gone) for one in facts.day.technicians)
    outlets = outlets_left(state, gone, Counter(outlet for _, outlet in taken))
    return outlets, tuple(technicians)


def _technician(
    facts: Facts,
    state: LiveState,
    person: Technician,
    routes: Mapping[RouteKey, RestRoute],
    gone: Gone,
) -> Technician:
    none: Counter[str] = Counter()
    stock = van_left(
        person.van_stock, gone.used.get(person.id, none), gone.taken.get(person.id, none)
    )
    for lack in state.lacks:
        if lack.technician == person.id:
            stock = without_part(stock, lack.part)
    line = facts.lines[person.id, 0]
    shifts = tuple(routes[person.id, number].shift_left for number in range(len(person.shifts)))
    # Own places: hours of the outlet are in the shift already, closures were not meant for it.
    return person.model_copy(
        update={"start": line.start, "end": line.end, "shifts": shifts, "van_stock": stock}
    )
