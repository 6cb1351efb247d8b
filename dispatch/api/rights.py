"""Who may do what: roles, rights, and the one function that decides.

Every route declares one `Right` by `needs`; `dispatch.api.entry` asks `authorize` before the route
runs, and refuses to mount a route without a declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from dispatch.api.faults import ApiCode, Refused


class Role(StrEnum):
    """What somebody is to this service."""

    VIEWER = "viewer"
    """Sees days and plans, without customers."""
    TECHNICIAN = "technician"
    """Sees and reports the own jobs."""
    DISPATCHER = "dispatcher"
    """Decides about the days of the own regions."""
    PLANNER = "planner"
    """Sees figures, no single visit."""
    ADMIN = "admin"
    """Everything, keys and purges included."""


class Right(StrEnum):
    """What a route asks for."""

    OPEN = "open"
    """Anybody: health, login, pages without data."""
    SIGNED_IN = "signed_in"
    FIGURES = "figures"
    READ = "read"
    OWN = "own"
    """Only what is about the caller's own jobs; routes below ``/me``."""
    DECIDE = "decide"
    MANAGE = "manage"


_OFFICE = frozenset({Role.DISPATCHER, Role.ADMIN})
HOLDERS = {
    Right.SIGNED_IN: frozenset(Role),
    Right.FIGURES: _OFFICE | {Role.PLANNER, Role.VIEWER},
    Right.READ: _OFFICE | {Role.VIEWER},
    Right.OWN: frozenset({Role.TECHNICIAN}),
    Right.DECIDE: _OFFICE,
    Right.MANAGE: frozenset({Role.ADMIN}),
}
"""Roles that hold each right; `Right.OPEN` needs none."""
DECLARED = "servicenet_right"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes
    ----------
    actor
        Name in the log: ``dispatcher:li``.
    regions
        Where the role holds; empty = everywhere.
    technician
        Own id in the days, for the role technician.
    """

    actor: str
    role: Role
    regions: tuple[str, ...] = ()
    technician: str | None = None

    def may_enter(self, regions: Collection[str | None]) -> bool:
        """Say whether anything of these regions is the caller's; None = of no region."""
        return not self.regions or any(one in self.regions for one in regions)

    def holds_in(self, regions: Collection[str | None]) -> bool:
        """Say whether all of these regions are the caller's."""
        return not self.regions or all(one in self.regions for one in regions)


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about.

    Attributes
    ----------
    day
        Id of the day; None where it is about none.
    regions
        Those the day has parts of; None among them = of no region.
    touched
        Those of the visits, technicians and outlets it is about; empty where it is about none in
        particular.
    technicians
        Who has the job; None where it is about no job in particular.
    """

    day: str | None = None
    regions: frozenset[str | None] = frozenset()
    touched: frozenset[str | None] = frozenset()
    technicians: frozenset[str] | None = None


NOTHING = Target()


def authorize(caller: Caller | None, right: Right, target: Target = NOTHING) -> None:
    """Let the request pass, or refuse it; the only place where that is decided.

    Parameters
    ----------
    caller
        None where nobody said who they are.
    right
        What the route asks for.
    target
        What it is about.

    Raises
    ------
    Refused
        A1005: nobody said who they are; A1006: not yours.
    """
    if right is Right.OPEN:
        return
    if caller is None:
        hint = "Send Authorization: Bearer TOKEN, or sign in."
        raise Refused(ApiCode.WHO, "request", "no token", "a token or a session", hint)
    if caller.role not in HOLDERS[right]:
        raise _not_yours(f"role {caller.role.value}", f"a role with the right {right.value}")
    if target.day is not None and not caller.may_enter(target.regions):
        raise _not_yours("a day of other regions", "a day of your regions")
    if not caller.holds_in(target.touched):
        raise _not_yours("something of another region", "what is of your regions alone")
    if right is Right.OWN and (
        caller.technician is None
        or (target.technicians is not None and caller.technician not in target.technicians)
    ):
        raise _not_yours("somebody else's job", "a job of your own")


def _not_yours(found: str, expected: str) -> Refused:
    return Refused(ApiCode.FORBIDDEN, "rights", found, expected)


Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def needs(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Declare the right of a route."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, DECLARED, right)
        return endpoint

    return declare


def find_right(endpoint: object) -> Right | None:
    """Find the declared right of a route; None if it has none."""
    found = getattr(endpoint, DECLARED, None)
    return found if isinstance(found, Right) else None
