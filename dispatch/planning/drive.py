"""How long a way takes when one sets out at a given second: free flow, or travel by hour."""

from __future__ import annotations

from dispatch.domain import Place
from dispatch.domain.travel_table import NO_WAY, TravelTable
from solver.routing.travel_clock import arrive


def find_drive_s(
    table: TravelTable, profile: str, origin: Place, destination: Place, departure: int
) -> int | None:
    """Return the seconds of a way, None where there is none.

    Parameters
    ----------
    departure
        Second since the horizon start.
    """
    row, column = table.index(origin), table.index(destination)
    free = int(table.durations_s[profile][row, column])
    if free == NO_WAY:
        return None
    regimes = table.regimes
    matrices = regimes.durations_s.get(profile, ()) if regimes is not None else ()
    if regimes is None or not matrices:
        return free
    of = regimes.bucket_regime.tolist()
    starts = regimes.bucket_start_s.tolist()
    return arrive(departure, starts, lambda b: int(matrices[of[b]][row, column])) - departure
