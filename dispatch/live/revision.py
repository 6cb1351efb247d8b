"""What an event changes: the state after it, moved arrivals, promises newly in danger."""

from __future__ import annotations

from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.event import Event
from dispatch.domain.travel_table import TravelTable
from dispatch.live.apply import apply, wait_until
from dispatch.live.projection import Danger, Projection, project
from dispatch.live.state import LiveState


class EtaChange(Model):
    """A visit whose arrival moved, that somebody else has now, or that nobody has any more.

    Attributes
    ----------
    before, after
        Technician and arrival; None where nobody had or has it.
    moved_s
        Seconds later; None unless the same technician has it before and after.
    """

    visit: Id
    technician_before: Id | None = None
    technician_after: Id | None = None
    before: Moment | None = None
    after: Moment | None = None
    moved_s: int | None = None


class LiveRevision(Model):
    """What one event did to a day.

    Attributes
    ----------
    event
        Its sequence.
    state
        The day after it: history and what is under way as they were, the rest still to be decided.
    projection
        The rest of the day as things stand now.
    moved
        Visits ahead whose arrival changed, by visit; what is past or under way is not among them
        unless the event was about it.
    freed
        Visits that nobody has any more, or not yet.
    endangered
        Dangers that are new or have grown, of those in ``projection.dangers``.
    """

    event: int
    state: LiveState
    projection: Projection
    moved: tuple[EtaChange, ...]
    freed: tuple[Id, ...]
    endangered: tuple[Danger, ...]


def revise(
    state: LiveState, event: Event, travel: TravelTable, before: TravelTable | None = None
) -> LiveRevision:
    """Return what an event changes.

    Parameters
    ----------
    travel
        Figures for the day after the event: with its new places and its traffic.
    before
        Figures for the day before it, if they were others.

    Raises
    ------
    InvalidRequest
        D91xx: the event does not fit the state, or a travel table lacks a place.
    """
    after = apply(state, event)
    return compare_states(event.sequence, (state, before or travel), (after, travel))


def compare_states(
    sequence: int, before: tuple[LiveState, TravelTable], after: tuple[LiveState, TravelTable]
) -> LiveRevision:
    """Return what changed between two states of a day.

    Parameters
    ----------
    sequence
        Of the last event.
    before, after
        States with travel figures for their places.
    """
    then, state = before[0], after[0]
    # Compared at the same moment, so that time passing alone is no change.
    old = project(wait_until(then, state.now), before[1])
    new = project(state, after[1])
    known = {(d.kind, d.visit, d.technician, d.expected): d.minutes for d in old.dangers}
    endangered = tuple(
        danger
        for danger in new.dangers
        if danger.minutes
        > known.get((danger.kind, danger.visit, danger.technician, danger.expected), -1)
    )
    return LiveRevision(
        event=sequence,
        state=state,
        projection=new,
        moved=_moved(old, new),
        freed=tuple(visit for visit in state.open if visit not in then.open),
        endangered=endangered,
    )


def _moved(old: Projection, new: Projection) -> tuple[EtaChange, ...]:
    had, has = _arrivals(old), _arrivals(new)
    changes = []
    for visit, technician in sorted(had.keys() | has.keys()):
        before, after = had.get((visit, technician)), has.get((visit, technician))
        if before == after:
            continue
        moved_s = None
        if before is not None and after is not None:
            moved_s = round((after - before).total_seconds())
        changes.append(
            EtaChange(
                visit=visit,
                technician_before=technician if before is not None else None,
                technician_after=technician if after is not None else None,
                before=before,
                after=after,
                moved_s=moved_s,
            )
        )
    return tuple(changes)


def _arrivals(projection: Projection) -> dict[tuple[str, str], Moment]:
    return {(e.visit, e.technician): e.arrival for e in projection.etas if e.visit is not None}
