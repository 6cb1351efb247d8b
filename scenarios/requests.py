"""Visits of a made-up day: appointments, windows, maintenance, emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Customer, Place, Priority, Promise, SkillNeed, Technician, Visit
from scenarios.catalog import EMERGENCY_SKILLS, LEVEL_SHARES, TRADES, Trade
from scenarios.demand import Demand
from scenarios.staff import Calendar, draw_names

SLOTS = tuple(range(8 * 60 + 30, 19 * 60 + 1, 30))
"""Appointments start on the half hour, minutes after midnight."""

EMERGENCY_AHEAD_MIN = 10
"""Emergencies of a morning plan came in at most this long before the first shift begins.

Those that come later are unknown in the morning: they belong to the live day. Planned ahead,
somebody would already wait at the customer's door when the call comes.
"""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the things that make visits differ; all between 0 and 1.

    Attributes
    ----------
    window, alternatives
        Visits with a two-hour window, and with two appointments to choose from; all others have
        one appointment.
    important, urgent
        Priorities; all others are general.
    high_rise
        Visits that take long from the parked vehicle to the door.
    optional
        Maintenance visits that may be left out for their value.
    """

    window: float = 0.20
    alternatives: float = 0.10
    important: float = 0.15
    urgent: float = 0.05
    vip: float = 0.08
    high_rise: float = 0.30
    optional: float = 0.08
    preferred: float = 0.10
    last_technician: float = 0.25
    excluded: float = 0.02


@dataclass(frozen=True, eq=False)
class Requests:
    """Draws visits.

    Parameters
    ----------
    demand
        Where people live.
    calendar
        The day.
    technicians
        Who can be preferred; appointments follow how many of them are on shift.
    mix
        Shares of the kinds of visits.
    rng
        Source of chance.
    """

    demand: Demand
    calendar: Calendar
    technicians: tuple[Technician, ...]
    mix: Mix
    rng: np.random.Generator

    def draw_visits(self, count: int) -> tuple[Visit, ...]:
        """Return planned visits, ids ``V001``, ``V002`` and so on."""
        nodes = self.demand.draw(self.rng, count)
        slots = self.rng.choice(SLOTS, size=count, p=self._slot_shares())
        trades = self.rng.choice(len(TRADES), size=count, p=[trade.share for trade in TRADES])
        names = draw_names(self.rng, count)
        width = max(3, len(str(count)))
        return tuple(
            self._visit(
                f"V{i + 1:0{width}d}",
                Customer(name=names[i], phone=f"555-{i + 1:04d}"),
                int(nodes[i]),
                trade=TRADES[trades[i]],
                slot=int(slots[i]),
            )
            for i in range(count)
        )

    def draw_emergencies(self, count: int) -> tuple[Visit, ...]:
        """Return emergencies without appointment, ids ``E1``, ``E2``, by reception.

        They came in just before the earliest shift begins, when the morning plan is made: some can
        be reached within the quarter of an hour they are owed, some cannot.
        """
        nodes = self.demand.draw(self.rng, count)
        first_shift = min(shift.start for t in self.technicians for shift in t.shifts)
        ahead = self.rng.integers(0, EMERGENCY_AHEAD_MIN, size=count, endpoint=True)
        received = [first_shift - timedelta(minutes=int(m)) for m in np.sort(ahead)[::-1]]
        names = draw_names(self.rng, count)
        return tuple(
            Visit(
                id=f"E{i + 1}",
                place=self.demand.door(self.rng, int(nodes[i])),
                service_s=60 * 5 * int(self.rng.integers(6, 13)),
                access_s=60,
                skills=(SkillNeed(skill=str(self.rng.choice(EMERGENCY_SKILLS))),),
                priority=Priority.EMERGENCY,
                customer=Customer(name=names[i], phone=f"555-9{i + 1:03d}"),
                received_at=received[i],
                released_at=received[i],
                **self._district(int(nodes[i])),
            )
            for i in range(count)
        )

    def _district(self, node: int) -> dict[str, str | None]:
        district = str(self.demand.district[node])
        return {"district": district, "zone": self.demand.zone.get(district)}

    def _slot_shares(self) -> NDArray[np.float64]:
        """Return the share of each slot: technicians who can start there and finish in an hour."""
        on_shift = np.zeros(len(SLOTS))
        for technician in self.technicians:
            shift = technician.shifts[0]
            for i, slot in enumerate(SLOTS):
                moment = self.calendar.at(slot)
                settled = shift.start + timedelta(minutes=30) <= moment
                on_shift[i] += settled and moment + timedelta(minutes=60) <= shift.end
        shares: NDArray[np.float64] = on_shift / on_shift.sum()
        return shares

    def _visit(self, name: str, customer: Customer, node: int, *, trade: Trade, slot: int) -> Visit:
        rng, mix = self.rng, self.mix
        level = 1 + int(rng.choice(len(LEVEL_SHARES), p=LEVEL_SHARES))
        place: Place = self.demand.door(rng, node)
        optional = bool(rng.random() < mix.optional)
        rank = rng.random()
        priority = Priority.URGENT if rank < mix.urgent else Priority.GENERAL
        if mix.urgent <= rank < mix.urgent + mix.important:
            priority = Priority.IMPORTANT
        steps = rng.integers(trade.least_min // 5, trade.most_min // 5 + 1)
        return Visit(
            id=name,
            place=place,
            customer=customer,
            promises=self._maintenance(slot) if optional else self._promises(slot),
            service_s=60 * 5 * int(steps),
            access_s=int(rng.integers(180, 421)) if rng.random() < mix.high_rise else 60,
            skills=(SkillNeed(skill=trade.skill, level=level),),
            priority=Priority.GENERAL if optional else priority,
            customer_class="vip" if rng.random() < mix.vip else "standard",
            mandatory=not optional,
            value_fen=100 * int(rng.integers(150, 401)) if optional else None,
            **self._relations(trade.skill, level),
            **self._district(node),
        )

    def _promises(self, slot: int) -> tuple[Promise, ...]:
        at, kind = self.calendar.at, self.rng.random()
        if kind < self.mix.window:
            return (Promise(earliest=at(slot - 60), latest=at(slot + 60)),)
        first = Promise(appointment=at(slot), tolerance_min=30)
        if kind < self.mix.window + self.mix.alternatives:
            other = SLOTS[(SLOTS.index(slot) + len(SLOTS) // 2) % len(SLOTS)]
            return first, Promise(appointment=at(other), tolerance_min=30)
        return (first,)

    def _maintenance(self, slot: int) -> tuple[Promise, ...]:
        """Maintenance may come any time of the morning or of the afternoon."""
        at = self.calendar.at
        morning = slot < 13 * 60
        window = (8 * 60, 13 * 60) if morning else (13 * 60, 18 * 60)
        return (Promise(earliest=at(window[0]), latest=at(window[1])),)

    def _relations(self, skill: str, level: int) -> dict[str, tuple[str, ...] | str | None]:
        """Return preferred, excluded and last technician; each can do the work."""
        able = [
            technician.id
            for technician in self.technicians
            if any(own.skill == skill and own.level >= level for own in technician.skills)
        ]
        wished, banned, before = (str(self.rng.choice(able)) if able else None for _ in range(3))
        chance = self.rng.random(3)
        known = before if chance[2] < self.mix.last_technician else None
        unwanted = banned is not None and chance[1] < self.mix.excluded and banned != wished
        return {
            "preferred": (wished,) if wished and chance[0] < self.mix.preferred else (),
            "excluded": (banned,) if unwanted and banned and banned != known else (),
            "last_technician": known,
        }
