"""A dispatcher killed while deciding: what was acknowledged holds, nothing is half done."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter

import pytest

from dispatch.live.kinds import KINDS
from dispatch.live.roads import LiveRoads
from dispatch.live.store import Store
from dispatch.service.desk import Desk
from tests.days import GridTown, at
from tests.desks import DeskKit
from tests.killed_dispatcher import EVENTS, Ack, decide_until_killed, emergency, request_of
from tests.stores import Opener
from tests.waiting import PATIENCE_S

KILLS, KILLS_SOAK = 2, 100
pytestmark = pytest.mark.core


def killed(url: str, name: str, rng: random.Random) -> list[Ack]:
    """Let a process decide a few times, kill it, and return what it acknowledged."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killed_dispatcher"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=decide_until_killed, args=(url, name, theirs))
    process.start()
    theirs.close()
    acks: list[Ack] = []
    for _ in range(rng.randint(1, 3)):
        assert ours.poll(PATIENCE_S), "the dispatcher is silent"
        acks.append(ours.recv())
    # Any moment of a command may be hit; the result must not depend on which one.
    time.sleep(rng.uniform(0, 0.05))
    process.kill()
    process.join(PATIENCE_S)
    try:
        while True:
            acks.append(ours.recv())
    except EOFError:
        return acks


def check(store: Store, name: str, acks: list[Ack]) -> None:
    assert store.check_log() == ()
    with store.read() as reader:
        events = tuple(reader.events("tiny"))
        for _, request, sequences in acks:
            assert [event.sequence for event in reader.find_request(request)] == sequences
        reader.find_plan("tiny")
    kept = Counter(event.request_id for event in events if event.by == name)
    for request, count in kept.items():
        assert count == EVENTS[request.partition("-")[0]]
    # The command that was running may be kept, if it was killed on its way to the caller.
    assert len(set(kept) - {request for _, request, _ in acks}) <= 1
    desk = Desk(store, LiveRoads(GridTown()), now=lambda: at("08:00"))
    state = desk.view("tiny").state
    held = Counter(s.visit for route in state.routes for s in route.ahead if s.visit is not None)
    held.update(visit for visit, _ in state.contracted)
    assert max(held.values()) == 1
    canceled = {request.removeprefix("cancel-") for kind, request, _ in acks if kind == "cancel"}
    assert canceled <= set(state.canceled)
    chosen = {request.removeprefix("choose-") for kind, request, _ in acks if kind == "choose"}
    assert chosen <= set(state.canceled) | set(held)


def repeat(store: Store, name: str, acks: list[Ack]) -> None:
    """Send the last acknowledged choice once more, as a caller who heard nothing would."""
    again = next((request for kind, request, _ in acks if kind == "choose"), None)
    if again is None:
        return
    desk = Desk(store, LiveRoads(GridTown()), now=lambda: at("08:00"))
    before = desk.view("tiny").sequence
    options = desk.emergency("tiny", emergency("other"))
    done = desk.choose("tiny", options, 0, request_of(again, name))
    assert done.receipt.repeated
    assert done.sequence == before


def test_kill_9_while_choosing_or_accepting_leaves_whole_decisions(
    opener: Opener, soak: bool
) -> None:
    assert opener.place is not None
    url = opener.place.new_store()
    store = opener.at(url, KINDS)
    DeskKit(store)
    rng = random.Random(8)  # noqa: S311 - not a secret
    for number in range(KILLS_SOAK if soak else KILLS):
        name = f"d{number}"
        acks = killed(url, name, rng)
        check(store, name, acks)
        repeat(store, name, acks)
