"""A command's envelope, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from dispatch.domain.base import Model
from dispatch.domain.event import Actor, Event, Fact, RequestId, UtcMoment
from dispatch.live.store.chain import sha256


class Request(Model):
    """A command's envelope.

    Attributes
    ----------
    id
        Chosen by the caller; the same id again changes nothing and gives the first receipt.
    by
        Who asks.
    at
        When, by the caller's clock.
    content
        What is asked for, as text (JSON, say). An id used again for something else is refused;
        only a digest is kept.
    may
        Looks at each fact before it is recorded or undone, and refuses it by raising; None lets
        everything pass.
    """

    id: RequestId
    by: Actor
    at: UtcMoment
    content: str = Field(max_length=10_000_000)
    may: Callable[[Fact], None] | None = Field(default=None, exclude=True, repr=False)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content."""
        return sha256(self.content.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command left behind; whoever holds it may acknowledge the command.

    Parameters
    ----------
    events
        In order.
    repeated
        Whether an earlier command with this request id had left them already.
    """

    events: tuple[Event, ...]
    repeated: bool = False
