"""Give times to a route of which only the order is known.

The promise of each visit and the place of each break are the cheapest ones, found exactly: labels
(illegal acts, price, free at) are extended along the order and dominated ones dropped. A label
that is free no later, no dearer and no less legal stays so under every continuation, because
docs/semantics.md lets nobody gain by being free later (waiting is allowed everywhere).

An order that cannot be kept legally is timed anyway: the fewest illegal acts, then the least
price; the judge names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dispatch.domain import Place, PlanRoute, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.breaks import BreakRule, required_breaks
from dispatch.referee.facts import Facts, WorkingTime
from dispatch.referee.legs import find_way
from dispatch.referee.pricing import late_fen
from dispatch.referee.promises import owed
from dispatch.referee.writing import Act, write_route


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
    acts: tuple[Act, ...]

    def rank(self) -> tuple[int, Fraction, int]:
        """Return what is compared first to last."""
        return self.illegal, self.fen, self.free


@dataclass(frozen=True, slots=True)
class Line:
    """All that is needed to time one technician's shift."""

    facts: Facts
    travel: TravelTable
    technician: Technician
    time: WorkingTime
    breaks: tuple[BreakRule, ...]
    second_fen: Fraction
    overtime_fen: Fraction

    def leg(self, origin: Place | None, destination: Place | None) -> tuple[int, int]:
        """Return the leg; (0, 0) where there is none (the judge reports it)."""
        if origin is None or destination is None:
            return 0, 0
        way = find_way(self.travel, self.technician.profile, origin, destination)
        return way.leg or (0, 0)


def _line(facts: Facts, travel: TravelTable, technician: Technician, shift: int) -> Line:
    prices, span = facts.day.prices, technician.shifts[shift]
    hour, over = technician.hour_fen, technician.overtime_hour_fen
    return Line(
        facts,
        travel,
        technician,
        facts.working_time(technician, span),
        required_breaks(facts, span),
        Fraction(prices.work_per_hour if hour is None else hour, 3600),
        Fraction(prices.overtime_per_hour if over is None else over, 3600),
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
        At least one, in the order they are served.
    shift
        Which shift of the technician.

    Raises
    ------
    ValueError
        If there are no visits: an unused technician has no route.
    """
    if not visits:
        raise ValueError(f"technician {technician.id} has no visits and therefore no route")
    line = _line(facts, travel, technician, shift)
    labels: list[Label] = list(_first(line, visits[0]))
    for before, visit in pairwise(visits):
        following = (new for label in _kept(labels) for new in _next(line, label, before, visit))
        labels = list(following)
    finals = [final for label in _kept(labels) for final in _home(line, label, visits[-1])]
    best = min(finals, key=Label.rank)
    return write_route(facts, travel, technician, shift, best.acts)


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


def _take(rules: Sequence[BreakRule], free: int, *, at_next: bool) -> tuple[int, int, list[Act]]:
    """Take breaks one after another; return free, illegal starts, acts."""
    illegal, acts = 0, list[Act]()
    for rule in rules:
        start = max(free, rule.earliest)
        illegal += start > rule.latest
        acts.append(Act.rest(start, rule.duration_s, at_next=at_next))
        free = start + rule.duration_s
    return free, illegal, acts


def _arrivals(line: Line, visit: Visit, reached: int) -> Iterator[tuple[int, int, Fraction, Act]]:
    """Yield (free, illegal, fen, act) for each promise the visit may be served under."""
    for choice in owed(line.facts, visit):
        arrival = max(reached, choice.earliest)
        act = Act.serve(visit, choice, reached, arrival)
        price = late_fen(line.facts, visit, choice, arrival)
        yield arrival + visit.service_s, int(arrival > choice.limit), price, act


def _first(line: Line, visit: Visit) -> Iterator[Label]:
    """Yield the ways to serve the first visit; the technician leaves as late as that allows."""
    leg_s, _ = line.leg(line.facts.start_place(line.technician), visit.place)
    total = len(line.breaks)
    for home in range(total + 1):
        ready, bad_home, leading = _take(line.breaks[:home], line.time.shift_start, at_next=False)
        ready = max(ready, line.time.leaves_from)
        for upto in range(home, total + 1):
            rules = line.breaks[home:upto]
            free, bad, _ = _take(rules, ready + leg_s, at_next=True)
            rest_s = sum(rule.duration_s for rule in rules)
            for done, late, fen, act in _arrivals(line, visit, free + visit.access_s):
                departure = max(ready, _latest(rules, act.arrival - visit.access_s) - leg_s)
                there, _, rests = _take(rules, departure + leg_s, at_next=True)
                acts = (*leading, Act.leave(departure), *rests)
                paid = fen - line.second_fen * (departure + rest_s)
                served = act.reached_at(there + visit.access_s)
                yield Label(bad_home + bad + late, paid, done, upto, (*acts, served))


def _latest(rules: Sequence[BreakRule], limit: int) -> int:
    """Return the latest moment at a place from which breaks there are over by ``limit``."""
    for rule in reversed(rules):
        limit = min(rule.latest, limit - rule.duration_s)
    return limit


def _between(
    line: Line, label: Label, leg_s: int, upto: int
) -> Iterator[tuple[int, int, Fraction, tuple[Act, ...]]]:
    """Yield the ways to travel on with breaks ``label.breaks`` to ``upto`` taken between."""
    rules = line.breaks[label.breaks : upto]
    for here in range(len(rules) + 1):
        if leg_s == 0 and here < len(rules):
            # Without travel "there" is "here"; a break then is written before the leg.
            continue
        free, bad, acts = _take(rules[:here], label.free, at_next=False)
        free, worse, more = _take(rules[here:], free + leg_s, at_next=True)
        saved = line.second_fen * sum(rule.duration_s for rule in rules)
        yield free, bad + worse, saved, (*acts, *more)


def _next(line: Line, label: Label, before: Visit, visit: Visit) -> Iterator[Label]:
    leg_s, _ = line.leg(before.place, visit.place)
    for upto in range(label.breaks, len(line.breaks) + 1):
        for free, bad, saved, acts in _between(line, label, leg_s, upto):
            for done, late, fen, act in _arrivals(line, visit, free + visit.access_s):
                yield Label(
                    label.illegal + bad + late,
                    label.fen + fen - saved,
                    done,
                    upto,
                    (*label.acts, *acts, act),
                )


def _home(line: Line, label: Label, last: Visit) -> Iterator[Label]:
    leg_s, _ = line.leg(last.place, line.facts.end_place(line.technician))
    for upto in range(label.breaks, len(line.breaks) + 1):
        rules, free = line.breaks[label.breaks : upto], label.free
        free, bad, acts = _take(rules, free, at_next=False)
        end = free + leg_s
        saved = line.second_fen * sum(rule.duration_s for rule in rules)
        _, after_bad, after = _take(line.breaks[upto:], end, at_next=False)
        over = max(0, end - line.time.ends_by)
        bad += after_bad + (over > line.technician.max_overtime_s)
        bad += end > line.facts.horizon_end
        fen = label.fen - saved + line.second_fen * end + line.overtime_fen * over
        every = (*label.acts, *acts, Act.back(end), *after)
        illegal = label.illegal + bad
        yield Label(illegal, fen, end, len(line.breaks), every)


def timed_plan(
    facts: Facts, travel: TravelTable, routes: Iterable[tuple[Technician, int, Sequence[Visit]]]
) -> tuple[PlanRoute, ...]:
    """Return timed routes for (technician, shift, visits in order); empty orders are left out."""
    return tuple(
        timed_route(facts, travel, technician, visits, shift)
        for technician, shift, visits in routes
        if visits
    )
