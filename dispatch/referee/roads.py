"""Travel by hour: when a leg ends, and the latest departure that ends it in time.

The horizon is cut into buckets, each with its own seconds for the whole leg; a leg consumes
buckets as it drives (Ichoua, Gendreau & Potvin 2003), so nobody overtakes. Shares of a leg are
whole numbers of 2**-30, as docs/semantics.md has them.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.travel_table import TravelTable

WHOLE = 2**30


@dataclass(frozen=True, slots=True)
class Road:
    """One leg at all hours.

    Attributes
    ----------
    meters
        Of the free-flow fastest way.
    opens
        Second each bucket begins, ascending; the first holds before it, too, the last for ever.
    seconds
        Of the whole leg, by bucket.
    """

    meters: int
    opens: tuple[int, ...]
    seconds: tuple[int, ...]

    def arrive(self, departure: int) -> int:
        """Return the second the leg ends for who leaves then."""
        number = 0
        while number + 1 < len(self.opens) and self.opens[number + 1] <= departure:
            number += 1
        moment, rest = departure, WHOLE
        while number + 1 < len(self.opens):
            room = (self.opens[number + 1] - moment) * WHOLE
            if rest * self.seconds[number] <= room:
                break
            rest -= room // self.seconds[number]
            number += 1
            moment = self.opens[number]
        whole, share = divmod(rest * self.seconds[number], WHOLE)
        return moment + whole + (share > 0)

    def lasts(self, departure: int) -> int:
        """Return the seconds on the way for who leaves then."""
        return self.arrive(departure) - departure

    def leave(self, arrival: int) -> int:
        """Return the largest departure that arrives no later."""
        late = arrival + 1
        early = arrival - max(self.seconds)
        while self.arrive(early) > arrival:
            early -= max(1, arrival - early)
        while late - early > 1:
            middle = (early + late) // 2
            if self.arrive(middle) <= arrival:
                early = middle
            else:
                late = middle
        return early


def road(travel: TravelTable, profile: str, row: int, column: int) -> Road:
    """Return the leg between two places of the table that has a way."""
    meters = int(travel.distances_m[profile][row, column])
    free = int(travel.durations_s[profile][row, column])
    regimes = travel.regimes
    matrices = regimes.durations_s.get(profile, ()) if regimes is not None else ()
    if regimes is None or not matrices:
        return Road(meters, (0,), (free,))
    by_regime = [int(matrix[row, column]) for matrix in matrices]
    opens = tuple(int(second) for second in regimes.bucket_start_s)
    return Road(meters, opens, tuple(by_regime[int(r)] for r in regimes.bucket_regime))
