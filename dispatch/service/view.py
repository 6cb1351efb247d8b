"""A live day to look at: facts and decisions at once, the projection when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime

from dispatch.domain import DayPlan
from dispatch.domain.travel_table import TravelTable
from dispatch.domain.work_order import WorkOrder
from dispatch.live.apply import wait_until
from dispatch.live.freeze import NOTHING, freeze_stops
from dispatch.live.projection import Projection, places_of
from dispatch.live.projector import Projector
from dispatch.live.rest import RestDay, rest_day
from dispatch.live.roads import Roads
from dispatch.live.state import LiveState
from dispatch.service.prepared import Prepared, prepare
from dispatch.service.standing import Hold, Standing


class DayView:
    """A day at a moment; immutable, safe between threads.

    Parameters
    ----------
    standing
        The day after its last event.
    roads
        Travel figures, asked for when they are needed.
    now
        The moment; nothing unreported happened before it.
    projector
        Of the day, where it is looked at again and again.
    """

    def __init__(
        self, standing: Standing, roads: Roads, now: datetime, projector: Projector | None = None
    ) -> None:
        self.standing = standing
        self.state: LiveState = wait_until(standing.state, now)
        """The day, its clock at the moment of the view."""
        self._roads = roads
        self._lock = threading.RLock()
        # Making a day ready takes long, and who only looks at the view does not wait for it.
        self._readying = threading.Lock()
        self._table: TravelTable | None = None
        self._projector = projector or Projector()
        self._projection: Projection | None = None
        self._rest: RestDay | None = None
        self._prepared: dict[bool, Prepared] = {}

    @property
    def day_id(self) -> str:
        """Id of the day."""
        return self.standing.day

    @property
    def version(self) -> int:
        """Version in force."""
        return self.standing.version

    @property
    def sequence(self) -> int:
        """Of the day's last event."""
        return self.standing.sequence

    @property
    def plan(self) -> DayPlan:
        """The plan the live day began with."""
        return self.standing.plan

    @property
    def orders(self) -> Mapping[str, WorkOrder]:
        """Work orders by id."""
        return self.standing.orders

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Appointments held and not expired."""
        now = self.state.now
        return tuple(hold for hold in self.standing.holds.values() if hold.expires_at > now)

    @property
    def table(self) -> TravelTable:
        """Travel figures of every place of the state."""
        with self._lock:
            if self._table is None:
                self._table = self._roads.table(self.state.day, places_of(self.state))
            return self._table

    @property
    def projection(self) -> Projection:
        """The rest of the day; computed once.

        Raises
        ------
        InvalidRequest
            D7203: the day has traffic and the roads know none.
        """
        with self._lock:
            if self._projection is None:
                self._projection = self._projector.project(self.state, self.table)
            return self._projection

    @property
    def rest(self) -> RestDay:
        """The rest of the day to decide about, what is under way kept; made once."""
        with self._lock:
            if self._rest is None:
                frozen = freeze_stops(self.state, self.projection, NOTHING)
                self._rest = rest_day(self.state, self.projection, frozen, self.table)
            return self._rest

    def prepared(self, *, divert: bool = False) -> Prepared:
        """Return the day ready for questions; made once.

        Parameters
        ----------
        divert
            Who is on the way may be sent elsewhere.
        """
        with self._readying:
            if divert not in self._prepared:
                made = prepare(self.state, self.projection, self.table, divert=divert)
                self._prepared[divert] = made
            return self._prepared[divert]
