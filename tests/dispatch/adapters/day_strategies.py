"""Random sound days for round trips (hypothesis)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise

from hypothesis import strategies as st

from dispatch.domain import (
    AreaFactor,
    Break,
    ContractedCapacity,
    Customer,
    Day,
    Link,
    OpeningHours,
    Outlet,
    PartNeed,
    Pin,
    Place,
    Prices,
    Priority,
    Promise,
    Settings,
    Shift,
    Skill,
    SkillNeed,
    SpeedRow,
    Stock,
    Technician,
    Told,
    Traffic,
    Visit,
)

SHANGHAI = timezone(timedelta(hours=8))
MONDAY = date(2026, 3, 2)
SUNDAY = date(2026, 3, 1)
START = datetime(2026, 3, 2, 6, 0, tzinfo=SHANGHAI)
END = START + timedelta(hours=16)

# Separators, quotes, backslashes, Chinese signs and line breaks are what cells trip over.
_SIGNS = st.characters(codec="utf-8", exclude_characters="\0")
_TRICKY = st.sampled_from(list(";；:：@\\,\"' \n\r\t中文é'=+-"))
_TEXT = st.text(st.one_of(_SIGNS, _TRICKY), min_size=1, max_size=12)
texts = _TEXT.map(str.strip).filter(bool)
# Ids are on one line and have no blanks at their ends (dispatch.domain.base.Id).
ids = st.from_regex(r"\A[A-Za-z0-9中;:@\\,\"][A-Za-z0-9 中;:@\\,\"]{0,6}[A-Za-z0-9中;:@\\,\"]\Z")
seconds = st.integers(0, 7 * 24 * 3600)
fen = st.integers(0, 1_000_000_000)
percents = st.integers(10, 1000)
levels = st.integers(1, 9)


def moments(start: datetime = START, end: datetime = END) -> st.SearchStrategy[datetime]:
    """Whole seconds between two moments, at any offset."""
    span = int((end - start).total_seconds())
    offsets = st.sampled_from([SHANGHAI, UTC, timezone(timedelta(hours=-9, minutes=-30))])
    return st.builds(
        lambda after, zone: (start + timedelta(seconds=after)).astimezone(zone),
        st.integers(0, span),
        offsets,
    )


# Within some 100 km of each other, so that no place is set aside.
places = st.builds(
    Place,
    lon=st.floats(121.0, 121.9, allow_subnormal=False),
    lat=st.floats(30.9, 31.6, allow_subnormal=False),
    address=st.none() | texts,
)
zones = st.sampled_from(["urban", "suburban", "rural"])


@st.composite
def hours(draw: st.DrawFn) -> OpeningHours:
    opens, closes = sorted(draw(st.sets(st.integers(0, 86_399), min_size=2, max_size=2)))
    return OpeningHours(
        day=draw(st.sampled_from(["mon", "wed", "sun"])), opens=_clock(opens), closes=_clock(closes)
    )


def _clock(second: int) -> time:
    return time(second // 3600, second // 60 % 60, second % 60)


def stocks() -> st.SearchStrategy[tuple[Stock, ...]]:
    one = st.builds(
        Stock,
        part=ids,
        quantity=st.integers(0, 1000),
        available_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    )
    return st.lists(one, max_size=2).map(tuple)


@st.composite
def outlets(draw: st.DrawFn, name: str) -> Outlet:
    kind = draw(st.sampled_from(["own", "authorized", "contracted"]))
    capacity = st.builds(
        ContractedCapacity,
        visits_per_day=st.integers(0, 50),
        price_fen=fen,
        skills=_tuple(texts),
        response_s=seconds,
    )
    return Outlet(
        id=name,
        name=draw(st.just("") | texts),
        kind=kind,
        place=draw(places),
        opening_hours=draw(_tuple(hours())),
        radius_m=draw(st.none() | st.integers(0, 50_000)),
        zone=draw(zones),
        territory=draw(_tuple(texts)),
        capacity=draw(st.none() | capacity) if kind == "contracted" else None,
        stock=draw(stocks()),
    )


def _tuple(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    """One to three shifts one after the other, each with up to two breaks in order."""
    count = draw(st.integers(1, 3))
    found = []
    for number in range(count):
        start = START + timedelta(hours=5 * number, minutes=draw(st.integers(0, 59)))
        first = start + timedelta(hours=1)
        second = start + timedelta(hours=2, minutes=1)
        breaks = tuple(
            Break(
                earliest=earliest,
                latest=earliest + timedelta(seconds=draw(st.integers(0, 3600))),
                duration_s=draw(seconds),
            )
            for earliest in (first, second)[: draw(st.integers(0, 2))]
        )
        end = start + timedelta(hours=4, seconds=draw(st.integers(0, 59)))
        found.append(Shift(start=start, end=end, breaks=breaks))
    return tuple(found)


@st.composite
def technicians(draw: st.DrawFn, name: str, outlet_ids: list[str]) -> Technician:
    outlet = draw(st.none() | st.sampled_from(outlet_ids)) if outlet_ids else None
    place = places if outlet is None else st.none() | places
    skills = st.builds(
        Skill,
        skill=texts,
        level=levels,
        certificate_expires=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        service_percent=st.none() | percents,
    )
    return Technician(
        id=name,
        name=draw(st.just("") | texts),
        outlet=outlet,
        start=draw(place),
        end=draw(place),
        shifts=draw(shifts()),
        skills=draw(_tuple(skills)),
        profile=draw(st.sampled_from(["car", "ebike", "walk"])),
        territory=draw(_tuple(texts)),
        hour_fen=draw(st.none() | fen),
        km_fen=draw(st.none() | fen),
        overtime_hour_fen=draw(st.none() | fen),
        max_overtime_s=draw(seconds),
        van_stock=draw(stocks()),
        service_percent=draw(percents),
        max_visits=draw(st.none() | st.integers(0, 1000)),
        max_distance_m=draw(st.none() | st.integers(0, 10_000_000)),
        max_driving_s=draw(st.none() | seconds),
        carried_work_s=draw(st.integers(0, 10_000_000)),
        carried_distance_m=draw(st.integers(0, 100_000_000)),
    )


@st.composite
def promises(draw: st.DrawFn, name: str | None) -> Promise:
    if draw(st.booleans()):
        tolerance = draw(st.none() | st.integers(0, 720))
        return Promise(id=name, appointment=draw(moments()), tolerance_min=tolerance)
    earliest, latest = sorted([draw(moments()), draw(moments())])
    return Promise(id=name, earliest=earliest, latest=latest)


def needed_parts() -> st.SearchStrategy[tuple[PartNeed, ...]]:
    one = st.builds(PartNeed, part=ids, quantity=st.integers(1, 10_000))
    return st.lists(one, max_size=2, unique_by=lambda need: need.part).map(tuple)


@st.composite
def crews(draw: st.DrawFn) -> dict[str, object]:
    """One to three people; only a crew has skills of its others."""
    size = draw(st.integers(1, 3))
    needs = st.builds(SkillNeed, skill=texts, level=levels)
    return {"crew_size": size, "crew_skills": draw(_tuple(needs)) if size > 1 else ()}


@st.composite
def linked(draw: st.DrawFn, found: list[Visit]) -> tuple[Visit, ...]:
    """Some visits come after the one before them."""
    done = found[:1]
    for before, visit in pairwise(found):
        least = draw(seconds)
        pinned = [one.pin is not None and one.pin.technician is not None for one in (before, visit)]
        # Two pins, or lists without a common name, may contradict "same" or "different".
        same = st.none() if any(pinned) or before.required or visit.required else st.booleans()
        link = st.builds(
            Link,
            after=st.just(before.id),
            min_gap_s=st.just(least),
            max_gap_s=st.none() | st.integers(least, 7 * 24 * 3600),
            same_technician=same,
        )
        links = draw(st.lists(link, max_size=1).map(tuple))
        done.append(visit.model_copy(update={"links": links}))
    return tuple(done)


@st.composite
def traffics(draw: st.DrawFn) -> Traffic:
    cuts = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
    speeds = tuple(
        SpeedRow(
            road_class=name, from_minute=start, to_minute=end, percent=draw(st.integers(5, 200))
        )
        for name in sorted(draw(st.sets(st.sampled_from(["motorway", "local"]), min_size=1)))
        for start, end in pairwise(cuts)
    )
    corner = st.tuples(st.floats(121.0, 121.4), st.floats(30.9, 31.2))
    areas = []
    for _ in range(draw(st.integers(0, 2))):
        (x, y), start = draw(corner), draw(moments(START, END - timedelta(hours=2)))
        areas.append(
            AreaFactor(
                name=draw(st.just("") | texts),
                ring=((x, y), (x + 0.25, y), (x + 0.1, y + 0.2)),
                start=start,
                end=start + timedelta(seconds=draw(st.integers(1, 3600))),
                percent=draw(st.integers(5, 200)),
            )
        )
    plain = draw(st.sampled_from(["none", "china_big_city"]))
    return Traffic(profile="custom" if speeds else plain, speeds=speeds, areas=tuple(areas))


@st.composite
def visits(draw: st.DrawFn, name: str, technician_ids: list[str], outlet_ids: list[str]) -> Visit:
    names = draw(st.permutations(technician_ids)) if technician_ids else []
    cut = draw(st.integers(0, len(names)))
    some, others = tuple(names[:cut]), tuple(names[cut:])
    promise_names = draw(st.lists(st.none() | ids, max_size=3, unique=True))
    pinned = st.sampled_from(some) if some else st.none()
    told = st.builds(
        Told, technician=st.sampled_from(names) if names else ids, arrival=moments(), order=seconds
    )
    pin = st.builds(Pin, technician=pinned, arrival=moments())
    customer = st.builds(Customer, name=texts, phone=st.just("") | texts)
    needs = st.builds(SkillNeed, skill=texts, level=levels)
    return Visit(
        id=name,
        place=draw(places),
        promises=tuple(draw(promises(promise)) for promise in promise_names),
        service_s=draw(seconds),
        access_s=draw(seconds),
        skills=draw(_tuple(needs)),
        priority=draw(st.sampled_from(Priority)),
        customer_class=draw(st.sampled_from(["standard", "vip"])),
        customer=draw(st.none() | customer),
        preferred=some,
        required=some,
        excluded=others,
        last_technician=draw(st.none() | st.sampled_from(names)) if names else None,
        mandatory=draw(st.booleans()),
        value_fen=draw(st.none() | fen),
        received_at=draw(moments()),
        released_at=draw(st.none() | moments()),
        pin=draw(st.none() | pin),
        district=draw(st.none() | texts),
        zone=draw(st.none() | zones),
        outlet=draw(st.none() | st.sampled_from(outlet_ids)) if outlet_ids else None,
        parts=draw(needed_parts()),
        # In Santiago the horizon begins on Sunday evening.
        days=draw(st.sampled_from([(), (SUNDAY, MONDAY)])),
        told=draw(st.none() | told),
        **draw(crews()),
    )


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Days without a fault: read_day may warn about them, never refuse them."""
    outlet_ids = draw(st.lists(ids, max_size=2, unique=True))
    technician_ids = draw(st.lists(ids, max_size=3, unique=True))
    visit_ids = draw(st.lists(ids, max_size=4, unique=True))
    return Day(
        id=draw(ids),
        date=MONDAY,
        zone=draw(st.sampled_from(["Asia/Shanghai", "America/Santiago"])),
        horizon_start=START,
        horizon_end=END,
        standards=draw(st.sampled_from(["t259", "csq"])),
        prices=draw(st.builds(Prices, travel_per_km=fen, late_knee_s=seconds)),
        settings=draw(
            st.builds(
                Settings,
                radius_by=st.sampled_from(["demand", "outlet"]),
                urban_radius_m=st.none() | st.integers(0, 9000),
                crew_tolerance_s=seconds,
                pickup_s=seconds,
                disturbed_free_s=seconds,
                fair_work_s=st.none() | st.integers(0, 10_000_000),
                fair_distance_m=st.none() | st.integers(0, 100_000_000),
            )
        ),
        traffic=draw(st.none() | traffics()),
        outlets=tuple(draw(outlets(name)) for name in outlet_ids),
        technicians=tuple(draw(technicians(name, outlet_ids)) for name in technician_ids),
        visits=draw(linked([draw(visits(name, technician_ids, outlet_ids)) for name in visit_ids])),
    )
