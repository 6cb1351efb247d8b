"""Emergencies over the store: options, a search that may better them, and the choice."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.domain import Priority, Visit
from dispatch.domain.decision import Decided
from dispatch.domain.disruption import EmergencyRaised, VisitAdded
from dispatch.domain.event import Fact
from dispatch.domain.travel_document import write_travel
from dispatch.domain.work_facts import WorkStepTaken
from dispatch.domain.work_order import StepDetails, StepKind, WorkOrder
from dispatch.domain.work_steps import next_steps
from dispatch.live.freeze import Freeze
from dispatch.live.store import Request, Writer
from dispatch.service.choosing import decided_now, names_of
from dispatch.service.codes import DeskCode, conflict, refuse
from dispatch.service.emergency import (
    EmergencyOptions,
    Mode,
    RouteBefore,
    find_options,
    numbered,
    read_clocks,
    with_clock,
)
from dispatch.service.improvement import Improvement, Searching
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.options import Option, touched
from dispatch.service.prepared import Prepared, with_visit
from dispatch.service.ranking import ranked, reached_by
from dispatch.service.standing import Standing
from dispatch.service.view import DayView


class Emergencies:
    """Emergencies of the days of a store.

    Parameters
    ----------
    days
        The days.
    """

    def __init__(self, days: LiveDays) -> None:
        self._days = days

    def prepare(self, day: str, mode: Mode) -> None:
        """Make a day ready; see `dispatch.service.desk.Desk.prepare`."""
        prepared = self._days.view(day).prepared(divert=mode == "soonest")
        prepared.make_ready()

    def options(
        self, day: str, visit: Visit, mode: Mode, top: int, freeze: Freeze
    ) -> EmergencyOptions:
        """Return ways to serve a visit; see `dispatch.service.desk.Desk.emergency`."""
        view = self._days.view(day)
        prepared = self._prepared(view, visit, mode)
        found = find_options(prepared, visit.id, top, freeze)
        return self._answer(view, visit, mode, found)

    def improve(
        self, day: str, options: EmergencyOptions, search: Searching, top: int, freeze: Freeze
    ) -> EmergencyOptions:
        """Return better ways; see `dispatch.service.desk.Desk.improve`."""
        view = self._days.view(day)
        visit, mode = options.visit, options.mode
        prepared = self._prepared(view, visit, mode)
        made_for = options.version, options.sequence, options.as_of
        found: list[Option] = list(options.options)
        if made_for != (view.version, view.sequence, view.state.now):
            found = list(find_options(prepared, visit.id, top, freeze))
        by = reached_by(found[0], visit) if found else None
        asked = Improvement(
            state=prepared.state,
            projection=prepared.projection,
            travel=write_travel(prepared.table),
            visit=visit.id,
            divert=mode == "soonest",
            freeze=freeze,
            by=by,
        )
        more = search(asked)
        if more is not None and all(more.routes != one.routes for one in found):
            found.append(more)
        return self._answer(view, visit, mode, numbered(ranked(found, visit)[:top]))

    def _prepared(self, view: DayView, visit: Visit, mode: Mode) -> Prepared:
        base = view.prepared(divert=mode == "soonest")
        if any(one.id == visit.id for one in view.state.day.visits):
            if visit.id not in view.state.open:
                found, expected = "somebody has it", "a visit nobody has"
                raise refuse(DeskCode.NOT_AHEAD, f"visit {visit.id}", found, expected)
            return base
        return with_visit(base, visit, self._days.roads)

    def _answer(
        self, view: DayView, visit: Visit, mode: Mode, found: Sequence[Option]
    ) -> EmergencyOptions:
        order = _order_of(view.standing, visit.id)
        clocks = read_clocks(visit, order, view.state.day.standards, view.state.now)
        keys = {key for option in found for key in touched(option)}
        before = tuple(
            RouteBefore(technician=one.technician, shift=one.shift, stops=names_of(one))
            for one in view.state.routes
            if (one.technician, one.shift) in keys
        )
        return EmergencyOptions(
            day=view.day_id,
            version=view.version,
            sequence=view.sequence,
            as_of=view.state.now,
            mode=mode,
            visit=visit,
            known=any(one.id == visit.id for one in view.state.day.visits),
            clocks=clocks,
            options=with_clock(found, clocks),
            routes_before=before,
        )

    def choose(
        self, day: str, options: EmergencyOptions, index: int, request: Request, why: str
    ) -> Recorded:
        """Decide; see `dispatch.service.desk.Desk.choose`."""
        if not 0 <= index < len(options.options):
            expected = f"0 to {len(options.options) - 1}" if options.options else "none: no options"
            raise refuse(DeskCode.NO_SUCH_OPTION, "option", str(index), expected)
        option, visit = options.options[index], options.visit
        before = {(one.technician, one.shift): one.stops for one in options.routes_before}

        def facts(standing: Standing, writer: Writer) -> Sequence[Fact]:
            state = standing.state
            known = any(one.id == visit.id for one in state.day.visits)
            since = list(writer.events(day, after=options.sequence))
            if known and visit.id not in state.open:
                holders = ", ".join(r.technician for r in state.holders(visit.id)) or "nobody"
                by = since[-1].by if since else "somebody"
                raise conflict(
                    DeskCode.TAKEN,
                    f"visit {visit.id}",
                    f"decided already: {holders}, by {by}",
                    "a visit nobody has",
                    "Look at the day again.",
                )
            decided = Decided(
                happened_at=request.at,
                origin="emergency",
                routes=option.routes,
                contracted=option.contracted,
                told=option.told,
                why=why,
            )
            decided = decided_now(state, decided, before, since, [visit])
            raised: list[Fact] = []
            if not known:
                kind = EmergencyRaised if visit.priority is Priority.EMERGENCY else VisitAdded
                raised.append(kind(happened_at=request.at, visit=visit))
            return (*raised, decided, *_sent(standing, option, visit.id, request))

        return self._days.command(day, facts, request)


def _order_of(standing: Standing, visit: str) -> WorkOrder | None:
    return next((o for o in standing.orders.values() if o.request.visit == visit), None)


def _sent(standing: Standing, option: Option, visit: str, request: Request) -> list[Fact]:
    """Return the step of the work order that sends the technician, where there is an order."""
    order = _order_of(standing, visit)
    if order is None or option.technician is None or StepKind.DISPATCH not in next_steps(order):
        return []
    details = StepDetails(technicians=(option.technician,))
    return [
        WorkStepTaken(
            order=order.id, step=StepKind.DISPATCH, happened_at=request.at, details=details
        )
    ]
