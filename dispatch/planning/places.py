"""Where a day happens: start and end places of technicians, and all distinct places."""

from __future__ import annotations

from dispatch.domain import Day, Outlet, Place, Shift, Technician
from dispatch.errors import Fault, InvalidRequest


def home_outlet(day: Day, technician: Technician) -> Outlet | None:
    """Return the technician's outlet, None without one."""
    return next((o for o in day.outlets if o.id == technician.outlet), None)


def get_ends(technician: Technician, home: Outlet | None) -> tuple[Place, Place]:
    """Return start and end place: own ones, else the home outlet's.

    Raises
    ------
    InvalidRequest
        D3001 if the day does not say.
    """
    start = technician.start or (home.place if home else None)
    end = technician.end or (home.place if home else None)
    if start is None or end is None:
        raise InvalidRequest(
            [
                Fault(
                    "D3001",
                    f"technician {technician.id}",
                    "neither an outlet nor both own places",
                    "an outlet, or own start and end places",
                    "Name the home outlet, or give both places.",
                )
            ]
        )
    return start, end


def technician_places(day: Day) -> dict[str, tuple[Place, Place]]:
    """Return start and end place by technician id."""
    outlets = {o.id: o for o in day.outlets}
    return {t.id: get_ends(t, outlets.get(t.outlet or "")) for t in day.technicians}


def ends_of(technician: Technician, shift: Shift, home: Outlet | None) -> tuple[Place, Place]:
    """Return start and end place of one shift: who is out already starts from there.

    Raises
    ------
    InvalidRequest
        D3001 if the day does not say.
    """
    if shift.out_at is not None and technician.end is not None:
        return shift.out_at, technician.end
    start, end = get_ends(technician, home)
    return shift.out_at or start, end


def out_places(day: Day) -> list[tuple[str, Place]]:
    """Return (technician id, place) of everybody who is out already, by id."""
    return [
        (technician.id, shift.out_at)
        for technician in sorted(day.technicians, key=lambda t: t.id)
        for shift in technician.shifts
        if shift.out_at is not None
    ]


def used_profiles(day: Day) -> tuple[str, ...]:
    """Return the travel profiles a plan of the day needs, sorted.

    Those of the technicians; the car also where there are outlets (road radius, contracted
    outlets) or nobody at all.
    """
    profiles: set[str] = {t.profile for t in day.technicians}
    if day.outlets or not profiles:
        profiles.add("car")
    return tuple(sorted(profiles))
