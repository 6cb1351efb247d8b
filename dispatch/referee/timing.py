"""Give times to a route of which only the order is known.

The promise of each visit and the place of each break are the cheapest ones, found exactly: labels
(illegal acts, price, free at) are extended along the order and dominated ones dropped. A label
that is free no later, no dearer and no less legal stays so under every continuation, because
docs/semantics.md lets nobody gain by being free later (waiting is allowed everywhere, nobody
overtakes).

An order that cannot be kept legally is timed anyway: the fewest illegal acts, then the least
price; the judge names them. Limits of a shift are judged, not aimed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product

from dispatch.domain import Outlet, Place, PlanRoute, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.breaks import BreakRule, required_breaks
from dispatch.referee.course import Leg, TimedBreak, Trace, latest_departure, trace
from dispatch.referee.eligibility import is_first, service_s
from dispatch.referee.facts import Facts, WorkingTime
from dispatch.referee.legs import find_way
from dispatch.referee.out import way_back
from dispatch.referee.pickups import openings_of
from dispatch.referee.pricing import late_fen, later_fen
from dispatch.referee.promises import Owed, owed
from dispatch.referee.roads import Road
from dispatch.referee.shift import max_overtime_s
from dispatch.referee.together import Start
from dispatch.referee.writing import Draft, Served, write_route


@dataclass(frozen=True, slots=True)
class Call:
    """One visit of an order, with the outlets where parts are picked up on the way to it.

    Attributes
    ----------
    number
        Of the technician in the crew; 0 alone.
    """

    visit: Visit
    points: tuple[Outlet, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A way to have served the first visits of the order.

    Attributes
    ----------
    illegal
        Rules broken so far.
    fen
        Lateness minus the pay saved by leaving late and by breaks; the return adds the rest.
    free
        When the technician is free at the last visit, seconds.
    breaks
        How many breaks are taken, in their order.
    """

    illegal: int
    fen: Fraction
    free: int
    breaks: int
    draft: Draft

    def rank(self) -> tuple[int, Fraction, int]:
        """Return what is compared first to last."""
        return self.illegal, self.fen, self.free


@dataclass(frozen=True, slots=True)
class Line:
    """All that is needed to time one technician's shift.

    Attributes
    ----------
    least
        Earliest start of work where a crew or a link sets it.
    """

    facts: Facts
    travel: TravelTable
    technician: Technician
    shift: int
    time: WorkingTime
    breaks: tuple[BreakRule, ...]
    second_fen: Fraction
    overtime_fen: Fraction
    least: Mapping[Start, int]

    def road(self, origin: Place | None, destination: Place | None) -> Road:
        """Return the leg; one of nothing where there is no way (the judge reports it)."""
        none = Road(0, (0,), (0,))
        if origin is None or destination is None:
            return none
        return find_way(self.travel, self.technician.profile, origin, destination).road or none


def _line(
    facts: Facts,
    travel: TravelTable,
    technician: Technician,
    shift: int,
    least: Mapping[Start, int],
) -> Line:
    prices, span = facts.day.prices, technician.shifts[shift]
    hour, over = technician.hour_fen, technician.overtime_hour_fen
    time = facts.working_time(technician, span)
    return Line(
        facts,
        travel,
        technician,
        shift,
        time,
        required_breaks(facts, span),
        Fraction(prices.work_per_hour if hour is None else hour, 3600),
        Fraction(prices.overtime_per_hour if over is None else over, 3600),
        least,
    )


def timed_route(
    facts: Facts,
    travel: TravelTable,
    technician: Technician,
    visits: Sequence[Visit],
    shift: int = 0,
) -> PlanRoute:
    """Return the cheapest earliest schedule that serves the visits in this order.

    Parameters
    ----------
    visits
        At least one, in the order they are served; each is served alone.
    shift
        Which shift of the technician.

    Raises
    ------
    ValueError
        If there are no visits: an unused technician has no route.
    """
    calls = [Call(visit) for visit in visits]
    draft = draft_route(facts, travel, (technician, shift), calls)
    return write_route(facts, travel, draft, {})


