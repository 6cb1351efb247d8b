"""The rest of every shift: where the fixed part ends, when, and what limits are left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.domain import Break, Place, Shift, Technician
from dispatch.live.course import Course, Facts, is_same
from dispatch.live.freeze import Frozen
from dispatch.live.projection import Eta, RouteKey
from dispatch.live.state import LiveRoute, Stop, breaks_of
from dispatch.planning.shifts import ShiftLine


@dataclass(frozen=True, slots=True)
class RestRoute:
    """What of a route is fixed, and what is not.

    Attributes
    ----------
    technician, shift
        Which.
    prefix
        Fixed stops ahead.
    rest
        The other stops ahead, in their order.
    breaks
        Breaks that are left, in order.
    closed
        Nothing can be decided here.
    out
        The technician is out already: somewhere, at a moment.
    shift_left
        The rest of the shift.
    """

    technician: str
    shift: int
    prefix: tuple[Stop, ...]
    rest: tuple[Stop, ...]
    breaks: tuple[Stop, ...]
    closed: bool
    out: bool
    shift_left: Shift

    @property
    def key(self) -> RouteKey:
        """Technician and shift."""
        return self.technician, self.shift


@dataclass(frozen=True, slots=True)
class _End:
    """Where and when the fixed part of a route ends."""

    place: Place
    free: int
    out: bool


def rest_routes(
    facts: Facts, etas: Mapping[RouteKey, Sequence[Eta]], frozen: Frozen
) -> tuple[RestRoute, ...]:
    """Return the rest of every route, in the order of the state."""
    by_key = {(route.technician, route.shift): route for route in facts.state.routes}
    made: dict[RouteKey, RestRoute] = {}
    for technician in facts.day.technicians:
        floor = 0
        for number in sorted(
            range(len(technician.shifts)), key=lambda i: technician.shifts[i].start
        ):
            key = technician.id, number
            one = _Rest(facts, by_key[key], etas.get(key, ()), frozen, floor)
            made[key] = one.route()
            floor = max(floor, one.until)
    return tuple(made[key] for key in by_key)


class _Rest:
    """Works out the rest of one route."""

    def __init__(
        self, facts: Facts, route: LiveRoute, etas: Sequence[Eta], frozen: Frozen, floor: int
    ) -> None:
        self._facts, self._route, self._etas, self._floor = facts, route, etas, floor
        self._key = route.technician, route.shift
        self._count = frozen.counts[self._key]
        self._is_closed = self._key in frozen.closed
        self._turned = self._key in frozen.turned
        self._line: ShiftLine = facts.lines[self._key]
        self.until = 0
        """Before this second no later shift of the technician begins."""

    def route(self) -> RestRoute:
        """Return it."""
        route, facts = self._route, self._facts
        end = self._end()
        latest = facts.clock.horizon_end
        if self._is_closed or not self._line.works or end.free >= latest:
            prefix = route.ahead[: self._count]
            if self._etas:
                self.until = facts.second(self._etas[-1].end)
            return self._made(end, prefix, closed=True, left=self._shut())
        breaks = self._breaks_left(end)
        left = self._left(end, breaks)
        if end.out:
            self.until = self._back(end, left.breaks)
        return self._made(end, route.ahead[: self._count], breaks, left=left)

    def _made(
        self,
        end: _End,
        prefix: Sequence[Stop],
        breaks: Sequence[Stop] = (),
        *,
        left: Shift,
        closed: bool = False,
    ) -> RestRoute:
        fixed = {id(stop) for stop in prefix}
        rest = [stop for stop in self._route.ahead if id(stop) not in fixed]
        back = {"departed_at": None} if self._turned else {}
        return RestRoute(
            technician=self._route.technician,
            shift=self._route.shift,
            prefix=tuple(prefix),
            rest=tuple(s.model_copy(update=back) if back and s.departed_at else s for s in rest),
            breaks=tuple(
                s.model_copy(update=back) if back and s.departed_at else s for s in breaks
            ),
            closed=closed,
            out=end.out,
            shift_left=left,
        )

    def _shut(self) -> Shift:
        """Return a shift in which nothing can be done, at its own time."""
        shift = self._line.technician.shifts[self._route.shift]
        return Shift(start=shift.start, end=shift.end, max_visits=0)

    def _end(self) -> _End:
        facts, route = self._facts, self._route
        place, free = Course(facts, route, {}).ready()
        moved = any(past.stop.kind != "break" for past in route.past)
        fixed = route.ahead[: self._count]
        if fixed:
            free = max(free, facts.second(self._etas[self._count - 1].end))
            points = [stop for stop in fixed if stop.kind != "break"]
            if points:
                place, moved = self._place(points[-1]), True
        seen = route.here is not None and facts.now >= self._line.earliest
        out = moved or self._turned or seen
        home = self._line.technician
        if not out and home.start is None and home.outlet is not None:
            free = facts.after_closures(home.outlet, free)
        return _End(place if out else self._line.start, max(free, self._floor), out)

    def _place(self, stop: Stop) -> Place:
        if stop.visit is not None:
            return self._facts.visits[stop.visit].place
        if stop.kind == "pickup" and stop.outlet is not None:
            return self._facts.outlets[stop.outlet].place
        return self._line.end

    def _breaks_left(self, end: _End) -> list[Stop]:
        """Return the breaks that are neither past nor fixed; who is idle at home has had them."""
        route = self._route
        gone = [past.stop for past in route.past] + list(route.ahead[: self._count])
        had = {_window(stop) for stop in gone if stop.kind == "break"}
        due = {_window(s): s for s in route.ahead[self._count :] if s.kind == "break"}
        left = []
        for pause in breaks_of(self._line, self._facts.clock):
            window = _window(pause)
            if window in due:
                left.append(due[window])
            elif window not in had and self._closes(pause) >= end.free:
                left.append(pause)
        return left

    def _closes(self, pause: Stop) -> int:
        return 0 if pause.closes is None else self._facts.clock.floor(pause.closes)

    def _opens(self, pause: Stop) -> int:
        return 0 if pause.opens is None else self._facts.second(pause.opens)

    def _left(self, end: _End, breaks: Sequence[Stop]) -> Shift:
        facts, line = self._facts, self._line
        moment = facts.clock.moment
        # Who is out may be so after the end of the shift; who is not has no shift left then.
        last = line.latest if end.out else max(line.latest, end.free + 1)
        return Shift(
            start=moment(end.free),
            end=moment(last),
            breaks=tuple(self._pauses(end.free, breaks)),
            out_at=end.place if end.out else None,
            max_overtime_s=max(0, line.latest + line.overtime_s - last),
            **self._limits(),
        )

    def _pauses(self, free: int, breaks: Sequence[Stop]) -> Iterator[Break]:
        """Yield the breaks; one that is overdue may still be taken first of all."""
        moment, soonest, earliest = self._facts.clock.moment, free, 0
        for pause in breaks:
            opens, closes = self._opens(pause), max(self._closes(pause), soonest)
            own = min(max(opens, free), closes) if self._closes(pause) < soonest else opens
            earliest = max(own, earliest)  # in their order, however late
            yield Break(
                earliest=moment(earliest), latest=moment(closes), duration_s=pause.duration_s
            )
            soonest = max(soonest, opens) + pause.duration_s

    def _back(self, end: _End, pauses: Sequence[Break]) -> int:
        """Return when a technician who goes straight back is there, breaks that are due taken."""
        facts, leaves = self._facts, end.free
        profile, home = self._line.technician.profile, self._line.end
        for pause in pauses:
            drive = facts.drive_s(profile, end.place, home, leaves) or 0
            if leaves + drive <= facts.clock.floor(pause.latest):
                break
            leaves = max(leaves, facts.second(pause.earliest)) + pause.duration_s
        return leaves + (facts.drive_s(profile, end.place, home, leaves) or 0)

    def _limits(self) -> dict[str, Any]:
        """Return what is left of the most the shift may do."""
        person, shift = self._line.technician, self._line.technician.shifts[self._route.shift]
        most = {
            name: getattr(person, name) if getattr(shift, name) is None else getattr(shift, name)
            for name in ("max_visits", "max_distance_m", "max_driving_s")
        }
        if all(limit is None for limit in most.values()):
            return {}
        visits, meters, seconds = self._done()
        spent = {"max_visits": visits, "max_distance_m": meters, "max_driving_s": seconds}
        return {
            name: max(0, limit - spent[name]) for name, limit in most.items() if limit is not None
        }

    def _done(self) -> tuple[int, int, int]:
        """Return visits, meters and seconds on the way that are past or fixed."""
        facts, profile = self._facts, self._line.technician.profile
        visits = meters = seconds = 0
        for origin, target, leaves, stop in legs_until(facts, self._route, self._etas, self._count):
            visits += stop.visit is not None
            if is_same(origin, target):
                continue
            leg = facts.travel.leg(profile, origin, target)
            meters += leg[1] if leg is not None else 0
            seconds += facts.drive_s(profile, origin, target, leaves) or 0
        return visits, meters, seconds


def _window(stop: Stop) -> tuple[object, object, int]:
    return stop.opens, stop.closes, stop.duration_s


def legs_until(
    facts: Facts, route: LiveRoute, etas: Sequence[Eta], count: int
) -> Iterator[tuple[Place, Place, int, Stop]]:
    """Yield origin, destination, second of setting out and stop of every way past or fixed."""
    line = facts.lines[route.technician, route.shift]
    here, free = line.start, line.earliest
    for past in route.past:
        if past.stop.kind != "break":
            leaves = past.stop.departed_at
            yield here, past.place, free if leaves is None else facts.second(leaves), past.stop
            here = past.place
        free = facts.second(past.ended_at)
    for stop, eta in zip(route.ahead[:count], etas, strict=False):
        if stop.kind != "break":
            place = line.end
            if stop.visit is not None:
                place = facts.visits[stop.visit].place
            elif stop.kind == "pickup" and stop.outlet is not None:
                place = facts.outlets[stop.outlet].place
            yield here, place, free if eta.leaves is None else facts.second(eta.leaves), stop
            here = place
        free = facts.second(eta.end)


def carried(
    facts: Facts, technician: Technician, etas: Mapping[RouteKey, Sequence[Eta]], frozen: Frozen
) -> dict[str, int]:
    """Return what a person has worked and driven by the end of what is fixed, earlier days too."""
    settings = facts.day.settings
    if settings.fair_work_s is None and settings.fair_distance_m is None:
        return {}
    work, meters = technician.carried_work_s, technician.carried_distance_m
    for route in facts.state.routes:
        if route.technician != technician.id:
            continue
        key = route.technician, route.shift
        count = frozen.counts[key]
        own = etas.get(key, ())
        legs = list(legs_until(facts, route, own, count))
        if not legs:
            continue
        meters += sum(_meters(facts, technician, one, other) for one, other, _, _ in legs)
        last = own[count - 1].end if count else route.past[-1].ended_at
        pauses = sum(p.stop.duration_s for p in route.past if p.stop.kind == "break")
        pauses += sum(s.duration_s for s in route.ahead[:count] if s.kind == "break")
        work += max(0, facts.second(last) - legs[0][2] - pauses)
    return {"carried_work_s": work, "carried_distance_m": meters}


def _meters(facts: Facts, technician: Technician, origin: Place, target: Place) -> int:
    leg = None if is_same(origin, target) else facts.travel.leg(technician.profile, origin, target)
    return leg[1] if leg is not None else 0
