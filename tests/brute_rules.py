"""The day in numbers for the exhaustive search; written from docs/semantics.md, own words.

Money is in *grains*: an eighteen-thousandth of a fen, so that an hour, a minute and a kilometer
divide evenly (lcm of 3600 and 1000) and every sum is exact in integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.domain import Day, Outlet, Place, Technician, Visit
from dispatch.domain.travel_table import TravelTable

GRAIN = 18_000
QUARTER_HOUR = 900
UNASSIGNED = {
    "emergency": "unassigned_emergency",
    "urgent": "unassigned_urgent",
    "important": "unassigned_important",
    "general": "unassigned_general",
}


@dataclass(frozen=True)
class Way:
    """A promise to keep: name, earliest, due (None = never late), last moment, price a minute."""

    name: str | None
    earliest: int
    due: int | None
    last: int
    per_minute: int


class Rules:
    """Everything the search asks about one day."""

    def __init__(self, day: Day, table: TravelTable) -> None:
        self.day, self.table, self.prices = day, table, day.prices
        self.last_second = self.second(day.horizon_end)

    def second(self, moment: datetime) -> int:
        return int((moment - self.day.horizon_start) / timedelta(seconds=1))

    # -- promises --------------------------------------------------------------------------

    def ways(self, visit: Visit) -> list[Way]:
        emergency = visit.priority == "emergency"
        floor = self.second(visit.received_at) if emergency and visit.received_at else 0
        rate = getattr(self.prices, f"late_{visit.priority.value}_per_min")
        if visit.customer_class == "vip":
            rate *= self.prices.late_factor_vip
        spans = [(*map(self.second, promise.window()), promise.id) for promise in visit.promises]
        spans.sort(key=lambda span: (*span[:2], span[2] or ""))
        ways = [
            Way(name or str(place), max(begin, floor), end, self.last_second, rate)
            for place, (begin, end, name) in enumerate(spans, 1)
        ]
        if not ways and emergency:
            cost = self.prices.emergency_arrival_per_min
            ways = [Way("arrival", floor, floor + QUARTER_HOUR, self.last_second, cost)]
        if not ways:
            ways = [Way(None, 0, None, self.last_second, 0)]
        if visit.pin is None or visit.pin.arrival is None:
            return ways
        return self._pinned(visit, ways, [span[0] for span in spans], floor)

    def _pinned(self, visit: Visit, ways: list[Way], opens: list[int], floor: int) -> list[Way]:
        moment = self.second(visit.pin.arrival)
        if moment < floor:
            return []
        if not visit.promises:
            return [Way(ways[0].name, moment, ways[0].due, moment, ways[0].per_minute)]
        open_by = [way for way, begin in zip(ways, opens, strict=True) if begin <= moment]
        if not open_by:
            return [Way(ways[0].name, moment, None, moment, 0)]
        best = min(open_by, key=lambda way: max(0, moment - way.due))
        return [Way(best.name, moment, best.due, moment, best.per_minute)]

    def late(self, way: Way, arrival: int) -> int:
        """Lateness in grains: a minute's price a minute, more after the knee."""
        if way.due is None or arrival <= way.due:
            return 0
        over, knee = arrival - way.due, self.prices.late_knee_s
        weight = over if over <= knee else knee + self.prices.late_factor_after_knee * (over - knee)
        return weight * way.per_minute * (GRAIN // 60)

    # -- who may go ------------------------------------------------------------------------

    def may(self, technician: Technician, visit: Visit) -> bool:
        if technician.id in visit.excluded:
            return False
        if visit.required and technician.id not in visit.required:
            return False
        if visit.pin and visit.pin.technician not in {None, technician.id}:
            return False
        if technician.territory and visit.district not in technician.territory:
            return False
        return all(self._level(technician, n.skill) >= n.level for n in visit.skills)

    def _level(self, technician: Technician, name: str) -> int:
        valid = [
            skill.level
            for skill in technician.skills
            if skill.skill == name
            and not (skill.certificate_expires and skill.certificate_expires < self.day.date)
        ]
        return max(valid, default=0)

    def fit_price(self, technician: Technician, visit: Visit) -> int:
        """Grains for over-qualification, wishes and radius if the technician serves."""
        prices = self.prices
        fen = sum(
            prices.over_qualified_per_level * (self._level(technician, n.skill) - n.level)
            for n in visit.skills
        )
        if visit.preferred and technician.id not in visit.preferred:
            fen += prices.not_preferred
        if visit.last_technician and visit.last_technician != technician.id:
            fen += prices.not_last_technician
        home = next((o for o in self.day.outlets if o.id == technician.outlet), None)
        return fen * GRAIN + self.radius_price(visit, home)

    # -- outlets ---------------------------------------------------------------------------

    def hours(self, outlet: Outlet) -> tuple[int, int] | None:
        """Opening and closing second today; None = closed today."""
        if not outlet.opening_hours:
            return -(10**9), 10**9
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        weekday, zone = names[self.day.date.weekday()], ZoneInfo(self.day.zone)
        spans = [(h.opens, h.closes) for h in outlet.opening_hours if h.day == weekday]
        if not spans:
            return None
        moments = [datetime.combine(self.day.date, t, tzinfo=zone) for span in spans for t in span]
        return self.second(min(moments)), self.second(max(moments))

    def responsible(self, visit: Visit, server: Outlet | None) -> Outlet | None:
        outlets = sorted(self.day.outlets, key=lambda outlet: outlet.id)
        by_hand = [outlet for outlet in outlets if outlet.id == visit.outlet]
        by_district = [o for o in outlets if visit.district and visit.district in o.territory]
        nearest = sorted(outlets, key=lambda o: apart_m(o.place, visit.place))
        choices = [*by_hand, *by_district, *([server] if server else []), *nearest]
        return choices[0] if choices else None

    def beyond(self, visit: Visit, server: Outlet | None) -> tuple[Outlet | None, int]:
        """Responsible outlet and meters beyond its radius."""
        outlet, settings = self.responsible(visit, server), self.day.settings
        if outlet is None:
            return None, 0
        zone = visit.zone if settings.radius_by == "demand" else outlet.zone
        zone = zone or settings.default_zone
        zone = settings.rural_counts_as if zone == "rural" else zone
        own = settings.urban_radius_m if zone == "urban" else settings.suburban_radius_m
        standard = 5_000 if zone == "urban" else 20_000
        radius = next(r for r in (outlet.radius_m, own, standard) if r is not None)
        meters = int(apart_m(outlet.place, visit.place) + 0.5)
        if settings.radius_measure == "road":
            road = self.table.leg("car", outlet.place, visit.place)
            meters = road[1] if road else meters
        return outlet, max(0, meters - radius)

    def radius_price(self, visit: Visit, server: Outlet | None) -> int:
        _, over = self.beyond(visit, server)
        if not over:
            return 0
        per_meter = self.prices.beyond_radius_per_km * (GRAIN // 1000)
        return self.prices.beyond_radius * GRAIN + per_meter * over

    def contract_price(self, outlet: Outlet, visit: Visit) -> int | None:
        """Grains if the contracted outlet serves the visit; None if it cannot."""
        capacity, hours = outlet.capacity, self.hours(outlet)
        pinned = visit.pin and (visit.pin.technician or visit.pin.arrival)
        if outlet.id in visit.excluded or visit.required or pinned or hours is None:
            return None
        if any(need.skill not in capacity.skills for need in visit.skills):
            return None
        ways = self.ways(visit)
        spans = [tuple(map(self.second, promise.window())) for promise in visit.promises]
        spans = spans or [(ways[0].earliest, self.last_second)]
        if not any(begin <= hours[1] and end >= hours[0] for begin, end in spans):
            return None
        grains = capacity.price_fen * GRAIN + self.radius_price(visit, outlet)
        if ways[0].name == "arrival" and not visit.promises:
            leg = self.table.leg("car", outlet.place, visit.place)
            if leg is None:
                return None
            grains += self.late(
                ways[0], max(ways[0].earliest, hours[0]) + capacity.response_s + leg[0]
            )
        return grains

    def penalty(self, visit: Visit) -> tuple[int, int]:
        """Grains of leaving the visit out: as the search weighs it, and as the plan says."""
        emergency = visit.priority == "emergency"
        if not visit.mandatory and not emergency:
            grains = (visit.value_fen or 0) * GRAIN
            return grains, grains
        grains = getattr(self.prices, UNASSIGNED[visit.priority.value]) * GRAIN
        first = emergency or self.day.settings.mandatory == "first"
        # Small days are far from 64 bits: the weight is never lowered here.
        return grains * (10_000 if first else 1), grains


def apart_m(a: Place, b: Place) -> float:
    """Great circle by the haversine, meters."""
    lon, lat = math.radians(b.lon - a.lon), math.radians(b.lat - a.lat)
    h = math.sin(lat / 2) ** 2
    h += math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat)) * math.sin(lon / 2) ** 2
    return 2 * 6_371_008.8 * math.atan2(math.sqrt(h), math.sqrt(1 - h))