def draft_route(
    facts: Facts,
    travel: TravelTable,
    who: tuple[Technician, int],
    calls: Sequence[Call],
    least: Mapping[Start, int] | None = None,
) -> Draft:
    """Return the cheapest promises and places of breaks for an order.

    Parameters
    ----------
    who
        The technician and which shift.
    least
        Earliest start of work where a crew or a link sets it.

    Raises
    ------
    ValueError
        If there are no calls and the technician is not out already: no visits, no route.
    """
    technician, shift = who
    line = _line(facts, travel, technician, shift, least or {})
    if not calls:
        return _straight(line).draft
    labels: list[Label] = list(_first(line, calls[0]))
    for call in calls[1:]:
        labels = [new for label in _kept(labels) for new in _next(line, label, call)]
    finals = [final for label in _kept(labels) for final in _home(line, label)]
    return min(finals, key=Label.rank).draft


def _straight(line: Line) -> Label:
    """Return the way of who is out already straight to the end place."""
    if line.technician.shifts[line.shift].out_at is None:
        raise ValueError(f"technician {line.technician.id} has no visits and therefore no route")
    begin = line.time.shift_start
    draft = Draft(line.technician, line.shift, (), begin, begin, (), (), ())
    start = Label(0, -line.second_fen * begin, begin, 0, draft)
    return min(_home(line, start), key=Label.rank)


