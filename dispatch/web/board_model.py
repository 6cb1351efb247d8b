"""What the board knows: small JSON with stable ids, and no customer's name, phone or address.

Moments are whole seconds after ``base``, the start of the horizon; the page shows them in ``zone``.
Fields at their defaults are left out of the JSON.
"""

from __future__ import annotations

from typing import Literal

from dispatch.domain.base import Id, Model

StopKind = Literal["visit", "break", "pickup", "end", "other"]
"""``other``: busy with something that is not shown, such as a visit of another region."""
Phase = Literal["past", "now", "ahead"]
Hold = Literal["", "technician", "time", "both"]
Spot = tuple[float, float]
"""Longitude and latitude, WGS 84."""
Span = tuple[int, int]


class BoardJob(Model):
    """A visit as the board shows it, wherever it stands.

    Attributes
    ----------
    visit
        Its id.
    at
        Where it is.
    window
        Of the promise it is held against; None where nothing is owed.
    windows
        All promises, where there are several.
    priority, vip, optional
        Of the request.
    skills
        Name and least level.
    lasts_s
        Work at the door by the visit itself.
    crew
        How many technicians it needs.
    hold
        What is locked.
    district, zone
        Where the visit says so.
    parts
        Part and units.
    only, never
        Technicians required and excluded.
    received
        When an emergency came in.
    """

    visit: Id
    at: Spot
    window: Span | None = None
    windows: tuple[Span, ...] = ()
    priority: str = "general"
    vip: bool = False
    optional: bool = False
    skills: tuple[tuple[str, int], ...] = ()
    lasts_s: int = 0
    crew: int = 1
    hold: Hold = ""
    district: str = ""
    zone: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    only: tuple[Id, ...] = ()
    never: tuple[Id, ...] = ()
    received: int | None = None


class BoardStop(Model):
    """One stop of a row.

    Attributes
    ----------
    id
        Unique on the board and the same from one view to the next.
    t
        Leaves for it (None once there or unknown), reached, arrival, start, end.
    late_s
        Predicted, or what it was.
    phase
        ``now`` is under way: driving, at the door or at work.
    at_door, at_work
        Of what is under way.
    failed
        Past and not done.
    job
        Of a visit.
    member
        Of a crew: which one this is.
    outlet
        Of a pick-up.
    parts
        Taken at a pick-up, used at a visit of the plan.
    dangers
        Kinds of what cannot be kept here.
    """

    id: str
    kind: StopKind = "visit"
    t: tuple[int | None, int, int, int, int]
    late_s: int = 0
    phase: Phase = "ahead"
    at_door: bool = False
    at_work: bool = False
    failed: bool = False
    job: BoardJob | None = None
    member: int = 0
    outlet: Id | None = None
    parts: tuple[tuple[str, int], ...] = ()
    dangers: tuple[str, ...] = ()


class BoardRow(Model):
    """One shift of one technician.

    Attributes
    ----------
    id
        ``technician.shift``.
    span
        The shift.
    breaks
        Earliest and latest start, and length.
    start, end
        Places of departure and return.
    here, here_at
        Last known position, and when.
    overtime_s
        Predicted.
    most_overtime_s
        Allowed.
    away, over
        Sick; back already.
    foreign
        Somebody of another region: shown for the caller's visits alone.
    """

    id: str
    technician: Id
    shift: int = 0
    name: str = ""
    outlet: Id | None = None
    profile: str = "car"
    skills: tuple[tuple[str, int], ...] = ()
    territory: tuple[str, ...] = ()
    span: Span
    breaks: tuple[tuple[int, int, int], ...] = ()
    start: Spot | None = None
    end: Spot | None = None
    here: Spot | None = None
    here_at: int | None = None
    overtime_s: int = 0
    most_overtime_s: int = 0
    away: bool = False
    over: bool = False
    foreign: bool = False
    stops: tuple[BoardStop, ...] = ()


class OpenReason(Model):
    """A rule that keeps a visit off technicians, and how many it keeps off."""

    code: str
    count: int
    technicians: tuple[Id, ...] = ()
    found: str = ""
    expected: str = ""


class OpenVisit(Model):
    """A visit nobody has.

    Attributes
    ----------
    reasons
        By the last plan, most frequent first; empty for what came in since.
    remedies
        What would help, in the plan's words.
    earliest_date
        Where parts are missing.
    """

    job: BoardJob
    reasons: tuple[OpenReason, ...] = ()
    summary: str = ""
    summary_zh: str = ""
    remedies: tuple[str, ...] = ()
    earliest_date: str = ""


class BoardOutlet(Model):
    """An outlet on the board; ``visits`` are those a contracted one has."""

    id: Id
    name: str = ""
    kind: str = "own"
    zone: str = ""
    at: Spot
    visits: tuple[BoardJob, ...] = ()
    done: tuple[Id, ...] = ()


class BoardDanger(Model):
    """Something that cannot be kept as the day stands."""

    kind: str
    visit: Id | None = None
    technician: Id | None = None
    minutes: int = 0
    found: str = ""
    expected: str = ""


class Clock(Model):
    """A running clock of an emergency.

    Attributes
    ----------
    received, due
        When it came in; when somebody must be at the door.
    arrival
        Predicted, or when somebody was there; None while nobody has it.
    there
        Somebody was there.
    technician
        Who.
    """

    visit: Id
    received: int
    due: int
    arrival: int | None = None
    there: bool = False
    technician: Id | None = None


class Counts(Model):
    """Figures at the head of the board."""

    visits: int = 0
    done: int = 0
    under_way: int = 0
    ahead: int = 0
    open: int = 0
    late: int = 0
    promised: int = 0
    kept: int = 0
    overtime: int = 0
    away: int = 0
    emergencies: int = 0


class BoardView(Model):
    """A day as its dispatcher sees it.

    Attributes
    ----------
    day, date, zone
        Id, first day, IANA zone.
    base
        Milliseconds of the Unix epoch at second 0.
    last
        End of the horizon.
    now
        The day's own now: of the latest event, or the moment of the view.
    version, sequence
        Of the plan in force and the latest event; both change the ETag.
    skills
        Every skill named on the board.
    """

    day: Id
    date: str
    zone: str
    base: int
    last: int
    now: int
    version: int = 0
    sequence: int = 0
    rows: tuple[BoardRow, ...] = ()
    open: tuple[OpenVisit, ...] = ()
    outlets: tuple[BoardOutlet, ...] = ()
    dangers: tuple[BoardDanger, ...] = ()
    clocks: tuple[Clock, ...] = ()
    counts: Counts = Counts()
    skills: tuple[str, ...] = ()
