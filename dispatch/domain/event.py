"""What happened, who says so, and when: the base of every event of a live day.

A **fact** says what happened; each kind of fact is a subclass of `Fact` whose ``kind`` is a literal
of its own. Use cases hand facts to a store, and the store makes **events** of them: facts with a
place in the log, a time, an actor and the request they belong to. Kinds live in files of their own;
`EventKinds` is the closed list a program reads a log with, a value and not a registry.

A kind is never given a second meaning. Fields may be added with a default, because an old log has
to stay readable; whatever else changes is a new kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, get_args, get_origin

from pydantic import AfterValidator, AwareDatetime, Field, SerializeAsAny

from dispatch.domain.base import Id, Model
from dispatch.errors import DispatchError


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


UtcMoment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment kept in UTC, whatever offset it was given with."""
Actor = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$")
]
"""A person or program that answers for an event: ``"dispatcher:li"``; no control characters."""
RequestId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
"""Id the caller gave a command, so that repeating it does nothing twice; visible ASCII."""
Sequence = Annotated[int, Field(ge=1, lt=2**63)]
"""Place of an event in the log, counted from 1 without gaps."""


class UnknownKind(DispatchError, KeyError):
    """An event kind this program does not know, such as one of a newer version."""


class Fact(Model):
    """What happened.

    Subclasses narrow ``kind`` to one literal in lower snake case, past tense, with that default::

        class VisitCancelled(Fact):
            kind: Literal["visit_cancelled"] = "visit_cancelled"
            visit: Id

    Attributes
    ----------
    kind
        Names the subclass wherever the fact is written.
    """

    kind: str

    def payload(self) -> dict[str, object]:
        """Return every field but ``kind`` as plain JSON values."""
        return self.model_dump(mode="json", exclude={"kind"})


class Event(Model):
    """A fact in the log.

    Attributes
    ----------
    sequence
        Its place in the log.
    at
        When the request was made, UTC.
    by
        Who made it.
    day
        Id of the service day it belongs to.
    request_id
        Command it belongs to; a command may have several events.
    what
        What happened.
    """

    sequence: Sequence
    at: UtcMoment
    by: Actor
    day: Id
    request_id: RequestId
    what: SerializeAsAny[Fact]


class Undone(Fact):
    """An earlier event no longer holds; undoing this one makes it hold again.

    Attributes
    ----------
    undoes
        Sequence of the event.
    reason
        Why, in the actor's words.
    """

    kind: Literal["undone"] = "undone"
    undoes: Sequence
    reason: str = Field(default="", max_length=1000)


@dataclass(frozen=True, slots=True)
class EventKinds:
    """The kinds of facts a program knows, by name.

    Parameters
    ----------
    by_name
        Class of each kind; made by `of`.
    """

    by_name: Mapping[str, type[Fact]]

    @classmethod
    def of(cls, *kinds: type[Fact]) -> Self:
        """List ``kinds``.

        Raises
        ------
        ValueError
            A class whose ``kind`` is not one literal, or a name that two classes have.
        """
        by_name: dict[str, type[Fact]] = {}
        for kind in kinds:
            name = _name_of(kind)
            if by_name.setdefault(name, kind) is not kind:
                raise ValueError(f"kind {name!r} of {kind.__name__} is {by_name[name].__name__}'s")
        return cls(by_name)

    def __or__(self, other: EventKinds) -> EventKinds:
        """Return the kinds of both; a name that both have must mean one class."""
        return EventKinds.of(*self, *other)

    def __iter__(self) -> Iterator[type[Fact]]:
        return iter(self.by_name.values())

    def read(self, kind: str, payload: Mapping[str, object]) -> Fact:
        """Make the fact of a kind from its plain JSON values.

        Raises
        ------
        UnknownKind
            No such kind here.
        pydantic.ValidationError
            The values do not fit the kind.
        """
        found = self.by_name.get(kind)
        if found is None:
            raise UnknownKind(f"unknown event kind {kind!r}")
        return found.model_validate({**payload, "kind": kind})


def _name_of(kind: type[Fact]) -> str:
    annotation = kind.model_fields["kind"].annotation
    names = get_args(annotation) if get_origin(annotation) is Literal else ()
    if len(names) != 1 or not isinstance(names[0], str):
        raise ValueError(f"{kind.__name__}.kind is not one literal string")
    return names[0]
