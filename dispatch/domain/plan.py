"""A published plan: ``plan.json``, format ``servicenet-plan/1``."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.part import PartNeed


class PlanStatus(StrEnum):
    """What became of the day."""

    FEASIBLE = "feasible"
    HAS_UNASSIGNED = "has_unassigned"
    EMERGENCY_UNSERVED = "emergency_unserved"
    INFEASIBLE_INPUT = "infeasible_input"


class CostBreakdown(Model):
    """Price of a plan by component, fen; ``total`` is their sum, to the fen.

    Each component is summed exactly and rounded once (half up).
    """

    unassigned: int = 0
    lateness: int = 0
    emergency_arrival: int = 0
    work: int = 0
    overtime: int = 0
    travel: int = 0
    beyond_radius: int = 0
    over_qualified: int = 0
    not_preferred: int = 0
    not_last_technician: int = 0
    contracted: int = 0
    unfair: int = 0
    disturbed: int = 0
    total: int = 0


class Waiver(Model):
    """A soft rule somebody chose to break: who, which rule, why."""

    who: str
    rule: str
    why: str


class PlanStop(Model):
    """One line of a technician's day.

    Attributes
    ----------
    promise
        Id of the chosen promise, or its position (``"1"``, ``"2"``) where promises have no id;
        ``"arrival"`` for an emergency without appointment; None for other kinds.
    leg_s, leg_m
        Travel that ends at this stop.
    reached, arrival, start, end
        reached (at the place, access time over) <= arrival (at the door) <= start < end.
    lateness_s
        Seconds after the end of the chosen promise.
    outlet
        Responsible outlet of the visit; of a pick-up the outlet it is made at.
    parts
        Used at a visit, taken at a pick-up.
    crew
        Of a visit with several technicians: which of them this is, 1 = the first; else 0.
    beyond_radius_m
        Meters beyond that outlet's radius, by the measure that decides; 0 inside.
    """

    kind: Literal["visit", "break", "pickup", "start", "end"]
    visit: Id | None = None
    promise: str | None = None
    leg_s: int = 0
    leg_m: int = 0
    reached: Moment
    arrival: Moment
    start: Moment
    end: Moment
    lateness_s: int = 0
    outlet: Id | None = None
    beyond_radius_m: int = 0
    parts: tuple[PartNeed, ...] = ()
    crew: int = 0
    waivers: tuple[Waiver, ...] = ()
    lon: float | None = None
    lat: float | None = None


class PlanRoute(Model):
    """One technician's shift. ``start`` = leaves the start place, ``end`` = reaches the end place.

    A break taken at the start place may lie before ``start`` and one at the end place after
    ``end``; neither is paid.
    """

    technician: Id
    shift: int = 0
    outlet: Id | None = None
    start: Moment
    end: Moment
    stops: tuple[PlanStop, ...]


class ContractedService(Model):
    """Visits a contracted outlet serves with its own people.

    ``day`` is the day on which, where the horizon has several.
    """

    outlet: Id
    visits: tuple[Id, ...]
    day: date | None = None


class Reason(Model):
    """The first rule that keeps a visit off one technician (or contracted outlet).

    ``code`` is stable and documented in ``docs/reasons.md``; texts are made from it (zh/en).
    """

    technician: Id
    code: str
    found: str
    expected: str


class UnassignedVisit(Model):
    """A visit nobody serves, and why, technician by technician.

    ``earliest_date``: where parts are missing, the first day on which they could be there.
    ``remedies``: the smallest changes that would help, if they were asked for; each was tried.
    """

    visit: Id
    reasons: tuple[Reason, ...] = ()
    summary: str = ""
    summary_zh: str = ""
    remedies: tuple[str, ...] = ()
    remedies_zh: tuple[str, ...] = ()
    earliest_date: date | None = None


class Choice(Model):
    """Why this technician: the visit's share of the price, and who came second.

    Attributes
    ----------
    cost_share
        What the plan would save without this visit, fen (its penalty left out).
    runner_up
        The next best technician, None if nobody else could.
    difference
        How much more the runner-up would have cost, fen.
    """

    visit: Id
    technician: Id
    cost_share: int
    runner_up: Id | None = None
    difference: int | None = None


class QuarantinedVisit(Model):
    """A visit set aside before planning because its data cannot be trusted."""

    visit: Id
    code: str
    reason: str


class PartFill(Model):
    """Units of parts the day's visits need, and where they come from."""

    needed: int = 0
    from_van: int = 0
    picked_up: int = 0
    missing: int = 0


class DayPlan(Model):
    """The plan of a day; what people and programs read.

    Attributes
    ----------
    travel
        One line on where travel times come from; says "estimated" where they are.
    travel_hash
        Digest of the travel table the plan was made with.
    reachable_emergencies
        Share of emergencies that any qualified technician on shift could have reached within 15
        minutes; None without emergencies.
    stopped_by
        Which limit ended the search.
    part_fill
        Units of parts needed and found; None if no visit needs any.
    live_as_of
        The plan of a day under way: what lies before this moment is as reported, the rest is
        still to come. None for a plan made before the day.
    """

    format: Literal["servicenet-plan/1"] = "servicenet-plan/1"
    status: PlanStatus
    day: Id
    seed: int
    iterations: int
    runtime_s: float
    engine: str
    stopped_by: str
    estimated_travel: bool
    travel: str = ""
    travel_hash: str = ""
    cost: CostBreakdown
    routes: tuple[PlanRoute, ...] = ()
    contracted: tuple[ContractedService, ...] = ()
    unassigned: tuple[UnassignedVisit, ...] = ()
    quarantined: tuple[QuarantinedVisit, ...] = ()
    choices: tuple[Choice, ...] = ()
    reachable_emergencies: float | None = None
    part_fill: PartFill | None = None
    notes: tuple[str, ...] = ()
    live_as_of: Moment | None = None
