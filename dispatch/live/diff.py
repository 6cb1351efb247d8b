"""What a plan of the rest of the day would change, and who must be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal

from dispatch.domain import CostBreakdown, DayPlan, Told, Visit
from dispatch.domain.base import Id, Model, Moment
from dispatch.live.projection import Projection
from dispatch.live.rest import RestDay
from dispatch.live.state import LiveState
from dispatch.live.telling import is_told
from dispatch.planning.objective import is_weighed

ChangeKind = Literal["assigned", "unassigned", "technician", "contracted", "order", "eta"]

NOTICED = timedelta(minutes=1)
"""An arrival that moves by less is no change."""


class Held(Model):
    """Who has a visit, and when: ``arrival`` is None at a contracted outlet.

    Attributes
    ----------
    technician
        The technician (the first of a crew) or the contracted outlet.
    crew
        All technicians of a crew; empty for one technician alone.
    """

    technician: Id
    arrival: Moment | None = None
    lateness_s: int = 0
    crew: tuple[Id, ...] = ()


class Change(Model):
    """What changes for one visit.

    Attributes
    ----------
    id
        Names the change in its diff.
    kind
        ``assigned``, ``unassigned``: somebody has it now, nobody has it any more; ``technician``,
        ``contracted``: a technician, or a contracted outlet, has it now who did not; ``order``: the
        same technician serves it in another order; ``eta``: only the arrival moves.
    before, after
        As things stand, and as planned.
    moved_s
        Seconds later, where it has an arrival before and after; else 0.
    tell
        ``customer``, ``technician:<id>``, ``outlet:<id>``.
    needs
        Changes it cannot be accepted without. An ``eta`` follows from the others of its route.
    """

    id: str
    visit: Id
    kind: ChangeKind
    before: Held | None = None
    after: Held | None = None
    moved_s: int = 0
    tell: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Diff(Model):
    """All that would change.

    Attributes
    ----------
    changes
        By visit.
    price
        Fen more (or less) than as things stand with open visits left open, by component; zeros are
        left out, ``total`` is always there.
    broken
        Visits whose promise is kept as things stand, and not any more.
    mended
        Visits whose promise is kept only by this.
    served
        Visits nobody has as things stand that have to be served, whatever that costs
        (`dispatch.planning.objective.is_weighed`), and are: where the price is above zero, what is
        bought.
    """

    changes: tuple[Change, ...] = ()
    price: Mapping[str, int]
    broken: tuple[Id, ...] = ()
    mended: tuple[Id, ...] = ()
    served: tuple[Id, ...] = ()


def diff_of(
    state: LiveState,
    projection: Projection,
    rest: RestDay,
    plan: DayPlan,
    before: CostBreakdown,
) -> Diff:
    """Compare a plan of the rest day with the day as it stands.

    Parameters
    ----------
    before
        Price of the rest day as it stands.
    """
    had, has = _held_now(state, projection, rest), _held_then(plan)
    moved = _reordered(rest, plan)
    visits = {visit.id: visit for visit in rest.day.visits}
    free = timedelta(seconds=rest.day.settings.disturbed_free_s)
    found = [
        change
        for name in sorted(visits)
        for change in _change(visits[name], had.get(name), has.get(name), moved, free)
    ]
    late = {name for name, one in had.items() if one.lateness_s > 0}
    later = {name for name, one in has.items() if one.lateness_s > 0}
    both = had.keys() & has.keys()
    return Diff(
        changes=tuple(_with_needs(found, visits, plan)),
        price=price_difference(before, plan.cost),
        broken=tuple(sorted((later - late) & both)),
        mended=tuple(sorted((late - later) & both)),
        served=tuple(
            name
            for name in sorted(has.keys() - had.keys())
            if is_weighed(visits[name], state.day.settings.mandatory)
        ),
    )


def price_difference(before: CostBreakdown, after: CostBreakdown) -> dict[str, int]:
    """Return how much more each component costs; components that stay are left out."""
    old, new = before.model_dump(), after.model_dump()
    parts = {name: new[name] - old[name] for name in new if new[name] != old[name]}
    return {**parts, "total": after.total - before.total}


def _held_now(state: LiveState, projection: Projection, rest: RestDay) -> dict[str, Held]:
    etas = {(e.technician, e.visit): e for e in projection.etas if e.visit is not None}
    people: dict[str, list[tuple[int, str]]] = {}
    for route in rest.routes:
        for stop in route.rest:
            if stop.visit is not None:
                people.setdefault(stop.visit, []).append((stop.crew, route.technician))
    held = {visit: Held(technician=outlet) for visit, outlet in state.contracted}
    for visit, crew in people.items():
        names = [name for _, name in sorted(crew)]
        late = max(etas[name, visit].lateness_s for name in names)
        held[visit] = Held(
            technician=names[0],
            arrival=etas[names[0], visit].arrival,
            lateness_s=late,
            crew=tuple(names) if len(names) > 1 else (),
        )
    return held


def _held_then(plan: DayPlan) -> dict[str, Held]:
    stops: dict[str, list[tuple[int, str, Moment, int]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.visit is not None:
                one = stop.crew, route.technician, stop.arrival, stop.lateness_s
                stops.setdefault(stop.visit, []).append(one)
    held = {name: Held(technician=x.outlet) for x in plan.contracted for name in x.visits}
    for visit, crew in stops.items():
        crew.sort()
        held[visit] = Held(
            technician=crew[0][1],
            arrival=crew[0][2],
            lateness_s=max(late for _, _, _, late in crew),
            crew=tuple(name for _, name, _, _ in crew) if len(crew) > 1 else (),
        )
    return held


def _reordered(rest: RestDay, plan: DayPlan) -> set[str]:
    """Return visits that changed places with others of the same technician and shift."""
    after = {
        (route.technician, route.shift): [s.visit for s in route.stops if s.visit is not None]
        for route in plan.routes
    }
    moved: set[str] = set()
    for route in rest.routes:
        new = {visit: place for place, visit in enumerate(after.get(route.key, ()))}
        old = [s.visit for s in route.rest if s.visit is not None and s.visit in new]
        stays = _longest_rise([new[visit] for visit in old])
        moved |= {visit for place, visit in enumerate(old) if place not in stays}
    return moved


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Return the positions of a longest rising subsequence, the first one found."""
    best: list[list[int]] = []
    for position, place in enumerate(places):
        longest: list[int] = []
        for one in best:
            if places[one[-1]] < place and len(one) > len(longest):
                longest = one
        best.append([*longest, position])
    found: list[int] = []
    for one in best:
        if len(one) > len(found):
            found = one
    return set(found)


