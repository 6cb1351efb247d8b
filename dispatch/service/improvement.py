"""A search for better ways to serve a visit, as a document that another process can work on."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.travel_document import TravelDocument, read_travel
from dispatch.live.freeze import Freeze
from dispatch.live.projection import Projection
from dispatch.live.state import LiveState
from dispatch.service.improving import search_option
from dispatch.service.options import Option
from dispatch.service.prepared import Prepared, prepare
from solver.stop import Stop


class Improvement(Model):
    """All such a search needs: no store, no roads, no key.

    Attributes
    ----------
    state, projection, travel
        The day with the visit, which nobody has.
    divert
        Who is on the way may be sent elsewhere.
    freeze
        What is left alone.
    by
        The last moment to reach the visit; None = any that the rules allow.
    """

    state: LiveState
    projection: Projection
    travel: TravelDocument
    visit: Id
    divert: bool
    freeze: Freeze
    by: Moment | None


Searching = Callable[[Improvement], Option | None]
"""Searches, here or elsewhere."""


def prepare_improvement(asked: Improvement) -> Prepared:
    """Return the day made ready."""
    return prepare(
        asked.state,
        asked.projection,
        read_travel(asked.travel),
        freeze=asked.freeze,
        divert=asked.divert,
    )


def search_improvement(asked: Improvement, stop: Stop, seed: int) -> Option | None:
    """Return what a search finds; see `dispatch.service.improving.search_option`."""
    return search_option(prepare_improvement(asked), asked.visit, stop, seed, by=asked.by)
