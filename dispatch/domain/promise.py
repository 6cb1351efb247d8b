"""What was promised to the customer: a bound on the arrival at the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from dispatch.domain.base import Id, Model, Moment

DEFAULT_TOLERANCE_MIN = 30
"""Clause T259-8.3-a; a standards profile may say otherwise for appointments without one."""


class Promise(Model):
    """An appointment with a tolerance, or a window; exactly one of the two.

    ``appointment`` 10:00 with ``tolerance_min`` 30 bounds the arrival to [09:30, 10:30], both
    ends inclusive. A window is given by ``earliest`` and ``latest``.
    """

    id: Id | None = None
    appointment: Moment | None = None
    tolerance_min: int | None = Field(default=None, ge=0, le=720)
    earliest: Moment | None = None
    latest: Moment | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        window = self.earliest is not None or self.latest is not None
        if self.appointment is not None and window:
            raise ValueError("an appointment and a window at once; give one of the two")
        if self.appointment is None and (self.earliest is None or self.latest is None):
            raise ValueError("neither an appointment nor a complete window")
        if self.appointment is None and self.tolerance_min is not None:
            raise ValueError("a tolerance without an appointment")
        if self.earliest is not None and self.latest is not None and self.latest < self.earliest:
            raise ValueError("the window ends before it starts")
        return self

    def window(self, tolerance_min: int = DEFAULT_TOLERANCE_MIN) -> tuple[Moment, Moment]:
        """Return earliest and latest arrival, both inclusive.

        Parameters
        ----------
        tolerance_min
            Tolerance of an appointment that states none, minutes.
        """
        if self.appointment is not None:
            own = self.tolerance_min if self.tolerance_min is not None else tolerance_min
            return self.appointment - timedelta(minutes=own), self.appointment + timedelta(
                minutes=own
            )
        if self.earliest is None or self.latest is None:
            raise ValueError("neither an appointment nor a complete window")
        return self.earliest, self.latest
