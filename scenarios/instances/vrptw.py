"""A vehicle routing problem with time windows, in the units of its file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vrptw:
    """One depot (index 0) and n customers (1 … n), as the file states them.

    Parameters
    ----------
    name
        Name in the file.
    vehicles
        Vehicles the file allows.
    capacity
        Load of one vehicle.
    x, y
        Length n + 1, coordinates.
    demand
        Length n + 1, load; 0 at the depot.
    ready, due
        Length n + 1: service starts inside [ready, due], both inclusive; for the depot the
        earliest departure and the latest return.
    service
        Length n + 1, duration of the service.
    """

    name: str
    vehicles: int
    capacity: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    demand: tuple[int, ...]
    ready: tuple[int, ...]
    due: tuple[int, ...]
    service: tuple[int, ...]

    @property
    def customers(self) -> int:
        """Number of customers, n."""
        return len(self.x) - 1
