"""Re-plans and changes by hand over the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from dispatch.domain import Pin
from dispatch.domain.base import Id, Model
from dispatch.domain.decision import Decided, Origin, PinnedVisit
from dispatch.domain.event import Fact
from dispatch.domain.visit import Visit
from dispatch.errors import InvalidRequest
from dispatch.live.accept import ForStop, accept
from dispatch.live.decision import decision_of
from dispatch.live.diff import Diff
from dispatch.live.freeze import NOTHING, Freeze
from dispatch.live.replan import Proposal, ReplanMode, Search, propose
from dispatch.live.store import Request, Writer
from dispatch.live.whole import whole_plan
from dispatch.service.choosing import decided_now, names_of
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.moves import Allowed, Move, MovePreview, refuse_broken, work_out
from dispatch.service.standing import Standing
from dispatch.service.view import DayView

Locks = Literal["technician", "time", "both", "none"]
"""What of a visit is not to change any more."""
Publish = Callable[[Writer], None]


class ReplanRequest(Model):
    """What to plan again.

    Attributes
    ----------
    mode, freeze
        How much may change, and what may not.
    divert
        Who is on the way and has not arrived may be sent elsewhere.
    """

    mode: ReplanMode = ReplanMode.ALL
    freeze: Freeze = NOTHING
    divert: bool = False


@dataclass(frozen=True, eq=False)
class Replanned:
    """A proposal and the day it was made of.

    Attributes
    ----------
    proposal
        Its ``diff`` says what would change and who must be told.
    """

    view: DayView
    proposal: Proposal

    @property
    def diff(self) -> Diff:
        """What would change."""
        return self.proposal.diff


class Replans:
    """Re-plans, moves and locks of the days of a store.

    Parameters
    ----------
    days
        The days.
    """

    def __init__(self, days: LiveDays) -> None:
        self._days = days

    def replan(self, day: str, asked: ReplanRequest, search: Search) -> Replanned:
        """Plan again; see `dispatch.service.desk.Desk.replan`."""
        view = self._days.view(day)
        proposal = propose(
            view.state,
            view.table,
            freeze=asked.freeze,
            mode=asked.mode,
            search=search,
            projection=view.projection,
            divert=asked.divert,
        )
        return Replanned(view, proposal)

    def accept(
        self,
        replanned: Replanned,
        changes: Collection[str] | None,
        waivers: Sequence[ForStop],
        request: Request,
        why: str,
    ) -> Recorded:
        """Put a proposal in force; see `dispatch.service.desk.Desk.accept`."""
        view = replanned.view
        taken = accept(view.state, replanned.proposal, view.table, changes=changes, waivers=waivers)
        told = [one.waiver for one in waivers]
        fact = decision_of(view.state, taken.state, request.at, "replan", waivers=told, why=why)
        # The whole day as it stands goes into the store as a version, for people and doors.
        plan = whole_plan(taken.state, taken.projection, view.table, taken.plan)

        def publish(writer: Writer) -> None:
            version = writer.get_day(view.day_id).version
            writer.revise(view.day_id, expected=version, plan=plan, reason=why or "re-plan")

        return self.decide(view, fact, request, also=publish)

    def decide(
        self,
        view: DayView,
        fact: Decided,
        request: Request,
        *,
        also: Publish | None = None,
    ) -> Recorded:
        """Record a decision made for a view of the day, if its routes are as they were.

        Raises
        ------
        Conflict
            D9503: another decision was taken on one of them; says whose.
        """
        before = {(route.technician, route.shift): names_of(route) for route in view.state.routes}

        def facts(standing: Standing, writer: Writer) -> Sequence[Fact]:
            since = list(writer.events(view.day_id, after=view.sequence))
            return [decided_now(standing.state, fact, before, since)]

        return self._days.command(view.day_id, facts, request, also=also)

    def preview(self, day: str, move: Move, allowed: Sequence[Allowed]) -> MovePreview:
        """Work a move out; see `dispatch.service.desk.Desk.preview_move`."""
        return work_out(self._days.view(day), move, allowed, "preview").preview

    def move(
        self,
        day: str,
        move: Move,
        allowed: Sequence[Allowed],
        request: Request,
        *,
        origin: Origin = "move",
        expected: int | None = None,
    ) -> Recorded:
        """Move a visit; see `dispatch.service.desk.Desk.move`."""
        view = self._days.view(day)
        self._days.check_expected(view, expected)
        moved = work_out(view, move, allowed, request.by)
        refuse_broken(moved.preview)
        fact = moved.decided.model_copy(update={"happened_at": request.at, "origin": origin})
        return self.decide(view, fact, request)

    def lock(
        self, day: str, visit: str, request: Request, pin: Locks, expected: int | None
    ) -> Recorded:
        """Set or lift a lock; see `dispatch.service.desk.Desk.lock`."""
        view = self._days.view(day)
        found = next((one for one in view.state.day.visits if one.id == visit), None)
        if found is None:
            raise refuse(DeskCode.NOT_AHEAD, f"visit {visit}", "no such visit", "one of the day")
        try:
            new = PinnedVisit(visit=visit, pin=_pin(view, found, pin))
        except InvalidRequest:
            # Who saw the visit with somebody is told that the day has changed, and by whom.
            self._days.check_expected(view, expected)
            raise
        fact = Decided(happened_at=request.at, origin="lock", pins=(new,))
        return self.decide(view, fact, request)


def _pin(view: DayView, visit: Visit, hold: Locks) -> Pin | None:
    if hold == "none":
        return None
    eta = view.projection.find_eta(visit.id)
    if eta is None:
        words = "nobody has it, or it is over", "a visit that is ahead of somebody"
        raise refuse(DeskCode.NOT_AHEAD, f"visit {visit.id}", *words)
    technician: Id | None = eta.technician if hold in {"technician", "both"} else None
    return Pin(technician=technician, arrival=eta.arrival if hold in {"time", "both"} else None)
