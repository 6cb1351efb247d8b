"""Response clocks of a work order at a moment: running, met, missed, time left, alarm.

A clock never pauses; the only exception is the consultation, which is answered in working hours
(T259-8.2-c). Pauses a network grants itself do not move a clock: they show up beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dispatch.domain.base import Id, Model, Moment, Seconds
from dispatch.domain.work_order import WorkOrder, WorkStep
from dispatch.standards.clock_rules import RULES, ClockRule
from dispatch.standards.profile import Profile
from dispatch.standards.work_calendar import WorkCalendar

_SECOND = timedelta(seconds=1)


class ClockStatus(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"


class AlarmRule(Model):
    """How long before the end of a clock the alarm sounds; of two values the shorter time.

    Attributes
    ----------
    percent
        Of the whole time of the clock.
    minutes
        Fixed.
    """

    percent: int | None = Field(default=None, ge=1, le=100)
    minutes: int | None = Field(default=None, ge=1, le=10_080)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.percent is None and self.minutes is None:
            raise ValueError("neither percent nor minutes")
        return self

    def lead_s(self, whole_s: int) -> int:
        """Return seconds before the end, for a clock of so many seconds."""
        leads = [] if self.percent is None else [whole_s * self.percent // 100]
        leads += [] if self.minutes is None else [self.minutes * 60]
        return min(leads)


class Pause(Model):
    """A time a network does not count by a calendar of its own."""

    start: Moment
    end: Moment


class ClockSettings(Model):
    """What the clauses leave to the network.

    Attributes
    ----------
    at_once_s
        How long "at once" is (T259-8.2-c, CSQ-3.2), seconds.
    alarm, alarms
        When alarms sound; ``alarms`` by name of the clock.
    calendar
        Working days and hours.
    own_pauses
        Times the network would not count; no clock stops for them.
    """

    at_once_s: Annotated[Seconds, Field(ge=1)] = 60
    alarm: AlarmRule = AlarmRule(percent=25, minutes=60)
    alarms: dict[str, AlarmRule] = Field(default={})
    calendar: WorkCalendar = WorkCalendar()
    own_pauses: tuple[Pause, ...] = ()


class Clock(Model):
    """One clock of one work order at a moment.

    Attributes
    ----------
    name, clause, key
        Which clock; the clause it comes from, and its key in the profile.
    ref
        Part order or complaint it is about.
    why
        Why it is not applicable: not for this class of request, nothing has started it yet, or
        withdrawn (canceled, moved, reopened) before it ended.
    due_at
        Last moment to meet it, inclusive.
    stopped_at
        When it was met, or given up after it was missed.
    left_s
        Time left, whole seconds, rounded down; negative = over; counted in working time where the
        clock runs in working hours only. None where not applicable.
    alarm_at, alarm
        When the alarm sounds; whether it does at this moment.
    own_pause_s
        Seconds of the network's own pauses between start and end (or now).
    excused
        Missed, and met if those pauses were not counted: a deviation from the standard.
    """

    order: Id
    name: str
    clause: str
    key: str
    ref: Id | None = None
    status: ClockStatus
    why: Literal["", "class", "not_started", "withdrawn"] = ""
    started_at: Moment | None = None
    due_at: Moment | None = None
    stopped_at: Moment | None = None
    left_s: int | None = None
    alarm_at: Moment | None = None
    alarm: bool = False
    own_pause_s: int = 0
    excused: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a clock: what started it, what ended it."""

    start: WorkStep
    end: WorkStep | None = None
    withdrawn: bool = False


def clocks_of(
    order: WorkOrder, profile: Profile, now: datetime, settings: ClockSettings | None = None
) -> tuple[Clock, ...]:
    """Return every clock of a work order that the profile has a clause for.

    Parameters
    ----------
    now
        The moment; steps after it are not looked at. Steps a phone sent late count from when they
        happened, so a clock that was missed before they came may turn out to be met.
    settings
        The defaults if None.

    Returns
    -------
    tuple of Clock
        In the order of the rules, then of time; a clock runs again when the order is reopened
        after it was stopped, and once for each part order and complaint.
    """
    chosen, clocks = settings or ClockSettings(), list[Clock]()
    steps = [step for step in order.steps if step.at <= now]
    keys = [(rule, rule.find_key(profile)) for rule in RULES]
    runs_for = {(r.name, key) for r, key in keys if r.runs_for(order.request)}
    for rule, key in keys:
        if key is None:
            continue
        face = _Face(order, rule, profile, key, chosen)
        if rule.runs_for(order.request):
            runs = _runs(rule, steps)
            clocks += [face.read(run, now) for run in runs] or [face.blank("not_started")]
        elif (rule.name, key) not in runs_for:
            # Of several rows for one clause, one says that it is for another class.
            runs_for.add((rule.name, key))
            clocks.append(face.blank("class"))
    return tuple(clocks)


