"""A process that decides on a live day and acknowledges it, until somebody kills it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from multiprocessing.connection import Connection

from dispatch.adapters.store import open_store
from dispatch.domain import Priority, Visit
from dispatch.domain.disruption import VisitCanceled
from dispatch.live.kinds import KINDS
from dispatch.live.replan import Search
from dispatch.live.roads import LiveRoads
from dispatch.live.store import Request
from dispatch.service.desk import Desk
from dispatch.service.live_days import Recorded
from solver.stop import MaxIterations
from tests.days import GridTown, at, visit

Ack = tuple[str, str, list[int]]
"""Kind of command, request id, sequences of its events."""
EVENTS = {"choose": 2, "accept": 2, "cancel": 1}
"""Events of each kind of command: raised and decided; decided and the new version; canceled."""


def emergency(name: str) -> Visit:
    return visit(name, 1, 1, priority=Priority.EMERGENCY, received_at=at("08:00"))


def request_of(name: str, by: str) -> Request:
    return Request(id=name, by=by, at=at("08:00"), content=name)


def decide_until_killed(url: str, name: str, acks: Connection) -> None:
    """Serve an emergency, plan the rest again, cancel the emergency, and so on."""
    store = open_store(url, KINDS)
    desk = Desk(store, LiveRoads(GridTown()), now=lambda: at("08:00"))
    for number in itertools.count():
        for kind, request, done in _commands(desk, name, f"{name}-{number}"):
            acks.send((kind, request.id, [event.sequence for event in done.receipt.events]))


def _commands(desk: Desk, by: str, about: str) -> Iterator[tuple[str, Request, Recorded]]:
    """Run one command after the other."""
    choose, accept, cancel = (request_of(f"{kind}-{about}", by) for kind in EVENTS)
    found = desk.emergency("tiny", emergency(about))
    yield "choose", choose, desk.choose("tiny", found, 0, choose)
    again = desk.replan("tiny", search=Search(stop=MaxIterations(5)))
    yield "accept", accept, desk.accept(again, accept)
    gone = VisitCanceled(visit=about, happened_at=at("08:00"))
    yield "cancel", cancel, desk.record("tiny", gone, cancel)
