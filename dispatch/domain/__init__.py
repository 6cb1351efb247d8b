"""The words of the service network, as frozen pydantic models."""

from dispatch.domain.day import Day, Settings
from dispatch.domain.outlet import ContractedCapacity, OpeningHours, Outlet
from dispatch.domain.part import PartNeed, Stock
from dispatch.domain.place import Place
from dispatch.domain.plan import (
    Choice,
    ContractedService,
    CostBreakdown,
    DayPlan,
    PartFill,
    PlanRoute,
    PlanStatus,
    PlanStop,
    QuarantinedVisit,
    Reason,
    UnassignedVisit,
    Waiver,
)
from dispatch.domain.prices import Prices
from dispatch.domain.promise import Promise
from dispatch.domain.remedy import Remedy, RemedyKind, RemedyRoute
from dispatch.domain.technician import Break, Shift, Skill, Technician
from dispatch.domain.traffic import AreaFactor, SpeedRow, Traffic
from dispatch.domain.visit import Customer, Link, Pin, Priority, SkillNeed, Told, Visit

__all__ = [
    "AreaFactor",
    "Break",
    "Choice",
    "ContractedCapacity",
    "ContractedService",
    "CostBreakdown",
    "Customer",
    "Day",
    "DayPlan",
    "Link",
    "OpeningHours",
    "Outlet",
    "PartFill",
    "PartNeed",
    "Pin",
    "Place",
    "PlanRoute",
    "PlanStatus",
    "PlanStop",
    "Prices",
    "Priority",
    "Promise",
    "QuarantinedVisit",
    "Reason",
    "Remedy",
    "RemedyKind",
    "RemedyRoute",
    "Settings",
    "Shift",
    "Skill",
    "SkillNeed",
    "SpeedRow",
    "Stock",
    "Technician",
    "Told",
    "Traffic",
    "UnassignedVisit",
    "Visit",
    "Waiver",
]
