"""The live days of a store, each folded once and kept; every command goes through here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.domain import Day, DayPlan
from dispatch.domain.event import DayRevised, Event, Fact, Undone
from dispatch.errors import Conflict
from dispatch.live.projector import Projector
from dispatch.live.revision import LiveRevision, compare_states
from dispatch.live.roads import Roads
from dispatch.live.store import Reader, Receipt, Request, Store, Writer
from dispatch.live.store.codes import StoreCode, fault
from dispatch.service.standing import Standing, after_event, caught_up, read_standing
from dispatch.service.view import DayView

Facts = Callable[[Standing, Writer], Sequence[Fact]]
"""Decides, in the transaction and with the day up to date, what to record."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command left behind.

    Attributes
    ----------
    receipt
        Its events.
    before, after
        The day before and after; projections are made when they are asked for. Of a command that
        was repeated both are the day as it is now.
    """

    receipt: Receipt
    before: DayView
    after: DayView

    @property
    def sequence(self) -> int:
        """Of the day's last event."""
        return self.after.sequence

    def revision(self) -> LiveRevision:
        """Return moved arrivals, freed visits and new dangers; costs two projections."""
        return compare_states(
            self.sequence,
            (self.before.state, self.before.table),
            (self.after.state, self.after.table),
        )


@dataclass(slots=True)
class _Kept:
    lock: threading.RLock = field(default_factory=threading.RLock)
    standing: Standing | None = None
    view: DayView | None = None
    projector: Projector = field(default_factory=Projector)


class LiveDays:
    """The days of a store.

    Parameters
    ----------
    store
        Where they are kept.
    roads
        Travel figures.
    now
        The clock.
    """

    def __init__(self, store: Store, roads: Roads, now: Callable[[], datetime]) -> None:
        self.store, self.roads, self.now = store, roads, now
        self._days: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def open(self, day: Day, plan: DayPlan, request: Request) -> DayView:
        """Bring a day and its published plan to the store."""

        def work(writer: Writer) -> None:
            writer.open_day(day)
            writer.revise(day.id, expected=1, plan=plan, reason="published")

        self.store.execute(request, work)
        return self.view(day.id)

    def view(self, day: str) -> DayView:
        """Return a day as it stands now.

        Raises
        ------
        StoreError
            S2001: no such day; S2005: it has no plan.
        """
        kept = self._kept(day)
        with kept.lock:
            standing = self._refreshed(kept, day)
            # A whole minute, so that looking twice costs one projection; nothing ahead is early.
            moment = self.now().replace(second=0, microsecond=0)
            view = kept.view
            if view is None or view.standing is not standing or view.state.now < moment:
                view = kept.view = DayView(standing, self.roads, moment, kept.projector)
            return view

    def command(
        self,
        day: str,
        facts: Facts,
        request: Request,
        *,
        expected: int | None = None,
        also: Callable[[Writer], None] | None = None,
    ) -> Recorded:
        """Record what ``facts`` decides; all of it or nothing.

        Parameters
        ----------
        expected
            Sequence of the day the command was made for; None = any.
        also
            Puts a version in force in the same command.

        Raises
        ------
        Conflict
            S2003: something happened since ``expected``, or ``facts`` says so.
        InvalidRequest
            D91xx: what is recorded does not fit the day.
        """
        kept = self._kept(day)
        found: list[Standing] = []

        def work(writer: Writer) -> None:
            current = kept.standing
            current = read_standing(writer, day) if current is None else caught_up(current, writer)
            found[:] = [current]
            if expected is not None and current.sequence != expected:
                raise stale(writer.get_event(current.sequence), expected)
            for fact in facts(current, writer):
                if request.may is not None:
                    request.may(fact)
                current = after_event(current, writer.record(day, fact))
            if also is not None:
                also(writer)
                for event in writer.events(day, after=current.sequence):
                    current = after_event(current, event)
            found.append(current)

        with kept.lock:
            receipt = self.store.execute(request, work)
            if receipt.repeated:
                view = self.view(day)
                return Recorded(receipt, view, view)
            before, kept.standing = found
            moment = max(before.state.now, request.at)
            views = [DayView(one, self.roads, moment, kept.projector) for one in found]
            kept.view = views[1]
            return Recorded(receipt, views[0], views[1])

    def undo(
        self,
        day: str,
        sequences: Sequence[int],
        request: Request,
        *,
        expected: int | None,
        reason: str,
    ) -> Recorded:
        """Undo events of a day, in this order, if the rest of the log fits without them."""
        kept = self._kept(day)
        found: list[Standing] = []

        def work(writer: Writer) -> None:
            known = kept.standing
            before = read_standing(writer, day) if known is None else caught_up(known, writer)
            found[:] = [before]
            if expected is not None and found[0].sequence != expected:
                raise stale(writer.get_event(found[0].sequence), expected)
            if request.may is not None:
                for fact in _undone_by(writer, sequences):
                    request.may(fact)
            for sequence in sequences:
                version = writer.get_day(day).version
                writer.undo(sequence, expected=version, reason=reason)
            found.append(read_standing(writer, day))

        with kept.lock:
            receipt = self.store.execute(request, work)
            if receipt.repeated:
                view = self.view(day)
                return Recorded(receipt, view, view)
            kept.standing = found[1]
            views = [DayView(one, self.roads, request.at, kept.projector) for one in found]
            kept.view = views[1]
            return Recorded(receipt, views[0], views[1])

    def check_expected(self, view: DayView, expected: int | None) -> None:
        """Refuse what was decided for an earlier moment of the day.

        Raises
        ------
        Conflict
            S2003.
        """
        if expected is not None and view.sequence != expected:
            with self.store.read() as reader:
                raise stale(reader.get_event(view.sequence), expected)

    def _refreshed(self, kept: _Kept, day: str) -> Standing:
        with self.store.read() as reader:
            old = kept.standing
            kept.standing = read_standing(reader, day) if old is None else caught_up(old, reader)
            return kept.standing

    def _kept(self, day: str) -> _Kept:
        with self._lock:
            return self._days.setdefault(day, _Kept())


def _undone_by(reader: Reader, sequences: Sequence[int]) -> list[Fact]:
    """Return what stops to hold, or holds again, if some events are undone.

    A version that came with other facts says nothing they do not say.
    """
    facts = []
    for sequence in sequences:
        what = reader.get_event(sequence).what
        while isinstance(what, Undone):
            what = reader.get_event(what.undoes).what
        facts.append(what)
    return [one for one in facts if not isinstance(one, DayRevised)] or facts


def stale(last: Event, expected: int) -> Conflict:
    """Return the conflict of a command made for an earlier moment of the day; names who and what.

    Parameters
    ----------
    last
        What happened meanwhile.
    """
    found = f"event {last.sequence} ({last.what.kind}) by {last.by}"
    words = f"event {expected} as the last, which the change was made for"
    hint = "Look at the day again and decide again."
    return Conflict([fault(StoreCode.CONFLICT, f"day {last.day}", found, words, hint)])
