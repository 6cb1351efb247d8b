"""A process killed at any moment loses nothing it acknowledged and leaves nothing half done."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from multiprocessing.connection import Connection

import pytest

from dispatch.live.store import Store
from tests.days import tiny_day
from tests.killed_writer import PARTS, Ack, write_until_killed
from tests.stores import Caller, Noted, Opener, PostgresPlace
from tests.waiting import PATIENCE_S

KILLS, KILLS_SOAK = 5, 100
CRASHES, CRASHES_SOAK = 1, 10


class Victim:
    """A writing process of its own; forked from a server that has everything imported."""

    def __init__(self, url: str, name: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.killed_writer"])
        self._acks, theirs = context.Pipe(duplex=False)
        self.name = name
        self.process = context.Process(target=write_until_killed, args=(url, name, theirs))
        self.process.start()
        theirs.close()

    def wait(self, commands: int) -> list[Ack]:
        """Return the next ``commands`` acknowledgments."""
        return [self._receive() for _ in range(commands)]

    def kill(self) -> list[Ack]:
        """Send SIGKILL; return what was acknowledged and not read yet."""
        self.process.kill()
        return self.end()

    def end(self) -> list[Ack]:
        """Wait for the end; return what was acknowledged and not read yet."""
        self.process.join(PATIENCE_S)
        assert self.process.exitcode is not None
        rest = list(read_rest(self._acks))
        self._acks.close()
        self.process.close()
        return rest

    def _receive(self) -> Ack:
        assert self._acks.poll(PATIENCE_S), "the writer is silent"
        return self._acks.recv()


def read_rest(acks: Connection) -> list[Ack]:
    rest: list[Ack] = []
    while True:
        try:
            rest.append(acks.recv())
        except EOFError:
            return rest


def check(store: Store, name: str, acknowledged: list[Ack]) -> int:
    """Check the store after a death; return how many commands were kept but not acknowledged."""
    assert store.check_log() == ()
    with store.read() as reader:
        for request, sequences in acknowledged:
            assert [event.sequence for event in reader.find_request(request)] == sequences
        kept = Counter(event.request_id for event in reader.events() if event.by == name)
        assert set(kept.values()) <= {PARTS}
        # The current version can be read; what the log says of it was checked above.
        reader.find_plan("tiny")
    more = set(kept) - {request for request, _ in acknowledged}
    # The command that was running may be kept, if it was killed on its way to the caller.
    assert len(more) <= 1
    return len(more)


def started(opener: Opener) -> tuple[str, Store]:
    url = opener.place.new_store()
    store = opener.at(url)
    Caller(store)(lambda w: w.open_day(tiny_day()))
    return url, store


def test_kill_9_at_any_moment_loses_nothing_acknowledged(opener: Opener, soak: bool) -> None:
    url, store = started(opener)
    rng = random.Random(6)  # noqa: S311 - not a secret
    kills = KILLS_SOAK if soak else KILLS
    for number in range(kills):
        victim = Victim(url, f"v{number}")
        acknowledged = victim.wait(rng.randint(1, 4))
        # Any moment of a command may be hit; the result must not depend on which one.
        time.sleep(rng.uniform(0, 0.02))
        acknowledged += victim.kill()
        check(store, f"v{number}", acknowledged)


def test_a_server_that_crashes_loses_nothing_acknowledged(
    postgresql_place: PostgresPlace, soak: bool
) -> None:
    opener = Opener(postgresql_place)
    url, store = started(opener)
    rng = random.Random(7)  # noqa: S311 - not a secret
    for number in range(CRASHES_SOAK if soak else CRASHES):
        victim = Victim(url, f"c{number}")
        acknowledged = victim.wait(rng.randint(1, 4))
        postgresql_place.cluster.crash()
        acknowledged += victim.end()
        # The writer was told, and told its caller nothing else.
        assert acknowledged.pop() == ("S1003", [])
        postgresql_place.cluster.start()
        check(store, f"c{number}", acknowledged)
    opener.close()


def test_a_killed_command_can_be_sent_again_and_is_kept_once(opener: Opener) -> None:
    url, store = started(opener)
    victim = Victim(url, "v")
    acknowledged = victim.wait(2)
    acknowledged += victim.kill()
    second = Victim(url, "v")
    repeated = second.wait(len(acknowledged))
    repeated += second.kill()
    assert repeated[: len(acknowledged)] == acknowledged
    check(store, "v", repeated)


def test_the_check_notices_a_lost_command_and_a_half_one(opener: Opener) -> None:
    _, store = started(opener)
    with pytest.raises(AssertionError):
        check(store, "v", [("v-0", [2, 3, 4])])
    Caller(store, by="v")(lambda w: w.record("tiny", Noted()))
    with pytest.raises(AssertionError):
        check(store, "v", [("v-1", [2])])
