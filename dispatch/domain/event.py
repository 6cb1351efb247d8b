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
Version = Annotated[int, Field(ge=1, lt=2**31)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, hexadecimal."""
MAX_REASON = 1000
Words = Annotated[str, Field(max_length=MAX_REASON)]
"""A sentence of a person."""


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


class Revision(Model):
    """A version of a day: which documents are in force from here on.

    Attributes
    ----------
    version
        Counted from 1 without gaps, within the day.
    parent
        Version that was in force before; None for the first.
    origin
        Version whose content this is: itself, unless an undo brought an earlier content back.
    document, plan
        SHA-256 of the day document and of the plan; no plan yet is None.
    travel
        Digest of the travel table the plan was made with; empty without a plan.
    """

    version: Version
    parent: Version | None = None
    origin: Version
    document: Digest
    plan: Digest | None = None
    travel: str = Field(default="", max_length=200)


class DayOpened(Fact):
    """A service day came to the store.

    Attributes
    ----------
    zone
        IANA zone of its outlets; all moments of the log are UTC, people read them in this zone.
    revision
        The first version.
    faults
        Where the faults of its file are kept, such as visits set aside; empty without any.
    """

    kind: Literal["day_opened"] = "day_opened"
    zone: str = Field(min_length=1, max_length=64)
    revision: Revision
    faults: str = Field(default="", max_length=200)


class DayRevised(Fact):
    """Another plan, another day document, or both, are in force.

    Attributes
    ----------
    revision
        The new version.
    reason
        Why, in the actor's words.
    """

    kind: Literal["day_revised"] = "day_revised"
    revision: Revision
    reason: Words = ""


class Undone(Fact):
    """An earlier event no longer holds; undoing this one makes it hold again.

    Attributes
    ----------
    undoes
        Sequence of the event.
    revision
        The version that brings the content before it back; None where the event made no version.
    reason
        Why, in the actor's words.
    """

    kind: Literal["undone"] = "undone"
    undoes: Sequence
    revision: Revision | None = None
    reason: Words = ""


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

    def read(self, kind: str, payload: str) -> Fact:
        """Make the fact of a kind from the JSON text of its values.

        Raises
        ------
        UnknownKind
            No such kind here.
        pydantic.ValidationError
            The text is no JSON object, or its values do not fit the kind.
        """
        found = self.by_name.get(kind)
        if found is None:
            raise UnknownKind(f"unknown event kind {kind!r}")
        # Validated from text, so that what JSON writes as text (dates, say) is read as it was.
        return found.model_validate_json(payload)


def _name_of(kind: type[Fact]) -> str:
    annotation = kind.model_fields["kind"].annotation
    names = get_args(annotation) if get_origin(annotation) is Literal else ()
    if len(names) != 1 or not isinstance(names[0], str):
        raise ValueError(f"{kind.__name__}.kind is not one literal string")
    return names[0]


STORE_KINDS = EventKinds.of(DayOpened, DayRevised, Undone)
"""Kinds that a store writes itself; those of work orders and changes join them by ``|``."""