def _runs(rule: ClockRule, steps: Iterable[WorkStep]) -> list[_Run]:
    done: list[_Run] = []
    going: dict[str | None, WorkStep] = {}
    for step in steps:
        ref = step.details.ref if rule.by_ref else None
        if step.step in rule.stops and ref in going:
            done.append(_Run(going.pop(ref), step))
        if step.step in rule.withdraws:
            done += [_Run(start, step, withdrawn=True) for start in going.values()]
            going.clear()
        if rule.is_opened_by(step) and ref not in going:
            going[ref] = step
    done += [_Run(start) for start in going.values()]
    return sorted(done, key=lambda run: run.start.at)


@dataclass(frozen=True, slots=True)
class _Face:
    """What all runs of one clock have in common."""

    order: WorkOrder
    rule: ClockRule
    profile: Profile
    key: str
    settings: ClockSettings

    def blank(self, why: Literal["class", "not_started"]) -> Clock:
        return self._clock(None, ClockStatus.NOT_APPLICABLE).model_copy(update={"why": why})

    def _clock(self, ref: str | None, status: ClockStatus) -> Clock:
        return Clock(
            order=self.order.id,
            name=self.rule.name,
            clause=self.profile.clause(self.key).id,
            key=self.key,
            ref=ref,
            status=status,
        )

    def read(self, run: _Run, now: datetime) -> Clock:
        """Return a run as it stands."""
        start, due = run.start.at, self._due(run.start)
        ended = run.end.at if run.end else None
        status = _status(run, due, now)
        clock = self._clock(run.start.details.ref if self.rule.by_ref else None, status)
        if status is ClockStatus.NOT_APPLICABLE:
            changes = {"why": "withdrawn", "started_at": start, "due_at": due, "stopped_at": ended}
            return clock.model_copy(update=changes)
        alarm_at = self._alarm_at(start, due)
        until = min(now, ended or now)
        paused = _overlap_s(self.settings.own_pauses, start, until)
        late = status is ClockStatus.MISSED
        return clock.model_copy(
            update={
                "started_at": start,
                "due_at": due,
                "stopped_at": ended,
                "left_s": self._left_s(until, due),
                "alarm_at": alarm_at,
                "alarm": status is ClockStatus.RUNNING and now >= alarm_at,
                "own_pause_s": paused,
                "excused": late and until - timedelta(seconds=paused) <= due,
            }
        )

    def _due(self, start: WorkStep) -> datetime:
        promise = start.details.promise
        if self.rule.to_promise and promise is not None:
            return promise.window(self.profile.tolerance_min)[1]
        clause = self.profile.clause(self.key)
        if clause.unit == "workday":
            count = round(self.profile.figure(self.key))
            return self.settings.calendar.end_of_workday(start.at, count)
        allowed = self.profile.seconds(self.key) or self.settings.at_once_s
        if self.rule.working_hours:
            return self.settings.calendar.add_working(start.at, allowed)
        return start.at + timedelta(seconds=allowed)

    def _left_s(self, moment: datetime, due: datetime) -> int:
        if not self.rule.working_hours:
            return (due - moment) // _SECOND
        if moment <= due:
            return self.settings.calendar.working_s(moment, due)
        return -self.settings.calendar.working_s(due, moment)

    def _alarm_at(self, start: datetime, due: datetime) -> datetime:
        alarm = self.settings.alarms.get(self.rule.name, self.settings.alarm)
        whole = self._left_s(start, due)
        before_s = max(0, whole - alarm.lead_s(max(0, whole)))
        if self.rule.working_hours and before_s > 0:
            return self.settings.calendar.add_working(start, before_s)
        return start + timedelta(seconds=before_s)


def _status(run: _Run, due: datetime, now: datetime) -> ClockStatus:
    ended = run.end.at if run.end else None
    if (ended or now) > due:
        return ClockStatus.MISSED
    if ended is None:
        return ClockStatus.RUNNING
    return ClockStatus.NOT_APPLICABLE if run.withdrawn else ClockStatus.MET


def _overlap_s(pauses: Iterable[Pause], start: datetime, end: datetime) -> int:
    total, reached = timedelta(0), start
    for pause in sorted(pauses, key=lambda one: one.start):
        begin = max(reached, pause.start)
        if begin < min(end, pause.end):
            total += min(end, pause.end) - begin
            reached = min(end, pause.end)
    return total // _SECOND
