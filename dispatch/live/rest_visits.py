"""Visits that are still to be decided, as the rest of the day owes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.domain import Link, Pin, Promise, Visit
from dispatch.live.course import Facts
from dispatch.live.freeze import Frozen
from dispatch.live.projection import Eta
from dispatch.live.rest_shifts import RestRoute
from dispatch.live.state import Outcome


@dataclass(slots=True)
class RestVisits:
    """What became of the visits of a day.

    Attributes
    ----------
    visits
        Those to decide, in the order of the day.
    stranded
        Open ones that come after one that is over without having been done.
    latest
        By visit, the last second of an arrival that keeps a gap to something fixed.
    renamed
        Visits whose promises were written anew.
    """

    visits: list[Visit] = field(default_factory=list)
    stranded: list[str] = field(default_factory=list)
    latest: dict[str, int] = field(default_factory=dict)
    renamed: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Span:
    """Work at a visit that is past or fixed."""

    start: int
    end: int
    technician: str
    is_first: bool


def rest_visits(
    facts: Facts,
    routes: Sequence[RestRoute],
    etas: Mapping[tuple[str, str], Eta],
    frozen: Frozen,
    *,
    contracted: frozenset[str],
    keep: bool,
) -> RestVisits:
    """Return the visits to decide.

    Parameters
    ----------
    etas
        By visit and technician.
    contracted
        Visits of contracted outlets that may be given to somebody else.
    keep
        Who has a visit keeps it.
    """
    return _Visits(facts, routes, etas, frozen, contracted, keep=keep).made()


class _Visits:
    def __init__(
        self,
        facts: Facts,
        routes: Sequence[RestRoute],
        etas: Mapping[tuple[str, str], Eta],
        frozen: Frozen,
        contracted: frozenset[str],
        *,
        keep: bool,
    ) -> None:
        self._facts, self._etas, self._frozen, self._keep = facts, etas, frozen, keep
        self._fixed = self._spans(routes)
        self._holders: dict[str, list[tuple[int, str]]] = {}
        for route in routes:
            for stop in route.rest:
                if stop.visit is not None:
                    own = self._holders.setdefault(stop.visit, [])
                    own.append((stop.crew, route.technician))
        state = facts.state
        self._wanted = set(self._holders) | set(state.open) | contracted
        self._wanted -= set(self._fixed) | set(state.canceled) | set(state.set_aside)
        self._wanted -= set(state.open) & frozen.kept

    def _spans(self, routes: Sequence[RestRoute]) -> dict[str, list[_Span]]:
        facts = self._facts
        spans: dict[str, list[_Span]] = {}
        for live in facts.state.routes:
            for past in live.past:
                if past.stop.visit is not None and past.outcome is Outcome.DONE:
                    end = facts.second(past.ended_at)
                    start = (
                        end
                        if past.stop.started_at is None
                        else (facts.second(past.stop.started_at))
                    )
                    one = _Span(start, end, live.technician, past.stop.crew <= 1)
                    spans.setdefault(past.stop.visit, []).append(one)
        for route in routes:
            for stop in route.prefix:
                if stop.visit is not None:
                    eta = self._etas[stop.visit, route.technician]
                    start, end = facts.second(eta.start), facts.second(eta.end)
                    one = _Span(start, end, route.technician, stop.crew <= 1)
                    spans.setdefault(stop.visit, []).append(one)
        return spans

    def made(self) -> RestVisits:
        """Return the visits."""
        found = RestVisits()
        lost = self._lost()
        found.stranded = sorted(lost)
        for visit in self._facts.day.visits:
            if visit.id in self._wanted and visit.id not in lost:
                found.visits.append(self._visit(visit, found))
        return found

    def _lost(self) -> set[str]:
        """Return open visits that come after one nobody will do."""
        alive = self._wanted | set(self._fixed)
        lost: set[str] = set()
        while True:
            more = {
                visit.id
                for visit in self._facts.day.visits
                if visit.id in self._wanted - lost - set(self._holders)
                and any(link.after in lost or link.after not in alive for link in visit.links)
            }
            if not more:
                return lost
            lost |= more

    def _visit(self, visit: Visit, found: RestVisits) -> Visit:
        update: dict[str, Any] = {}
        if visit.links:
            update |= self._unlinked(visit, found)
        update |= self._pinned(visit, update.get("pin", visit.pin), found)
        holders = [name for _, name in sorted(self._holders.get(visit.id, ()))]
        if holders and (self._keep or visit.id in self._frozen.kept):
            update["required"] = tuple(dict.fromkeys(holders))
            update["excluded"] = tuple(one for one in visit.excluded if one not in holders)
            if visit.crew_size > 1 and update.get("pin", visit.pin) is None:
                update["pin"] = Pin(technician=holders[0])
        return visit.model_copy(update=update) if update else visit

    def _unlinked(self, visit: Visit, found: RestVisits) -> dict[str, Any]:
        """Turn links to what is past or fixed into windows, pins and exclusions."""
        links: list[Link] = []
        opens, closes = 0, None
        update: dict[str, Any] = {}
        for link in visit.links:
            if link.after in self._wanted:
                links.append(link)
            spans = self._fixed.get(link.after, ())
            for span in spans:
                opens = max(opens, span.end + link.min_gap_s)
                if link.max_gap_s is not None:
                    last = span.end + link.max_gap_s
                    closes = last if closes is None else min(closes, last)
            if spans and link.same_technician is not None:
                update |= _person(visit, link, spans)
        update["links"] = tuple(links)
        if closes is not None:
            found.latest[visit.id] = closes
        lines = self._facts.windows(visit)
        pinned = visit.pin is not None and visit.pin.arrival is not None
        if opens and not pinned and (visit.promises or any(line.name is None for line in lines)):
            update["promises"] = self._from_then_on(visit, opens)
            found.renamed.add(visit.id)
        return update

    def _from_then_on(self, visit: Visit, opens: int) -> tuple[Promise, ...]:
        moment, end = self._facts.clock.moment, self._facts.clock.horizon_end
        spans = (
            (line.name, min(max(line.earliest, opens), end), min(max(line.latest, opens), end))
            for line in self._facts.windows(visit)
        )
        return tuple(
            Promise(id=name, earliest=moment(begin), latest=moment(max(begin, last)))
            for name, begin, last in spans
        )

    def _pinned(self, visit: Visit, pin: Pin | None, found: RestVisits) -> dict[str, Any]:
        """Return the pins of a visit that keeps its time; one whose time is missed becomes late."""
        holders = sorted(self._holders.get(visit.id, ()))
        eta = self._etas.get((visit.id, holders[0][1])) if holders else None
        if visit.id in self._frozen.kept and eta is not None:
            return {"pin": Pin(technician=holders[0][1], arrival=eta.arrival)}
        if pin is None or pin.arrival is None:
            return {}
        arrival: datetime = pin.arrival
        missed = eta is not None and eta.arrival != arrival
        if not missed and arrival >= self._facts.state.now:
            return {}
        found.renamed.add(visit.id)
        kept = None if pin.technician is None else Pin(technician=pin.technician)
        names = [line.name for line in self._facts.windows(visit)]
        promise = Promise(id=next(iter(names), None), earliest=arrival, latest=arrival)
        return {"pin": kept, "promises": (promise,), "days": ()}


def _person(visit: Visit, link: Link, spans: Sequence[_Span]) -> dict[str, Any]:
    """Return who may go because of who did, or will do, the visit before it."""
    if link.same_technician:
        first = next((span.technician for span in spans if span.is_first), None)
        if first is None:
            return {}
        arrival = visit.pin.arrival if visit.pin is not None else None
        return {"pin": Pin(technician=first, arrival=arrival)}
    people = (span.technician for span in spans)
    return {"excluded": tuple(dict.fromkeys((*visit.excluded, *people)))}
