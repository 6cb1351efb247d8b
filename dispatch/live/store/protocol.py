"""The store as use cases see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol, TextIO

from dispatch.errors import Fault
from dispatch.live.store.reader import Reader
from dispatch.live.store.request import Receipt, Request
from dispatch.live.store.rows import Head
from dispatch.live.store.writer import Writer


class Store(Protocol):
    """Where live days are kept; safe between threads.

    `dispatch.live.store.MemoryStore` forgets at the end, `dispatch.adapters.store.SqlStore` does
    not; both obey the same rules.
    """

    def execute(self, request: Request, work: Callable[[Writer], None]) -> Receipt:
        """Run a command: all it writes is kept together, or nothing.

        When this returns, the command survives the end of the process (and, in a database, a loss
        of power). When it raises, nothing was kept, with one exception: if the connection broke
        during the commit, nobody knows. Repeating the same request is right in either case.

        Parameters
        ----------
        request
            Envelope; a request committed before gives its first receipt, and ``work`` is not run.
        work
            Reads and writes. Others wait meanwhile: search first, then write. It may read the
            store only through its writer and must not keep it.

        Raises
        ------
        Conflict
            The day is no longer in the version the command was made for.
        StoreBusy
            Others held the store too long.
        StoreError
            Any other refusal, or the database cannot be used.
        """

    def read(self) -> AbstractContextManager[Reader]:
        """Open the store as it is at this moment; what others commit later is not seen."""

    def check_log(self) -> tuple[Fault, ...]:
        """Verify log, versions and documents against each other; return every fault."""

    def export_log(self, out: TextIO) -> Head:
        """Write everything as JSON lines, as of this moment; return the end of the log.

        Raises
        ------
        StoreError
            An event or document is damaged.
        """

    def restore_log(self, lines: Iterable[str]) -> Head:
        """Fill this empty store from JSON lines, wholly or not at all; return the end of the log.

        Raises
        ------
        StoreError
            S1009: it is not empty; S3010: the lines are cut off or damaged; what `check_log` finds.
        """

    def close(self) -> None:
        """Let go of files and connections."""
