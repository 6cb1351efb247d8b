"""What a caller of some regions sees of a day that has others, too.

Visits, technicians and the reasons about them are left out where they are of other regions. On a
board, where somebody is busy with another region's visit there is a load without a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dispatch.api.events import EventOut
from dispatch.api.regions import Part
from dispatch.domain import Day, DayPlan
from dispatch.domain.plan import PlanRoute, UnassignedVisit
from dispatch.live.diff import Change, Diff, Held
from dispatch.web.board_model import (
    BoardDanger,
    BoardOutlet,
    BoardRow,
    BoardStop,
    BoardView,
    OpenVisit,
)
from dispatch.web.board_view import counts_of


def own_day(day: Day, part: Part) -> Day:
    """Return the day with the caller's visits and technicians; outlets are public places."""
    if part.whole:
        return day
    visits = tuple(
        visit.model_copy(
            update={"links": tuple(link for link in visit.links if part.has_visit(link.after))}
        )
        for visit in day.visits
        if part.has_visit(visit.id)
    )
    technicians = tuple(one for one in day.technicians if part.has_technician(one.id))
    return day.model_copy(update={"visits": visits, "technicians": technicians})


def own_plan(plan: DayPlan, part: Part) -> DayPlan:
    """Return the plan with the routes of the caller's technicians; its price is the whole day's.

    Of a technician of another region there are the caller's visits, if any: when, and by whom.
    """
    if part.whole:
        return plan
    contracted = (
        one.model_copy(update={"visits": tuple(filter(part.has_visit, one.visits))})
        for one in plan.contracted
    )
    choices = (
        one if part.has_technician(one.runner_up) else one.model_copy(update={"runner_up": None})
        for one in plan.choices
        if part.has_visit(one.visit) and part.has_technician(one.technician)
    )
    update = {
        "routes": tuple(filter(None, (_route(route, part) for route in plan.routes))),
        "contracted": tuple(one for one in contracted if one.visits),
        "unassigned": tuple(
            _unassigned(one, part) for one in plan.unassigned if part.has_visit(one.visit)
        ),
        # What was set aside is in no outlet's care yet; notes are sentences about the whole day.
        "quarantined": (),
        "notes": (),
        "choices": tuple(choices),
    }
    return plan.model_copy(update=update)


def _route(route: PlanRoute, part: Part) -> PlanRoute | None:
    if part.has_technician(route.technician):
        stops = (one for one in route.stops if one.visit is None or part.has_visit(one.visit))
        return route.model_copy(update={"stops": tuple(stops)})
    # Where somebody of another region comes from is nobody's business, nor when their day begins.
    alone = tuple(
        one.model_copy(update={"leg_s": 0, "leg_m": 0})
        for one in route.stops
        if one.visit is not None and part.has_visit(one.visit)
    )
    if not alone:
        return None
    return PlanRoute(
        technician=route.technician,
        shift=route.shift,
        start=alone[0].reached,
        end=alone[-1].end,
        stops=alone,
    )


def _unassigned(one: UnassignedVisit, part: Part) -> UnassignedVisit:
    reasons = tuple(reason for reason in one.reasons if part.has_technician(reason.technician))
    return one.model_copy(update={"reasons": reasons, "remedies": (), "remedies_zh": ()})


def own_event(event: EventOut, part: Part) -> EventOut | None:
    """Return an event as the caller may see it; None where it is of other regions alone."""
    if part.whole:
        return event
    visit = event.visit if event.visit and part.has_visit(event.visit) else None
    known = event.technician is not None and part.has_technician(event.technician)
    technician = event.technician if known else None
    if (event.visit or event.technician) and not (visit or technician):
        return None
    several = event.technicians
    own = None if several is None else tuple(filter(part.has_technician, several))
    return event.model_copy(update={"visit": visit, "technician": technician, "technicians": own})


