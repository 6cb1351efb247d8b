"""What of the rest of a day is not to be changed any more.

What is under way is fixed whatever else is said. A stop is fixed together with all stops before it
on its route; where technicians depend on each other (crews, links) they are fixed together, so that
no time that is fixed depends on one that is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import Field

from dispatch.domain import Visit
from dispatch.domain.base import Id, Model
from dispatch.domain.event import UtcMoment
from dispatch.live.projection import Eta, Projection, RouteKey
from dispatch.live.state import LiveRoute, LiveState, Outcome, Stop


class Freeze(Model):
    """What somebody asks to leave as it is.

    Attributes
    ----------
    until
        Stops the technician sets out for before this moment.
    next_visits
        So many visits of every technician after what is under way.
    technicians
        Their whole shifts; they get nothing new either.
    outlets
        Contracted outlets: they keep their visits and get nothing new either.
    visits
        These keep technician and arrival, or their contracted outlet; what lies before them may
        change. Nobody gets those nobody has.
    """

    until: UtcMoment | None = None
    next_visits: int = Field(default=0, ge=0, le=1000)
    technicians: tuple[Id, ...] = ()
    outlets: tuple[Id, ...] = ()
    visits: tuple[Id, ...] = ()


NOTHING = Freeze()
"""Only what is under way is fixed."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is fixed.

    Attributes
    ----------
    counts
        How many of its stops ahead are fixed, by route.
    closed
        Routes that get nothing new: frozen, away, over, or on the way home.
    kept
        Visits that stay as they are although they are not on a fixed part: with whoever has them,
        or with nobody.
    turned
        Routes whose technician is on the way to a stop and may be sent elsewhere.
    outlets
        Contracted outlets whose visits are fixed.
    """

    counts: Mapping[RouteKey, int]
    closed: frozenset[RouteKey]
    kept: frozenset[str]
    turned: frozenset[RouteKey] = frozenset()
    outlets: frozenset[str] = frozenset()


def freeze_stops(
    state: LiveState, projection: Projection, freeze: Freeze = NOTHING, *, divert: bool = False
) -> Frozen:
    """Return what is fixed.

    Parameters
    ----------
    projection
        Of this state.
    divert
        Who is on the way and has not arrived may be sent elsewhere: an emergency as soon as
        possible. The place is the last one reported since, else that of the last stop.
    """
    etas: dict[RouteKey, list[Eta]] = {}
    for eta in projection.etas:
        etas.setdefault((eta.technician, eta.shift), []).append(eta)
    counts: dict[RouteKey, int] = {}
    closed: set[RouteKey] = set()
    turned: set[RouteKey] = set()
    for route in state.routes:
        key = route.technician, route.shift
        going = _under_way(route)
        if divert and going and _may_turn(route):
            going, turned = 0, turned | {key}
        counts[key] = max(going, _asked(route, etas.get(key, []), freeze, going))
        if route.technician in freeze.technicians or route.away or route.is_over:
            closed.add(key)
            counts[key] = len(route.ahead)
            turned.discard(key)
    counts = _closed_over(state, counts)
    turned = {key for key in turned if counts[key] == 0}
    # Who goes home for good does nothing more; what is left of that shift is somebody else's.
    closed |= {(r.technician, r.shift) for r, stop in _fixed(state, counts) if stop.kind == "end"}
    closed |= set(_left_behind(state))
    turned -= closed
    fixed = {stop.visit for route, stop in _fixed(state, counts)}
    kept = frozenset(one for one in freeze.visits if one not in fixed)
    return Frozen(counts, frozenset(closed), kept, frozenset(turned), frozenset(freeze.outlets))


def _left_behind(state: LiveState) -> Iterator[RouteKey]:
    """Yield shifts of technicians who are on a later one already."""
    starts = {
        (person.id, number): shift.start
        for person in state.day.technicians
        for number, shift in enumerate(person.shifts)
    }
    going = [r for r in state.routes if r.past or r.under_way is not None]
    for route in state.routes:
        key = route.technician, route.shift
        later = (starts[one.technician, one.shift] > starts[key] for one in going
                 if one.technician == route.technician)  # fmt: skip
        if any(later):
            yield key


def with_closed(state: LiveState, frozen: Frozen, routes: Collection[RouteKey]) -> Frozen:
    """Return what is fixed, some whole routes more, and whatever those depend on."""
    counts = dict(frozen.counts)
    for route in state.routes:
        key = route.technician, route.shift
        if key in routes:
            counts[key] = len(route.ahead)
    counts = _closed_over(state, counts)
    closed = frozen.closed | set(routes)
    turned = frozenset(key for key in frozen.turned if counts[key] == 0 and key not in closed)
    return replace(frozen, counts=counts, closed=frozenset(closed), turned=turned)


def _under_way(route: LiveRoute) -> int:
    going = [number for number, stop in enumerate(route.ahead, start=1) if stop.is_under_way]
    return max(going, default=0)


def _may_turn(route: LiveRoute) -> bool:
    """Return whether all that is under way is a way to one stop."""
    going = [stop for stop in route.ahead if stop.is_under_way]
    return all(stop.arrived_at is None and stop.started_at is None for stop in going)


def _asked(route: LiveRoute, etas: list[Eta], freeze: Freeze, going: int) -> int:
    count = going
    if freeze.until is not None:
        for number, eta in enumerate(etas, start=1):
            begins = eta.start if eta.leaves is None else eta.leaves
            if begins < freeze.until:
                count = max(count, number)
    left = freeze.next_visits
    for number, stop in enumerate(route.ahead, start=1):
        if number > going and stop.kind == "visit" and left > 0:
            left -= 1
            count = max(count, number)
    return count


def _fixed(state: LiveState, counts: Mapping[RouteKey, int]) -> Iterator[tuple[LiveRoute, Stop]]:
    for route in state.routes:
        for stop in route.ahead[: counts[route.technician, route.shift]]:
            yield route, stop


def _closed_over(state: LiveState, counts: dict[RouteKey, int]) -> dict[RouteKey, int]:
    """Extend what is fixed until nothing fixed depends on anything that is not."""
    together = [visit for visit in state.day.visits if visit.crew_size > 1 or visit.links]
    done = {
        past.stop.visit
        for route in state.routes
        for past in route.past
        if past.outcome is Outcome.DONE
    }
    while True:
        before = dict(counts)
        for route in state.routes:
            key = route.technician, route.shift
            counts[key] = _whole_steps(route, counts[key])
        fixed = {stop.visit for _, stop in _fixed(state, counts) if stop.visit is not None}
        for name in _pulled(together, fixed, done):
            for route in state.routes:
                key = route.technician, route.shift
                at = (n for n, stop in enumerate(route.ahead, start=1) if stop.visit == name)
                counts[key] = max(counts[key], next(at, 0))
        if counts == before:
            return counts


def _whole_steps(route: LiveRoute, count: int) -> int:
    """Return a count that splits no way: a break taken at the end of one belongs to it."""
    while 0 < count < len(route.ahead):
        last = route.ahead[count - 1]
        if last.kind != "break" or not last.at_next:
            break
        count += 1
    return count


def _pulled(together: list[Visit], fixed: set[str], done: set[str | None]) -> Iterator[str]:
    """Yield the visits that have to be fixed because of others."""
    for visit in together:
        if visit.crew_size > 1 and (visit.id in fixed or visit.id in done):
            yield visit.id
        for link in visit.links:
            if visit.id in fixed:
                yield link.after
            elif link.after in fixed and link.max_gap_s is not None:
                # The gap may make the earlier one wait: its time is the later one's, too.
                yield visit.id
