"""What a decision must leave alone, looked at once more and by itself.

Shares no code with `dispatch.live.decide` or `dispatch.live.merge`: states are compared stop by
stop, from the reports alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dispatch.errors import RefereeRejected
from dispatch.live.freeze import Frozen
from dispatch.live.merge import Decision
from dispatch.live.state import LiveRoute, LiveState, Stop

Key = tuple[str, int]


def check_decision(state: LiveState, frozen: Frozen, decision: Decision) -> None:
    """Refuse a decision that moves what is fixed, or gives a visit to too many.

    Raises
    ------
    RefereeRejected
        A mistake of this program.
    """
    found = [*_fixed(state, frozen, decision.ahead), *_once(state, decision)]
    if found:
        raise RefereeRejected(f"{len(found)} violations: {'; '.join(found[:10])}")


def check_states(before: LiveState, after: LiveState) -> list[str]:
    """Return what a decision did to a day that no decision may do.

    History as it was; what is under way first and as it is; every visit in one place.
    """
    found: list[str] = []
    old = {(route.technician, route.shift): route for route in before.routes}
    for route in after.routes:
        was = old.pop((route.technician, route.shift), None)
        if was is None or route.past != was.past:
            found.append(f"history of {route.technician} changed")
            continue
        found += _moved(was, route.ahead)
    if old or after.sequence != before.sequence or after.now != before.now:
        found.append("a route, the sequence or the clock changed")
    if after.canceled != before.canceled or after.contracted_done != before.contracted_done:
        found.append("what is over changed")
    ahead = {(route.technician, route.shift): route.ahead for route in after.routes}
    found += _once(after, Decision(ahead, after.contracted))
    places = [{v for v, _ in after.contracted}, set(after.open), set(after.canceled)]
    places.append({stop.visit or "" for stops in ahead.values() for stop in stops} - {""})
    twice = sum(map(len, places)) - len(set().union(*places))
    return [*found, "a visit is in two places"] if twice else found


def _moved(was: LiveRoute, ahead: Sequence[Stop]) -> Iterator[str]:
    for stop in was.ahead:
        if stop.arrived_at is None and stop.started_at is None:
            continue
        # Work, or somebody at the door: nothing but breaks on arrival may come before it.
        before = ahead[: ahead.index(stop)] if stop in ahead else None
        if before is None or any(one.kind != "break" for one in before if one is not stop):
            yield f"{stop.visit or stop.kind} under way at {was.technician} moved"


def _fixed(state: LiveState, frozen: Frozen, ahead: Mapping[Key, Sequence[Stop]]) -> Iterator[str]:
    for route in state.routes:
        key = route.technician, route.shift
        stops = ahead.get(key, route.ahead)
        count = frozen.counts[key]
        if tuple(stops[:count]) != route.ahead[:count]:
            yield f"fixed stops of {route.technician} moved"
        if key in frozen.closed and any(stop.visit is not None for stop in stops[count:]):
            yield f"{route.technician} gets nothing new and got a visit"
        if key not in frozen.turned:
            going = [stop for stop in route.ahead if stop.is_under_way]
            if [stop for stop in stops if stop.is_under_way] != going:
                yield f"what is under way at {route.technician} changed"
        if not {stop.visit for stop in route.ahead if stop.visit in frozen.kept} <= {
            stop.visit for stop in stops
        }:
            yield f"a frozen visit left {route.technician}"


def _once(state: LiveState, decision: Decision) -> Iterator[str]:
    """Yield visits with too many people, with too few of a crew, or with an outlet as well."""
    people: dict[str, list[str]] = {}
    for (technician, _), stops in decision.ahead.items():
        for stop in stops:
            if stop.visit is not None:
                people.setdefault(stop.visit, []).append(technician)
    outlets = [visit for visit, _ in decision.contracted]
    size = {visit.id: visit.crew_size for visit in state.day.visits}
    over = set(state.canceled) | {visit for visit, _ in state.contracted_done}
    for visit, who in people.items():
        if len(set(who)) < len(who) or len(who) > size.get(visit, 0):
            yield f"{visit} is given to {', '.join(who)}"
        if visit in outlets:
            yield f"{visit} is given to a technician and to an outlet"
    for visit in {*people, *outlets} & over:
        yield f"{visit} is over"
    if len(set(outlets)) < len(outlets):
        yield "a visit is given to two outlets"