def _change(
    visit: Visit, before: Held | None, after: Held | None, moved: set[str], free: timedelta
) -> Iterator[Change]:
    kind = _kind(visit.id, before, after, moved)
    if kind is None:
        return
    late = 0
    if before is not None and after is not None and before.arrival and after.arrival:
        late = round((after.arrival - before.arrival).total_seconds())
    yield Change(
        id=f"{kind}:{visit.id}",
        visit=visit.id,
        kind=kind,
        before=before,
        after=after,
        moved_s=late,
        tell=tuple(_tell(visit, kind, before, after, free)),
    )


def _kind(
    visit: str, before: Held | None, after: Held | None, moved: set[str]
) -> ChangeKind | None:
    if before is None or after is None:
        if after is None:
            return None if before is None else "unassigned"
        return "assigned" if after.arrival is not None else "contracted"
    if (before.technician, set(before.crew)) != (after.technician, set(after.crew)):
        return "technician" if after.arrival is not None else "contracted"
    if visit in moved:
        return "order"
    if before.arrival is None or after.arrival is None:
        return None
    return "eta" if abs(after.arrival - before.arrival) >= NOTICED else None


def _tell(
    visit: Visit, kind: ChangeKind, before: Held | None, after: Held | None, free: timedelta
) -> Iterator[str]:
    if after is None:
        if visit.told is not None or before is not None:
            yield "customer"
    elif after.arrival is None or is_told(
        visit.told, Told(technician=after.technician, arrival=after.arrival), free
    ):
        yield "customer"
    if kind == "eta":
        return
    old, new = _people(before), _people(after)
    yield from sorted((old ^ new) or new)


def _people(held: Held | None) -> set[str]:
    if held is None:
        return set()
    if held.arrival is None:
        return {f"outlet:{held.technician}"}
    return {f"technician:{name}" for name in held.crew or (held.technician,)}


def _with_needs(
    changes: Sequence[Change], visits: Mapping[str, Visit], plan: DayPlan
) -> Iterator[Change]:
    """Name what no change can be accepted without: linked visits, the causes of an arrival."""
    own = {change.visit: change for change in changes if change.kind != "eta"}
    on = {s.visit: r.technician for r in plan.routes for s in r.stops if s.visit is not None}
    for change in changes:
        if change.kind == "eta":
            who = on.get(change.visit)
            causes = (one.id for one in own.values() if who is not None and _touches(one, who))
            yield change.model_copy(update={"needs": tuple(causes)})
            continue
        needs = set()
        for link in visits[change.visit].links:
            other = own.get(link.after)
            if other is not None and (other.kind == "assigned" or link.same_technician is not None):
                needs.add(other.id)
        for name, visit in visits.items():
            # Who comes after a visit that is taken away goes too.
            linked = any(link.after == change.visit for link in visit.links)
            if linked and change.kind in {"unassigned", "contracted"} and name in own:
                needs.add(own[name].id)
        yield change.model_copy(update={"needs": tuple(sorted(needs))})


def _touches(change: Change, technician: str) -> bool:
    both = _people(change.before) | _people(change.after)
    return f"technician:{technician}" in both
