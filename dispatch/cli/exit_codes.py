"""Exit codes of ``servicenet``; docs/cli.md and ``--help`` show the same table."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended; ``meaning`` is the line people read."""

    OK = 0
    VIOLATIONS = 1
    INPUT = 2
    TRAVEL = 3
    ENGINE = 4
    EMERGENCY = 5
    REJECTED = 6
    STORE = 7
    USAGE = 64
    ADDRESS = 69
    INTERNAL = 70
    OUTPUT = 73
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """Return what the code says, in one line."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.OK: "done; a plan was made (its status names visits that stayed unassigned)",
    Exit.VIOLATIONS: "check: the plan breaks rules; store check: the log does not verify",
    Exit.INPUT: "the input is broken; every fault was printed, nothing was done",
    Exit.TRAVEL: "the roads cannot be read or fetched",
    Exit.ENGINE: "the engine asked for is not available here",
    Exit.EMERGENCY: "a plan was made, but an emergency stays unserved",
    Exit.REJECTED: "the referee rejected our own plan; nothing was written",
    Exit.STORE: "the store refused, or cannot be used; every fault was printed",
    Exit.USAGE: "the command line is wrong",
    Exit.ADDRESS: "serve: the address to listen on is taken; nothing was started",
    Exit.INTERNAL: "a mistake of this program",
    Exit.OUTPUT: "the results cannot be written",
    Exit.INTERRUPTED: "interrupted before there was a plan",
}


def exit_code_table() -> str:
    """Return the table as text, one code a line."""
    return "\n".join(f"  {code.value:>3}  {code.meaning}" for code in Exit)
