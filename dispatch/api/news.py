"""News of a live day as the API takes them: every kind that somebody outside may report."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dispatch.domain.disruption import (
    AddressCorrected,
    AppointmentMoved,
    ContractedFinished,
    CustomerAbsent,
    EmergencyRaised,
    OutletClosed,
    PartArrived,
    PartMissing,
    TechnicianArrived,
    TechnicianBack,
    TechnicianDeparted,
    TechnicianLate,
    TechnicianSeen,
    TechnicianSick,
    TrafficChanged,
    VisitAdded,
    VisitCanceled,
    VisitOverran,
    WorkFinished,
    WorkStarted,
)

AnyHappening = Annotated[
    VisitAdded
    | EmergencyRaised
    | VisitCanceled
    | AppointmentMoved
    | AddressCorrected
    | VisitOverran
    | WorkFinished
    | CustomerAbsent
    | PartMissing
    | PartArrived
    | TechnicianLate
    | TechnicianSick
    | TechnicianBack
    | TechnicianSeen
    | TrafficChanged
    | OutletClosed
    | TechnicianDeparted
    | TechnicianArrived
    | WorkStarted
    | ContractedFinished,
    Field(discriminator="kind"),
]
"""Any news; ``kind`` says which."""
