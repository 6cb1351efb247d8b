"""A clause of a service standard: its figure, its force and its words."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from dispatch.domain.base import Model


class Force(StrEnum):
    """How strongly the source document asks for a figure."""

    SHALL = "shall"
    SHOULD = "should"
    EXAMPLE = "example"
    TARGET = "target"
    CARD = "card"
    """The product's own design card."""
    OWN = "own"
    """The clause names the figure without a target; the target is the product's."""


Unit = Literal["s", "min", "h", "day", "workday", "month", "year", "percent", "m", "count", "text"]
Bound = Literal["at_most", "at_least", "within", "text"]


class Clause(Model):
    """One figure of one clause.

    Attributes
    ----------
    id
        Clause of the source document, such as ``T259-8.3-a``.
    key
        What the figure is for; a profile has exactly one clause for each key.
    figure, unit, bound
        ``at_most`` 30 min, ``at_least`` 95 percent, ``within`` plus or minus 30 min. None with
        unit and bound ``text`` where the clause asks for something that is not a number.
    zh, en
        What the clause asks for, in words.
    """

    id: str
    key: str
    force: Force
    bound: Bound
    figure: float | None
    unit: Unit
    zh: str
    en: str


def clause(
    id_: str,
    key: str,
    force: str,
    demand: str,
    words: tuple[str, str],
) -> Clause:
    """Return a clause from a line of a profile's table.

    Parameters
    ----------
    id_, key
        As in :class:`Clause`.
    force
        Value of :class:`Force`.
    demand
        ``"at_most 30 min"``, or ``"text"``.
    words
        Chinese, English.
    """
    bound, figure, unit = ("text", None, "text") if demand == "text" else demand.split()
    return Clause.model_validate(
        {
            "id": id_,
            "key": key,
            "force": force,
            "bound": bound,
            "figure": None if figure is None else float(figure),
            "unit": unit,
            "zh": words[0],
            "en": words[1],
        }
    )
