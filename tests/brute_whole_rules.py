"""The whole day in numbers for the exhaustive search: hours, days, roles, shares, own FIFO."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from dispatch.domain import Outlet, Technician, Visit
from tests.brute_rules import GRAIN, QUARTER_HOUR, Rules, Way
from tests.whole_random import dates_of

ALWAYS = (-(10**9), 10**9)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class WholeRules(Rules):
    """Rules of a day with features; written from docs/semantics.md, own words."""

    def __init__(self, day, table) -> None:
        super().__init__(day, table)
        self.dates = dates_of(day)
        self.zone = ZoneInfo(day.zone)
        self.after = {link.after for visit in day.visits for link in visit.links}
        self.seconds_by_pair: dict = {}

    # -- days ------------------------------------------------------------------------------

    def midnight(self, when: date) -> int:
        return self.second(datetime.combine(when, time(), tzinfo=self.zone))

    def span(self, when: date) -> tuple[int, int]:
        if len(self.dates) == 1:
            return 0, self.last_second
        begin, end = self.midnight(when), self.midnight(when + timedelta(days=1)) - 1
        return max(begin, 0), min(end, self.last_second)

    def date_of(self, second: int) -> date:
        if len(self.dates) == 1:
            return self.dates[0]
        when = (self.day.horizon_start + timedelta(seconds=second)).astimezone(self.zone).date()
        return min(max(when, self.dates[0]), self.dates[-1])

    def openings(self, outlet: Outlet, when: date) -> list[tuple[int, int]]:
        names = [h for h in outlet.opening_hours if h.day == WEEK[when.weekday()]]
        spans = [
            tuple(
                self.second(datetime.combine(when, clock, tzinfo=self.zone))
                for clock in (h.opens, h.closes)
            )
            for h in names
        ]
        return sorted(spans)

    def hours_on(self, outlet: Outlet, when: date) -> tuple[int, int] | None:
        if not outlet.opening_hours:
            return ALWAYS
        spans = self.openings(outlet, when)
        return (spans[0][0], max(end for _, end in spans)) if spans else None

    def on_days(self, visit: Visit) -> list[tuple[int, int]]:
        return [self.span(when) for when in sorted(set(visit.days)) if when in self.dates]

    def touching(self, visit: Visit, begin: int, end: int) -> bool:
        if not visit.days:
            return True
        if len(self.dates) == 1:
            return self.dates[0] in visit.days
        return any(begin <= last and end >= first for first, last in self.on_days(visit))

    def ways(self, visit: Visit) -> list[Way]:
        """What may be kept, nothing of it much before the customer was told."""
        found = self._ways(visit)
        if visit.told is None or (visit.pin is not None and visit.pin.arrival is not None):
            return found
        early = self.second(visit.told.arrival) - self.day.settings.disturbed_free_s
        closes = [min(way.last, way.last if way.due is None else way.due) for way in found]
        return [
            replace(way, earliest=max(way.earliest, min(early, end)))
            for way, end in zip(found, closes, strict=True)
        ]

    def _ways(self, visit: Visit) -> list[Way]:
        owed = visit.priority == "emergency" and not visit.promises
        if not visit.days or owed:
            return super().ways(visit)
        if not visit.promises:
            found = [Way(None, first, None, last, 0) for first, last in self.on_days(visit)]
            if visit.pin is None or visit.pin.arrival is None:
                return found
            pinned = self.second(visit.pin.arrival)
            inside = any(way.earliest <= pinned <= way.last for way in found)
            return [Way(None, pinned, None, pinned, 0)] if inside else []
        spans = [(*map(self.second, promise.window()), promise.id) for promise in visit.promises]
        spans.sort(key=lambda span: (*span[:2], span[2] or ""))
        kept = [
            (begin, end, name or str(place))
            for place, (begin, end, name) in enumerate(spans, 1)
            if self.touching(visit, begin, end)
        ]
        names = {name for _, _, name in kept}
        if visit.pin is None or visit.pin.arrival is None:
            free = visit.model_copy(update={"days": ()})
            return [way for way in super().ways(free) if way.name in names]
        return self._pinned_on_days(visit, kept)

    def _pinned_on_days(self, visit: Visit, kept: list[tuple[int, int, str]]) -> list[Way]:
        moment = self.second(visit.pin.arrival)
        late = visit.priority == "emergency" and visit.received_at is not None
        if not kept or (late and moment < self.second(visit.received_at)):
            return []
        rate = getattr(self.prices, f"late_{visit.priority.value}_per_min")
        rate *= self.prices.late_factor_vip if visit.customer_class == "vip" else 1
        opened = [span for span in kept if span[0] <= moment]
        if not opened:
            return [Way(kept[0][2], moment, None, moment, 0)]
        _, end, name = min(opened, key=lambda span: max(0, moment - span[1]))
        return [Way(name, moment, end, moment, rate)]

    # -- travel ----------------------------------------------------------------------------

    def arrive(self, profile: str, origin, target, moment: int) -> int | None:
        """Arrival of a leg begun at ``moment``; shares of the leg as exact fractions of 2**30."""
        leg = self.table.leg(profile, origin, target)
        if leg is None:
            return None
        regimes = self.table.regimes
        if regimes is None or not regimes.durations_s.get(profile):
            return moment + leg[0]
        key = (profile, origin.lon, origin.lat, target.lon, target.lat)
        if key not in self.seconds_by_pair:
            row, column = self.table.index(origin), self.table.index(target)
            by_state = [int(m[row, column]) for m in regimes.durations_s[profile]]
            self.seconds_by_pair[key] = [
                (int(start), by_state[int(state)])
                for start, state in zip(regimes.bucket_start_s, regimes.bucket_regime, strict=True)
            ]
        buckets = self.seconds_by_pair[key]
        rest = 1 << 30
        for number, (_, seconds) in enumerate(buckets):
            ends = buckets[number + 1][0] if number + 1 < len(buckets) else None
            if ends is not None and moment >= ends:
                continue
            if ends is None or rest * seconds <= (ends - moment) << 30:
                return moment + -((-rest * seconds) >> 30)
            rest -= ((ends - moment) << 30) // seconds
            moment = ends
        raise AssertionError("the last bucket never ends")

    # -- who -------------------------------------------------------------------------------

    def level_on(self, technician: Technician, name: str, when: date) -> int:
        return max(
            (
                skill.level
                for skill in technician.skills
                if skill.skill == name
                and not (skill.certificate_expires and skill.certificate_expires < when)
            ),
            default=0,
        )

    def may_sit(self, technician: Technician, visit: Visit, member: int, when: date) -> bool:
        plain = {"skills": ()} if member == 0 else {"skills": (), "pin": None}
        if not self.may(technician, visit.model_copy(update=plain)):
            return False
        needs = visit.crew_skills if member else visit.skills
        return all(self.level_on(technician, n.skill, when) >= n.level for n in needs)

    def seat_parts(self, technician: Technician, visit: Visit, when: date) -> dict[str, int]:
        """Grains by component if the technician is the first at a visit."""
        prices = self.prices
        above = sum(self.level_on(technician, n.skill, when) - n.level for n in visit.skills)
        home = next((o for o in self.day.outlets if o.id == technician.outlet), None)
        wish = bool(visit.preferred) and technician.id not in visit.preferred
        other = bool(visit.last_technician) and visit.last_technician != technician.id
        stranger = visit.told is not None and visit.told.technician != technician.id
        return {
            "disturbed": prices.disturbed_technician * stranger * GRAIN,
            "over_qualified": prices.over_qualified_per_level * above * GRAIN,
            "not_preferred": prices.not_preferred * wish * GRAIN,
            "not_last_technician": prices.not_last_technician * other * GRAIN,
            "beyond_radius": self.radius_price(visit, home),
        }

    def lasts(self, technician: Technician, visit: Visit) -> int:
        share = technician.service_percent
        if visit.skills:
            for skill in reversed(technician.skills):
                if skill.skill == visit.skills[0].skill and skill.service_percent is not None:
                    share = skill.service_percent
        # Half up: exact in fractions.
        return int(Fraction(visit.service_s * share, 100) + Fraction(1, 2))

    # -- contracted ------------------------------------------------------------------------

    def contract_on(self, outlet: Outlet, visit: Visit, when: date) -> dict[str, int] | None:
        """Grains by component if the contracted outlet serves the visit on a day, or None."""
        pinned = visit.pin and (visit.pin.technician or visit.pin.arrival)
        tied = visit.crew_size > 1 or visit.links or visit.id in self.after
        lacks = any(need.skill not in outlet.capacity.skills for need in visit.skills)
        if outlet.id in visit.excluded or visit.required or pinned or tied or lacks:
            return None
        owed = visit.priority == "emergency" and not visit.promises
        hours = self.hours_on(outlet, when)
        if hours == ALWAYS and len(self.dates) > 1:
            hours = self.span(when)
        if hours is None or (visit.days and not owed and when not in visit.days):
            return None
        received = self.second(visit.received_at) if owed and visit.received_at else 0
        spans = [tuple(map(self.second, promise.window())) for promise in visit.promises]
        spans = [span for span in spans if self.touching(visit, *span)]
        if not visit.promises:
            spans = [(received, self.last_second)]
        if not any(begin <= hours[1] and end >= hours[0] for begin, end in spans):
            return None
        stranger = visit.told is not None and visit.told.technician != outlet.id
        found = {
            "disturbed": self.prices.disturbed_technician * stranger * GRAIN,
            "contracted": outlet.capacity.price_fen * GRAIN,
            "beyond_radius": self.radius_price(visit, outlet),
        }
        if owed:
            leaves = max(received, hours[0]) + outlet.capacity.response_s
            arrival = self.arrive("car", outlet.place, visit.place, leaves)
            if arrival is None:
                return None
            rate = self.prices.emergency_arrival_per_min
            due = Way("arrival", received, received + QUARTER_HOUR, self.last_second, rate)
            found["emergency_arrival"] = self.late(due, arrival)
        return found

    def units(self, stocks, part: str, when: date) -> int:
        return sum(
            s.quantity for s in stocks if s.part == part and (s.available_on or when) <= when
        )
