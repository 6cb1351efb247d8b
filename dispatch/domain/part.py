"""Spare parts: what a visit needs, what a van or an outlet has."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from dispatch.domain.base import Id, Model


class PartNeed(Model):
    """Parts a visit cannot be done without."""

    part: Id
    quantity: int = Field(default=1, ge=1, le=10_000)


class Stock(Model):
    """Parts at hand, or on order until ``available_on``."""

    part: Id
    quantity: int = Field(ge=0, le=1_000_000)
    available_on: date | None = None
