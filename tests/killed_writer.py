"""A process that sends commands to a store and acknowledges them, until somebody kills it."""

from __future__ import annotations

import itertools
import random
from multiprocessing.connection import Connection

from dispatch.adapters.store import open_store
from dispatch.errors import StoreError
from dispatch.live.store import Request, Writer
from tests.stores import KINDS, NOW, Noted, plan

PARTS = 3
"""Events of every command here: a note, a version or an undo of the last one, a note."""
Ack = tuple[str, list[int]]


def write_until_killed(url: str, name: str, acks: Connection) -> None:
    """Send commands; tell the id and sequences of each one that the store confirmed.

    Ends by itself only when the store says that its database is gone.
    """
    rng = random.Random(name)  # noqa: S311 - not a secret
    store = open_store(url, KINDS)
    try:
        for number in itertools.count():
            request = Request(id=f"{name}-{number}", by=name, at=NOW, content="")
            receipt = store.execute(request, lambda w: _work(w, rng))
            acks.send((request.id, [event.sequence for event in receipt.events]))
    except StoreError as error:
        acks.send((error.faults[0].code, []))
    finally:
        store.close()


def _work(writer: Writer, rng: random.Random) -> None:
    version = writer.get_day("tiny").version
    last = writer.get_version("tiny")
    writer.record("tiny", Noted(text="before"))
    if version > 1 and rng.random() < 0.3:
        writer.undo(last.sequence, expected=version)
    else:
        # Half a megabyte that does not compress well: the disk has something to do.
        notes = tuple(rng.randbytes(500).hex() for _ in range(rng.randrange(500)))
        new = plan(version).model_copy(update={"notes": notes})
        writer.revise("tiny", expected=version, reason="search", plan=new)
    writer.record("tiny", Noted(text="after"))
