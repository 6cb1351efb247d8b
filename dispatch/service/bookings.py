"""Appointments: the best windows for many customers; held until a moment, booked or released."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.domain.decision import Decided, SlotHeld, SlotReleased
from dispatch.domain.disruption import VisitAdded, VisitCanceled
from dispatch.domain.event import Fact
from dispatch.live.bounds import kept_promises, with_latest
from dispatch.live.freeze import NOTHING, Freeze
from dispatch.live.store import Request, Writer
from dispatch.planning.slots import Slot, SlotRequest, make_visit, rank_slots, try_names
from dispatch.service.choosing import decided_now, names_of
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.emergency import find_options
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.prepared import Prepared, with_visit, with_visits
from dispatch.service.standing import Hold, Standing
from dispatch.service.view import DayView


class Bookings:
    """Appointments over the days of a store.

    Parameters
    ----------
    days
        The days.
    """

    def __init__(self, days: LiveDays) -> None:
        self._days = days

    def slots(
        self,
        day_ids: Sequence[str],
        asked: Sequence[SlotRequest],
        top: int,
        among: Mapping[str, Collection[str]],
    ) -> dict[str, tuple[Slot, ...]]:
        """Return the best windows; see `dispatch.service.desk.Desk.slots`."""
        found: dict[str, list[Slot]] = {one.id: [] for one in asked}
        for day in day_ids:
            for slot in self._on(day, asked, among.get(day)):
                found[slot.request].append(slot)
        return {
            name: tuple(sorted(slots, key=lambda s: (s.cost_fen, s.earliest))[:top])
            for name, slots in found.items()
        }

    def _on(
        self, day: str, asked: Sequence[SlotRequest], among: Collection[str] | None
    ) -> list[Slot]:
        self.expire(day)
        view = self._days.view(day)
        tries = try_names(view.state.day, asked, view.state.now)
        if not tries:
            return []
        base = view.prepared(divert=False)
        p = with_visits(base, [visit for _, visit in tries.values()], self._days.roads)
        kept = kept_promises(p.rest, p.projection) | set(tries)
        problem = with_latest(p.t, p.rest, kept)
        barred = {p.vehicle_of(key) for key in p.illegal}
        if among is not None:
            barred |= {j for j, one in enumerate(p.t.lines) if one.technician.id not in among}
        return list(rank_slots(p.t, problem, p.solution, tries, asked, barred=frozenset(barred)))

    def hold(
        self,
        slot: Slot,
        asked: SlotRequest,
        hold: str,
        lasts: timedelta,
        request: Request,
        *,
        among: Collection[str] | None = None,
    ) -> Recorded:
        """Keep a window free; see `dispatch.service.desk.Desk.hold`."""
        self.expire(slot.day)
        view = self._days.view(slot.day)
        visit = make_visit(asked, (slot.earliest, slot.latest))
        prepared = with_visit(view.prepared(divert=False), visit, self._days.roads)
        prepared = _keeping(prepared, visit.id)
        options = (
            one
            for one in find_options(prepared, visit.id, 10, _without(view, among))
            if one.technician is not None
            and one.lateness_s == 0
            and not one.dropped
            and all(eta.lateness_s <= eta.lateness_before_s for eta in one.etas)
        )
        option = next(options, None)
        if option is None:
            words = "nobody who keeps it and all other promises", "a window that can be kept"
            hint = "Ask for the windows again."
            raise refuse(DeskCode.NO_SUCH_OPTION, f"window of {visit.id}", *words, hint)
        before = {(r.technician, r.shift): names_of(r) for r in view.state.routes}

        def facts(standing: Standing, writer: Writer) -> Sequence[Fact]:
            decided = Decided(
                happened_at=request.at,
                origin="slot",
                routes=option.routes,
                contracted=option.contracted,
                told=option.told,
            )
            since = list(writer.events(slot.day, after=view.sequence))
            return (
                VisitAdded(happened_at=request.at, visit=visit),
                decided_now(standing.state, decided, before, since, [visit]),
                SlotHeld(
                    happened_at=request.at,
                    hold=hold,
                    visit=visit.id,
                    expires_at=request.at + lasts,
                ),
            )

        return self._days.command(slot.day, facts, request)

    def book(self, day: str, hold: str, request: Request) -> Recorded:
        """Make a held window an appointment; see `dispatch.service.desk.Desk.book`."""

        def facts(standing: Standing, _: Writer) -> Sequence[Fact]:
            held = _get_hold(standing, hold)
            if held.expires_at <= request.at:
                found, expected = f"expired at {held.expires_at.isoformat()}", "a hold that lasts"
                raise refuse(DeskCode.HOLD_EXPIRED, f"hold {hold}", found, expected)
            return [SlotReleased(happened_at=request.at, hold=hold, booked=True)]

        return self._days.command(day, facts, request)

    def release(self, day: str, hold: str, request: Request) -> Recorded:
        """Give a held window back; see `dispatch.service.desk.Desk.release`."""

        def facts(standing: Standing, _: Writer) -> Sequence[Fact]:
            return _released(_get_hold(standing, hold), request.at)

        return self._days.command(day, facts, request)

    def expire(self, day: str) -> int:
        """Give back every window whose hold has expired; return how many there were."""
        view, now = self._days.view(day), self._days.now()
        over = [one for one in view.standing.holds.values() if one.expires_at <= now]
        for one in over:
            # The event of the hold names the request: whoever comes second changes nothing.
            content = f"expire the hold of event {one.sequence}"
            asked = Request(id=f"expire-{one.sequence}", by="desk", at=now, content=content)
            self._days.command(day, _Expiry(one, now), asked)
        return len(over)


def _without(view: DayView, among: Collection[str] | None) -> Freeze:
    """Return that everybody but some technicians is left alone."""
    if among is None:
        return NOTHING
    every = (one.id for one in view.state.day.technicians)
    return Freeze(technicians=tuple(one for one in every if one not in among))


def _keeping(prepared: Prepared, visit: str) -> Prepared:
    """Return the same where a window, and every promise that is kept now, must be kept."""
    kept = kept_promises(prepared.rest, prepared.projection) | {visit}
    problem = with_latest(prepared.t, prepared.rest, kept)
    return replace(prepared, t=replace(prepared.t, problem=problem), guest=None)


@dataclass(frozen=True, slots=True)
class _Expiry:
    """Releases one hold, unless somebody did."""

    hold: Hold
    now: datetime

    def __call__(self, standing: Standing, _: Writer) -> Sequence[Fact]:
        return _released(self.hold, self.now) if self.hold.id in standing.holds else ()


def _get_hold(standing: Standing, hold: str) -> Hold:
    found = standing.holds.get(hold)
    if found is None:
        words = "no such hold", "one that was not booked or released"
        raise refuse(DeskCode.HOLD_UNKNOWN, f"hold {hold}", *words)
    return found


def _released(held: Hold, at: datetime) -> list[Fact]:
    return [
        VisitCanceled(happened_at=at, visit=held.visit, reason="appointment not taken"),
        SlotReleased(happened_at=at, hold=held.id),
    ]
