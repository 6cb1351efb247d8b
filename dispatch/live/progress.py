"""News from technicians: setting out, arriving, beginning, being done; late, sick, back, seen.

A technician may skip a report, and may take visits in another order than planned: a fact is a fact.
What was planned before it stays ahead. Nobody is at two places: news about one stop while work at
another is under way is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dispatch.domain.disruption import (
    CustomerAbsent,
    Progress,
    TechnicianArrived,
    TechnicianBack,
    TechnicianDeparted,
    TechnicianLate,
    TechnicianSeen,
    TechnicianSick,
    VisitOverran,
    WorkFinished,
    WorkStarted,
)
from dispatch.live.codes import LiveCode
from dispatch.live.edit import (
    dropped,
    freed,
    get_visit,
    over,
    place_of,
    refuse,
    routes_of,
    with_route,
    with_routes,
    without,
)
from dispatch.live.state import LiveRoute, LiveState, Outcome, Stop


def _moments(route: LiveRoute) -> Iterator[datetime]:
    stops = [*(past.stop for past in route.past), *route.ahead]
    for stop in stops:
        for moment in (stop.departed_at, stop.arrived_at, stop.started_at):
            if moment is not None:
                yield moment
    yield from (past.ended_at for past in route.past)


def _check_present(state: LiveState, technician: str, moment: datetime) -> None:
    """Refuse news of somebody away, and news older than the last of that technician."""
    routes, where = routes_of(state, technician), f"technician {technician}"
    if any(route.away for route in routes):
        hint = "Report the technician back first."
        raise refuse(LiveCode.AWAY, where, "away", "a technician at work", hint)
    last = max((one for route in routes for one in _moments(route)), default=moment)
    if moment < last:
        expected = f"at or after the last news of {last.isoformat()}"
        raise refuse(LiveCode.OUT_OF_ORDER, where, moment.isoformat(), expected)


def _find(state: LiveState, fact: Progress) -> tuple[LiveRoute, Stop]:
    """Return the stop the news is about, and its route.

    Raises
    ------
    InvalidRequest
        D9102, D9103, D9106 to D9108, D9110, D9112, D9118.
    """
    _check_present(state, fact.technician, fact.happened_at)
    routes = [r for r in routes_of(state, fact.technician) if not r.is_over or r.ahead]
    for route in routes:
        for stop in route.ahead:
            if stop.kind == fact.what and stop.visit == fact.visit:
                _check_free(routes, stop, fact)
                return route, stop
    if fact.visit is not None:
        get_visit(state, fact.visit)
        own = [r for r, _ in state.past_of(fact.visit) if r.technician == fact.technician]
        if own:
            found = "past already"
            raise refuse(LiveCode.VISIT_OVER, f"visit {fact.visit}", found, "a visit ahead")
    what = fact.visit or fact.what
    where = f"technician {fact.technician}"
    ahead = [stop.visit or stop.kind for route in routes for stop in route.ahead]
    expected = f"one of {', '.join(ahead)}" if ahead else "nothing: no stop is ahead"
    raise refuse(LiveCode.NOT_ON_ROUTE, where, what, expected)


def _check_free(routes: list[LiveRoute], stop: Stop, fact: Progress) -> None:
    working = (s for r in routes for s in r.ahead if s.started_at is not None and s is not stop)
    busy = next(working, None)
    if busy is not None:
        where, found = f"technician {fact.technician}", f"at work at {busy.visit or busy.kind}"
        hint = "Report that finished first."
        raise refuse(LiveCode.BUSY, where, found, "a technician who is free", hint)
    again = {
        TechnicianDeparted: stop.is_under_way,
        TechnicianArrived: stop.arrived_at is not None or stop.started_at is not None,
        WorkStarted: stop.started_at is not None,
    }
    if again.get(type(fact), False):
        where = f"technician {fact.technician} {stop.visit or stop.kind}"
        raise refuse(LiveCode.VISIT_BEGUN, where, "reported already", "news")


def _turned(state: LiveState, route: LiveRoute, stop: Stop, moment: datetime) -> LiveRoute:
    """Return the route with the way to any other stop given up; a break is no way."""
    for other in route.ahead:
        if other is stop or stop.kind == "break" or not other.is_under_way:
            continue
        update = {"departed_at": None, "arrived_at": None}
        ahead = tuple(s.model_copy(update=update) if s is other else s for s in route.ahead)
        if other.arrived_at is not None:
            place = place_of(state, route, other)
            route = route.model_copy(update={"here": place, "here_at": moment})
        route = route.model_copy(update={"ahead": ahead})
    return route


def depart(state: LiveState, fact: TechnicianDeparted) -> LiveState:
    """Return the state with the technician on the way."""
    route, stop = _find(state, fact)
    route = _turned(state, route, stop, fact.happened_at)
    gone = stop.model_copy(update={"departed_at": fact.happened_at})
    return with_route(state, _first(route, stop, gone))


def arrive(state: LiveState, fact: TechnicianArrived) -> LiveState:
    """Return the state with the technician at the stop; at the end place the shift is over."""
    route, stop = _find(state, fact)
    route = _turned(state, route, stop, fact.happened_at)
    there = stop.model_copy(update={"arrived_at": fact.happened_at})
    if stop.kind == "end":
        return _home(state, _swapped(route, stop, there), there, fact.happened_at)
    return with_route(state, _first(route, stop, there))


def _swapped(route: LiveRoute, stop: Stop, news: Stop) -> LiveRoute:
    ahead = tuple(news if one is stop else one for one in route.ahead)
    return route.model_copy(update={"ahead": ahead})


def _home(state: LiveState, route: LiveRoute, stop: Stop, moment: datetime) -> LiveState:
    """Return the state with a shift over: breaks may follow, visits not done are open."""
    left = over(state, route, stop, moment, Outcome.DONE)
    breaks = tuple(
        one.model_copy(update={"at_next": False}) for one in left.ahead if one.kind == "break"
    )
    state = with_route(state, left.model_copy(update={"ahead": breaks}))
    for other in left.ahead:
        if other.visit is not None:
            state = _released(state, other.visit, moment)
    return state


def _first(route: LiveRoute, stop: Stop, news: Stop) -> LiveRoute:
    """Put a stop before all others but the breaks that may still be taken on arrival."""
    ahead = route.ahead
    count = next(i for i, one in enumerate(ahead) if one is stop or one.kind != "break")
    breaks = (one.model_copy(update={"at_next": True}) for one in ahead[:count])
    rest = without(ahead[count:], stop)
    return route.model_copy(update={"ahead": (*breaks, news, *rest)})


def start(state: LiveState, fact: WorkStarted) -> LiveState:
    """Return the state with the technician at work."""
    route, stop = _find(state, fact)
    route = _turned(state, route, stop, fact.happened_at)
    begun = stop.model_copy(update={"started_at": fact.happened_at})
    return with_route(state, _front(route, stop, begun))


def _front(route: LiveRoute, stop: Stop, begun: Stop) -> LiveRoute:
    """Put a stop before all others; breaks it overtakes are taken after it, where it is."""
    position = next(i for i, one in enumerate(route.ahead) if one is stop)
    overtaken = tuple(
        one.model_copy(update={"at_next": False})
        if one.kind == "break" and stop.kind != "break"
        else one
        for one in route.ahead[:position]
    )
    ahead = (begun, *overtaken, *route.ahead[position + 1 :])
    return route.model_copy(update={"ahead": ahead})


def finish(state: LiveState, fact: WorkFinished) -> LiveState:
    """Return the state with the stop past, and the technician free."""
    route, stop = _find(state, fact)
    route = _turned(state, route, stop, fact.happened_at)
    if stop.kind == "end":
        return _home(state, route, stop, fact.happened_at)
    done = over(state, route, stop, fact.happened_at, Outcome.DONE)
    if stop.kind != "break":
        done = _overtaken(route, stop, done)
    lacks = tuple(one for one in state.lacks if one.visit != fact.visit)
    return with_route(state, done).model_copy(update={"lacks": lacks})


def _overtaken(before: LiveRoute, stop: Stop, after: LiveRoute) -> LiveRoute:
    """Let breaks that stood before a finished stop be taken where it was."""
    front = before.ahead[: before.ahead.index(stop)]
    ids = {id(one) for one in front if one.kind == "break"}
    ahead = tuple(
        one.model_copy(update={"at_next": False}) if id(one) in ids else one for one in after.ahead
    )
    return after.model_copy(update={"ahead": ahead})


def overrun(state: LiveState, fact: VisitOverran) -> LiveState:
    """Return the state with another end of the work under way."""
    get_visit(state, fact.visit)
    routes_of(state, fact.technician)
    for route in state.routes:
        for stop in route.ahead:
            mine = route.technician == fact.technician and stop.visit == fact.visit
            if mine and stop.started_at is not None:
                longer = stop.model_copy(update={"ends_at": fact.ends_at})
                ahead = tuple(longer if s is stop else s for s in route.ahead)
                return with_route(state, route.model_copy(update={"ahead": ahead}))
    where, found = f"visit {fact.visit}", f"{fact.technician} is not at work there"
    raise refuse(LiveCode.NOT_UNDER_WAY, where, found, "work under way", "Report it started first.")


def absent(state: LiveState, fact: CustomerAbsent) -> LiveState:
    """Return the state with the visit past and not done; the rest of a crew is free."""
    news = WorkFinished(technician=fact.technician, visit=fact.visit, happened_at=fact.happened_at)
    route, stop = _find(state, news)
    route = _turned(state, route, stop, fact.happened_at)
    gone = over(state, route, stop, fact.happened_at, Outcome.NOT_DONE)
    state = with_route(state, _overtaken(route, stop, gone))
    state = with_routes(state, lambda one: dropped(state, one, fact.visit, fact.happened_at))
    lacks = tuple(one for one in state.lacks if one.visit != fact.visit)
    return state.model_copy(update={"lacks": lacks})


def late(state: LiveState, fact: TechnicianLate) -> LiveState:
    """Return the state with the technician held up."""
    routes_of(state, fact.technician)
    held = {"not_before": fact.until}
    return with_routes(
        state, lambda r: r.model_copy(update=held) if r.technician == fact.technician else r
    )


def sick(state: LiveState, fact: TechnicianSick) -> LiveState:
    """Return the state without the technician; what is not done is open."""
    routes = routes_of(state, fact.technician)
    if any(route.away for route in routes):
        where = f"technician {fact.technician}"
        raise refuse(LiveCode.AWAY, where, "away already", "a technician at work")
    mine = [s.visit for r in routes for s in r.ahead if s.visit is not None]
    for route in routes:
        left = route
        for stop in route.ahead:
            if stop.arrived_at is not None or stop.started_at is not None:
                left = over(state, left, stop, fact.happened_at, Outcome.NOT_DONE)
        away = {"ahead": (), "away": True, "here": None, "here_at": None}
        state = with_route(state, left.model_copy(update=away))
    for visit in dict.fromkeys(mine):
        # A crew goes all together or not at all; members at work finish what they can.
        state = _released(state, visit, fact.happened_at)
    return state


def _released(state: LiveState, visit: str, moment: datetime) -> LiveState:
    before = state
    state = with_routes(state, lambda route: dropped(before, route, visit, moment))
    done = [past for _, past in state.past_of(visit) if past.outcome is Outcome.DONE]
    return state if done else freed(state, visit)


def back(state: LiveState, fact: TechnicianBack) -> LiveState:
    """Return the state with the technician at work again, without visits."""
    routes = routes_of(state, fact.technician)
    if not any(route.away for route in routes):
        where = f"technician {fact.technician}"
        raise refuse(LiveCode.NOT_AWAY, where, "at work", "a technician who is away")
    again = {"away": False, "not_before": fact.happened_at}
    return with_routes(
        state, lambda r: r.model_copy(update=again) if r.technician == fact.technician else r
    )


def seen(state: LiveState, fact: TechnicianSeen) -> LiveState:
    """Return the state with a position; at a stop the stop says it better."""
    for route in routes_of(state, fact.technician):
        stops = [s for s in route.ahead if s.arrived_at is not None or s.started_at is not None]
        if route.is_over or not route.ahead:
            continue
        if stops or (route.here_at is not None and fact.happened_at < route.here_at):
            return state
        here = {"here": fact.place, "here_at": fact.happened_at}
        return with_route(state, route.model_copy(update=here))
    return state
