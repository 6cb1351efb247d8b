"""One technician's day, for a phone: own stops in order and nothing of anybody else.

Customers' names, phones and addresses come from the service, which masks them; here is only what
the work needs.
"""

from __future__ import annotations

from pydantic import Field

from dispatch.adapters.map_links import build_links
from dispatch.domain.base import Id, Model
from dispatch.web.board_model import BoardJob, BoardRow, BoardStop, BoardView, Span, Spot
from dispatch.web.board_view import DayLike, board_view


class MyStop(Model):
    """One stop.

    Attributes
    ----------
    stop
        As on the board.
    at
        Where it is; None for a break.
    links
        Map programs by name, in the datum each expects (`dispatch.adapters.map_links`).
    outlet
        Name of the outlet of a pick-up.
    address
        Where the service says it may be seen.
    customer, phone
        The same.
    """

    stop: BoardStop
    at: Spot | None = None
    links: dict[str, str] = Field(default_factory=dict)
    outlet: str = ""
    address: str = ""
    customer: str = ""
    phone: str = ""


class MyDay(Model):
    """A technician's day.

    Attributes
    ----------
    load
        Units of parts the visits ahead need, by part: what to take along.
    """

    day: Id
    date: str
    zone: str
    base: int
    now: int
    sequence: int = 0
    technician: Id
    name: str = ""
    span: Span | None = None
    away: bool = False
    over: bool = False
    stops: tuple[MyStop, ...] = ()
    load: tuple[tuple[str, int], ...] = ()


def me_view(day: DayLike, technician: str, *, customers: bool = False) -> MyDay:
    """Return the day of one technician.

    Parameters
    ----------
    customers
        Show the customers of the visits ahead, where the caller may see them.

    Raises
    ------
    KeyError
        If the day has no such technician.
    """
    view = board_view(day)
    rows = [row for row in view.rows if row.technician == technician]
    if not rows:
        raise KeyError(technician)
    stops = [_stop(day, view, stop, customers=customers) for row in rows for stop in row.stops]
    load: dict[str, int] = {}
    for row in rows:
        for stop in row.stops:
            for part, quantity in _needs(stop.job) if stop.phase != "past" else ():
                load[part] = load.get(part, 0) + quantity
    return MyDay(
        day=view.day,
        date=view.date,
        zone=view.zone,
        base=view.base,
        now=view.now,
        sequence=view.sequence,
        technician=technician,
        name=rows[0].name,
        span=(rows[0].span[0], rows[-1].span[1]),
        away=rows[0].away,
        over=all(row.over for row in rows),
        stops=tuple(one for one in stops if _is_shown(one, rows)),
        load=tuple(sorted(load.items())),
    )


def me_json(mine: MyDay) -> bytes:
    """Return the day as compact JSON without fields at their defaults."""
    return mine.model_dump_json(exclude_defaults=True).encode()


def _is_shown(one: MyStop, rows: list[BoardRow]) -> bool:
    """Leave out the way home of a day without visits."""
    return one.stop.kind != "end" or any(len(row.stops) > 1 for row in rows)


def _needs(job: BoardJob | None) -> tuple[tuple[str, int], ...]:
    return job.parts if job is not None else ()


def _stop(day: DayLike, view: BoardView, stop: BoardStop, *, customers: bool) -> MyStop:
    if stop.job is None:
        outlet = next((one for one in view.outlets if one.id == stop.outlet), None)
        if outlet is None or stop.kind != "pickup":
            return MyStop(stop=stop)
        links = build_links(*outlet.at, outlet.id)
        return MyStop(stop=stop, at=outlet.at, links=links, outlet=outlet.name or outlet.id)
    at = stop.job.at
    shown: dict[str, str] = {}
    if customers and stop.phase != "past":
        visit = next(v for v in day.state.day.visits if v.id == stop.job.visit)
        shown["address"] = visit.place.address or ""
        if visit.customer is not None:
            shown.update(customer=visit.customer.name, phone=visit.customer.phone)
    return MyStop(stop=stop, at=at, links=build_links(*at, stop.job.visit), **shown)
