"""The smallest change that lets somebody serve a visit nobody serves."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.part import PartNeed
from dispatch.domain.plan import ContractedService
from dispatch.domain.promise import Promise
from dispatch.domain.visit import SkillNeed


class RemedyKind(StrEnum):
    """What is changed."""

    NOTHING = "nothing"
    """It fits as the plan stands; only somebody has to give it out."""
    WINDOW = "window"
    """A promise of the visit is made wider."""
    OVERTIME = "overtime"
    """One technician may be back later on one shift."""
    SKILL = "skill"
    """One technician gets the skills that are missing."""
    MOVE = "move"
    """One other visit goes to somebody else, or has another turn."""
    DAY = "day"
    """The visit may fall on another day of the horizon."""
    PART = "part"
    """Missing units lie on one van or at one outlet."""


class RemedyRoute(Model):
    """What a technician does on a shift once the remedy is taken.

    ``order`` has the visits in their order; ``@O1`` is a stop at outlet O1 to pick up parts.
    """

    technician: Id
    shift: int
    order: tuple[str, ...]


class Remedy(Model):
    """One change, tried out: with it the plan serves the visit and breaks no rule.

    Attributes
    ----------
    visit
        Whom nobody serves so far.
    server
        The technician, or contracted outlet, who would.
    arrival
        At the visit; None where a contracted outlet serves it.
    promise, wider
        The promise that changes (its name in the plan), and what it becomes.
    earlier_min, later_min
        By how many minutes it is wider at each end.
    technician, shift, overtime_min
        Whose shift may be how much longer than now.
    skills
        What ``technician`` has to be able to do.
    moved
        The visit that makes room.
    day
        On which the visit falls then.
    parts, at
        Missing units, and the technician (van) or outlet where they have to lie.
    routes, outlets, contracted
        Every route that changes, and the visits of contracted outlets that change; ``contracted``
        also says on which day, where the horizon has several.
    plan_fen, change_fen
        What the plan costs more then (the price of leaving the visit out is saved, and counted),
        and the price of the change itself (docs/remedies.md).
    text, text_zh
        One sentence.
    """

    kind: RemedyKind
    visit: Id
    server: Id
    arrival: Moment | None = None
    promise: str | None = None
    wider: Promise | None = None
    earlier_min: int = 0
    later_min: int = 0
    technician: Id | None = None
    shift: int = 0
    overtime_min: int = 0
    skills: tuple[SkillNeed, ...] = ()
    moved: Id | None = None
    day: date | None = None
    parts: tuple[PartNeed, ...] = ()
    at: Id | None = None
    routes: tuple[RemedyRoute, ...] = ()
    outlets: tuple[tuple[Id, tuple[Id, ...]], ...] = ()
    contracted: tuple[ContractedService, ...] = ()
    plan_fen: int = 0
    change_fen: int = 0
    text: str = ""
    text_zh: str = ""

    @property
    def price_fen(self) -> int:
        """Return what taking the remedy costs, all together."""
        return self.plan_fen + self.change_fen