def _kept(labels: Iterable[Label]) -> list[Label]:
    """Drop labels another one beats at the same number of breaks."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda one: (one.breaks, *one.rank())):
        beaten = any(
            one.breaks == label.breaks
            and one.illegal <= label.illegal
            and one.fen <= label.fen
            and one.free <= label.free
            for one in kept
        )
        if not beaten:
            kept.append(label)
    return kept


def _ways(
    line: Line, origin: Place | None, call: Call, taken: int, *, leaving: bool = False
) -> Iterator[tuple[tuple[Leg, ...], int]]:
    """Yield every way to drive to a visit: places of breaks, openings; breaks taken by then."""
    places: list[Place | None] = [origin, *(o.place for o in call.points), call.visit.place]
    roads = [line.road(one, other) for one, other in pairwise(places)]
    # A shift may go on past midnight.
    days = [one for one in line.facts.dates if 0 <= (one - line.time.date).days <= 1]
    openings = [openings_of(line.facts, point, days) or ((0, -1),) for point in call.points]
    for chosen in product(*openings):
        for breaks, upto in _places(line, roads, taken, leaving=leaving):
            legs = []
            for number, road in enumerate(roads):
                leg = Leg(road, breaks[number])
                if number < len(call.points):
                    lasts = line.facts.day.settings.pickup_s
                    point = call.points[number]
                    leg = replace(leg, opening=chosen[number], lasts=lasts, point=point)
                legs.append(leg)
            yield tuple(legs), upto


def _places(
    line: Line, roads: Sequence[Road], taken: int, *, leaving: bool
) -> Iterator[tuple[tuple[tuple[TimedBreak, ...], ...], int]]:
    """Yield which breaks are taken before and after the travel of each leg."""
    if not roads:
        yield (), taken
        return
    still = max(roads[0].seconds) == 0
    for here in range(taken, len(line.breaks) + 1):
        if leaving and here > taken:
            return
        for there in range(here, len(line.breaks) + 1):
            if still and not leaving and there > here:
                # Without travel "there" is "here"; a break then is written before the leg.
                break
            rests = tuple(TimedBreak(rule, at_next=False) for rule in line.breaks[taken:here])
            rests += tuple(TimedBreak(rule, at_next=True) for rule in line.breaks[here:there])
            for others, upto in _places(line, roads[1:], there, leaving=False):
                yield (rests, *others), upto


def _arrivals(
    line: Line, call: Call, reached: int
) -> Iterator[tuple[int, int, int, Fraction, Owed]]:
    """Yield (arrival, free, illegal, fen, choice) for each promise that may be kept."""
    lasts = service_s(line.technician, call.visit)
    every = owed(line.facts, call.visit)
    for choice in every or owed(line.facts, call.visit, any_day=True):
        arrival = max(reached, choice.earliest)
        price = late_fen(line.facts, call.visit, choice, arrival)
        if is_first(call.number):
            price += later_fen(line.facts, call.visit, arrival)
        start = max(arrival, line.least.get((call.visit.id, line.technician.id), arrival))
        yield arrival, start + lasts, int(arrival > choice.limit), price, choice


def _first(line: Line, call: Call) -> Iterator[Label]:
    """Yield the ways to serve the first visit; the technician leaves as late as that allows."""
    shift = line.technician.shifts[line.shift]
    origin, access = line.facts.start_place(line.technician, shift), call.visit.access_s
    is_out = shift.out_at is not None
    for home in range(1 if is_out else len(line.breaks) + 1):
        ready, bad_home = line.time.shift_start, 0
        for rule in line.breaks[:home]:
            bad_home += ready > rule.latest
            ready = max(ready, rule.earliest) + rule.duration_s
        ready = max(ready, line.time.leaves_from)
        for legs, upto in _ways(line, origin, call, home, leaving=not is_out):
            driven = trace(ready, legs)
            for arrival, free, late, fen, choice in _arrivals(line, call, driven.reached + access):
                departure = ready
                if not is_out:
                    departure = max(ready, latest_departure(arrival - access, legs))
                paid = fen - line.second_fen * (departure + driven.rest_s)
                served = (_served(line, call, legs, choice),)
                draft = Draft(
                    line.technician,
                    line.shift,
                    line.breaks[:home],
                    line.time.shift_start,
                    ready,
                    served,
                    (),
                    (),
                )
                yield Label(bad_home + driven.illegal + late, paid, free, upto, draft)


def _served(line: Line, call: Call, legs: tuple[Leg, ...], choice: Owed) -> Served:
    lasts = service_s(line.technician, call.visit)
    return Served(legs, call.visit, choice, call.number, lasts)


def _saved(line: Line, driven: Trace) -> Fraction:
    return line.second_fen * driven.rest_s


def _next(line: Line, label: Label, call: Call) -> Iterator[Label]:
    origin = label.draft.served[-1].visit.place
    for legs, upto in _ways(line, origin, call, label.breaks):
        driven = trace(label.free, legs)
        reached = driven.reached + call.visit.access_s
        for _, free, late, fen, choice in _arrivals(line, call, reached):
            served = (*label.draft.served, _served(line, call, legs, choice))
            yield Label(
                label.illegal + driven.illegal + late,
                label.fen + fen - _saved(line, driven),
                free,
                upto,
                replace(label.draft, served=served),
            )


def _home(line: Line, label: Label) -> Iterator[Label]:
    served, shift = label.draft.served, line.technician.shifts[line.shift]
    last = served[-1].visit.place if served else line.facts.start_place(line.technician, shift)
    road = line.road(last, line.facts.end_place(line.technician))
    for upto in range(label.breaks, len(line.breaks) + 1):
        rests = tuple(TimedBreak(rule, at_next=False) for rule in line.breaks[label.breaks : upto])
        legs = (Leg(road, rests),)
        driven = trace(label.free, legs)
        end, free, bad = driven.reached, driven.reached, driven.illegal
        for rule in line.breaks[upto:]:
            bad += free > rule.latest
            free = max(free, rule.earliest) + rule.duration_s
        over = max(0, end - line.time.ends_by)
        bad += over > max_overtime_s(line.facts, line.technician, shift, line.time)
        bad += end > max(line.facts.horizon_end, way_back(line.facts, line.technician, shift).back)
        fen = label.fen - _saved(line, driven) + line.second_fen * end + line.overtime_fen * over
        draft = replace(label.draft, home=legs, trailing=line.breaks[upto:])
        yield Label(label.illegal + bad, fen, end, len(line.breaks), draft)


def timed_plan(
    facts: Facts, travel: TravelTable, routes: Iterable[tuple[Technician, int, Sequence[Visit]]]
) -> tuple[PlanRoute, ...]:
    """Return timed routes for (technician, shift, visits in order); empty orders are left out."""
    return tuple(
        timed_route(facts, travel, technician, visits, shift)
        for technician, shift, visits in routes
        if visits
    )
