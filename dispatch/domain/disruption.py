"""What happens on a live day, as facts of its log: changes, and news from the technicians.

A fact has the moment it happened; the event around it (`dispatch.domain.event.Event`) has the
moment it was recorded, by whom, and the request it belongs to.
"""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from dispatch.domain.base import Id, Model, Seconds
from dispatch.domain.event import EventKinds, Fact, UtcMoment
from dispatch.domain.part import PartNeed
from dispatch.domain.place import Place
from dispatch.domain.promise import Promise
from dispatch.domain.traffic import AreaFactor
from dispatch.domain.visit import Priority, Visit


class Happening(Fact):
    """Something that happened at a moment of the day."""

    happened_at: UtcMoment


class VisitAdded(Happening):
    """A customer asks for one more visit; nobody has it yet."""

    kind: Literal["visit_added"] = "visit_added"
    visit: Visit


class EmergencyRaised(Happening):
    """An emergency came in; nobody has it yet."""

    kind: Literal["emergency_raised"] = "emergency_raised"
    visit: Visit

    @model_validator(mode="after")
    def _emergency(self) -> Self:
        if self.visit.priority is not Priority.EMERGENCY:
            raise ValueError("the visit is no emergency")
        return self


class VisitCanceled(Happening):
    """A visit is not wanted any more."""

    kind: Literal["visit_canceled"] = "visit_canceled"
    visit: Id
    reason: str = Field(default="", max_length=1000)


class AppointmentMoved(Happening):
    """Another appointment was agreed; the promises replace those of the visit."""

    kind: Literal["appointment_moved"] = "appointment_moved"
    visit: Id
    promises: tuple[Promise, ...]


class AddressCorrected(Happening):
    """The visit is somewhere else; ``access_s`` None leaves the walk as it was."""

    kind: Literal["address_corrected"] = "address_corrected"
    visit: Id
    place: Place
    access_s: Seconds | None = None


class PartMissing(Happening):
    """A part the visit needs is not where the plan takes it from."""

    kind: Literal["part_missing"] = "part_missing"
    visit: Id
    part: Id


class PartArrived(Happening):
    """Parts came in: for a visit that lacked one, or into the stock of an outlet."""

    kind: Literal["part_arrived"] = "part_arrived"
    part: PartNeed
    visit: Id | None = None
    outlet: Id | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.visit is None and self.outlet is None:
            raise ValueError("neither a visit nor an outlet")
        return self


class TechnicianLate(Happening):
    """A technician cannot go on before a moment."""

    kind: Literal["technician_late"] = "technician_late"
    technician: Id
    until: UtcMoment


class TechnicianSick(Happening):
    """A technician stops working; what is not done yet needs somebody else."""

    kind: Literal["technician_sick"] = "technician_sick"
    technician: Id


class TechnicianBack(Happening):
    """A technician who stopped works again."""

    kind: Literal["technician_back"] = "technician_back"
    technician: Id


class TechnicianSeen(Happening):
    """Where a technician is."""

    kind: Literal["technician_seen"] = "technician_seen"
    technician: Id
    place: Place


class TrafficChanged(Happening):
    """An area is slower (or faster) for a while."""

    kind: Literal["traffic_changed"] = "traffic_changed"
    area: AreaFactor


class OutletClosed(Happening):
    """An outlet is closed for a while: no pick-ups, nobody leaves from it."""

    kind: Literal["outlet_closed"] = "outlet_closed"
    outlet: Id
    start: UtcMoment
    end: UtcMoment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("the closure ends before it begins")
        return self


class Progress(Happening):
    """News from a technician about a visit, or about the next stop of another kind.

    Attributes
    ----------
    what
        ``end`` is the end place of the shift.
    visit
        Which, where ``what`` is a visit.
    """

    technician: Id
    what: Literal["visit", "break", "pickup", "end"] = "visit"
    visit: Id | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.what == "visit") is not (self.visit is not None):
            raise ValueError("a visit is named where, and only where, the news is about one")
        return self


class TechnicianDeparted(Progress):
    """A technician sets out for it."""

    kind: Literal["technician_departed"] = "technician_departed"


class TechnicianArrived(Progress):
    """A technician is there, at the door."""

    kind: Literal["technician_arrived"] = "technician_arrived"


class WorkStarted(Progress):
    """A technician begins it."""

    kind: Literal["work_started"] = "work_started"


class WorkFinished(Progress):
    """A technician is done with it, early or late."""

    kind: Literal["work_finished"] = "work_finished"


class VisitOverran(Happening):
    """A visit takes longer (or shorter) than thought: when it will be over."""

    kind: Literal["visit_overran"] = "visit_overran"
    technician: Id
    visit: Id
    ends_at: UtcMoment


class CustomerAbsent(Happening):
    """Nobody opened; the technician goes on."""

    kind: Literal["customer_absent"] = "customer_absent"
    technician: Id
    visit: Id


class ContractedFinished(Happening):
    """A contracted outlet reports a visit done."""

    kind: Literal["contracted_finished"] = "contracted_finished"
    visit: Id


LIVE_KINDS: Final = EventKinds.of(
    VisitAdded,
    EmergencyRaised,
    VisitCanceled,
    AppointmentMoved,
    AddressCorrected,
    VisitOverran,
    WorkFinished,
    CustomerAbsent,
    PartMissing,
    PartArrived,
    TechnicianLate,
    TechnicianSick,
    TechnicianBack,
    TechnicianSeen,
    TrafficChanged,
    OutletClosed,
    TechnicianDeparted,
    TechnicianArrived,
    WorkStarted,
    ContractedFinished,
)
"""What a log says about a live day."""


class Closure(Model):
    """An outlet closed between two moments."""

    outlet: Id
    start: UtcMoment
    end: UtcMoment
