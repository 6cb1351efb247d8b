"""The one route a simulated day adds to the service: how fast time runs."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from dispatch.api.answers import Body
from dispatch.api.day_clock import CLOCK_PATH
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs
from scenarios.demo_live_clock import SimulatedClock


class ClockOut(BaseModel):
    """Moment of the day, and how fast it passes."""

    now: datetime
    rate: float
    rates: tuple[float, ...]


class ClockAsk(Body):
    """Seconds of the day per second; 0 = it stands."""

    rate: float


def clock_router(clock: SimulatedClock) -> APIRouter:
    """Return the route ``POST /clock`` of a clock."""
    router = APIRouter(tags=["simulated day"])

    @router.post(CLOCK_PATH)
    @needs(Right.DECIDE)
    def set_clock(body: ClockAsk) -> ClockOut:
        """Let time run faster, slower, or not at all; for everybody."""
        if body.rate not in clock.rates:
            expected = ", ".join(f"{one:g}" for one in clock.rates)
            raise Refused(ApiCode.FORM, "rate", f"{body.rate:g}", expected)
        clock.set_rate(body.rate)
        return ClockOut(now=clock.now(), rate=clock.rate, rates=clock.rates)

    return router