def own_diff(diff: Diff, part: Part) -> Diff:
    """Return what would change for the caller's visits and technicians."""
    if part.whole:
        return diff
    return diff.model_copy(
        update={
            "changes": tuple(one for one in diff.changes if _is_own_change(one, part)),
            "broken": tuple(filter(part.has_visit, diff.broken)),
            "mended": tuple(filter(part.has_visit, diff.mended)),
            "served": tuple(filter(part.has_visit, diff.served)),
        }
    )


def own_changes(diff: Diff, part: Part) -> tuple[str, ...] | None:
    """Return the changes that are the caller's by id; None where all are."""
    own = tuple(one.id for one in own_diff(diff, part).changes)
    return None if len(own) == len(diff.changes) else own


def _is_own_change(change: Change, part: Part) -> bool:
    """Say whether a change touches nothing of other regions."""
    held = [one for one in (change.before, change.after) if one is not None]
    return part.has_visit(change.visit) and all(_holds(one, part) for one in held)


def _holds(held: Held, part: Part) -> bool:
    if held.arrival is None:
        return part.has_outlet(held.technician)
    return all(map(part.has_technician, held.crew or (held.technician,)))


def own_board(view: BoardView, part: Part) -> BoardView:
    """Return the board with the caller's rows, and of others the load on the caller's visits."""
    if part.whole:
        return view
    rows = tuple(row for row in (_row(one, part) for one in view.rows) if row is not None)
    opened = tuple(_open(one, part) for one in view.open if part.has_visit(one.job.visit))
    outlets = tuple(_outlet(one, part) for one in view.outlets)
    clocks = tuple(one for one in view.clocks if part.has_visit(one.visit))
    update = {
        "rows": rows,
        "open": opened,
        "outlets": outlets,
        "dangers": tuple(_danger(one, part) for one in view.dangers if _is_own(one, part)),
        "clocks": clocks,
        "counts": counts_of(rows, opened, outlets, clocks),
    }
    return view.model_copy(update=update)


def _is_own(one: BoardDanger, part: Part) -> bool:
    if one.visit is not None:
        return part.has_visit(one.visit)
    return part.has_technician(one.technician)


def _danger(one: BoardDanger, part: Part) -> BoardDanger:
    if part.has_technician(one.technician):
        return one
    return one.model_copy(update={"technician": None})


def _open(one: OpenVisit, part: Part) -> OpenVisit:
    reasons = tuple(
        reason.model_copy(
            update={"technicians": tuple(filter(part.has_technician, reason.technicians))}
        )
        for reason in one.reasons
    )
    return one.model_copy(update={"reasons": reasons, "remedies": ()})


def _outlet(one: BoardOutlet, part: Part) -> BoardOutlet:
    visits = tuple(job for job in one.visits if part.has_visit(job.visit))
    return one.model_copy(
        update={"visits": visits, "done": tuple(filter(part.has_visit, one.done))}
    )


def _row(row: BoardRow, part: Part) -> BoardRow | None:
    theirs = [s for s in row.stops if s.job is not None and not part.has_visit(s.job.visit)]
    if part.has_technician(row.technician):
        return row.model_copy(update={"stops": tuple(_stops(row, part))}) if theirs else row
    if not any(stop.job is not None for stop in row.stops if stop not in theirs):
        return None
    # Somebody of another region has a visit of the caller's: when, and nothing about the person.
    return BoardRow(
        id=row.id,
        technician=row.technician,
        foreign=True,
        shift=row.shift,
        profile=row.profile,
        span=row.span,
        stops=tuple(one for one in _stops(row, part) if one.job or one.kind == "other"),
    )


def _stops(row: BoardRow, part: Part) -> Iterator[BoardStop]:
    seen: Counter[str] = Counter()
    for stop in row.stops:
        if stop.job is None or part.has_visit(stop.job.visit):
            yield stop
            continue
        seen["other"] += 1
        name = f"{row.id}:other~{seen['other']}"
        yield BoardStop(id=name, kind="other", t=stop.t, phase=stop.phase)
