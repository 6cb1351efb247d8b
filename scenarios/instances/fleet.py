"""Problems with several depots, site-dependent vehicles or prizes, in the units of their file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scenarios.instances.rounding import Rounding


class FleetKind(StrEnum):
    """What the file calls the problem; the published cost follows from it."""

    MDVRPTW = "MDVRPTW"
    """Several depots; a vehicle starts and ends at its own."""
    SDVRPTW = "SDVRPTW"
    """Site-dependent: each vehicle may serve some clients only."""
    PCVRPTW = "PCVRPTW"
    """Prize-collecting: a client may be left out, which costs its prize."""

    @property
    def rounding(self) -> Rounding:
        """The rule the published values are made with."""
        return Rounding.TRUNC1 if self is FleetKind.PCVRPTW else Rounding.EXACT1000


@dataclass(frozen=True, slots=True)
class FleetVrptw:
    """``depots`` depots (nodes 0 … depots - 1), then the clients; k vehicles.

    Parameters
    ----------
    kind, name
        Type and name in the file.
    depots
        Number of depots.
    x, y
        Coordinates per node.
    demand, service
        Load and duration of the service per node; 0 at depots.
    ready, due
        Service starts inside [ready, due], both inclusive; for a depot the earliest departure
        and the latest return.
    vehicle_depot, vehicle_capacity
        Length k: node the vehicle starts and ends at, and its load.
    max_duration
        A route lasts at most this long, from a departure as late as possible to the return;
        None = as long as the depot is open.
    allowed
        Length k, nodes each vehicle may serve; None = all.
    prizes
        Per node, what leaving it out costs; None = every client has to be served.
    """

    kind: FleetKind
    name: str
    depots: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    demand: tuple[int, ...]
    service: tuple[int, ...]
    ready: tuple[int, ...]
    due: tuple[int, ...]
    vehicle_depot: tuple[int, ...]
    vehicle_capacity: tuple[int, ...]
    max_duration: int | None = None
    allowed: tuple[frozenset[int], ...] | None = None
    prizes: tuple[int, ...] | None = None

    @property
    def nodes(self) -> int:
        """Number of nodes, depots included."""
        return len(self.x)

    @property
    def vehicles(self) -> int:
        """Number of vehicles, k."""
        return len(self.vehicle_depot)

    @property
    def clients(self) -> range:
        """Nodes to serve; these are the numbers of ``.sol`` files too."""
        return range(self.depots, self.nodes)

    def may_serve(self, vehicle: int, node: int) -> bool:
        """Return whether ``vehicle`` is allowed at ``node``."""
        return self.allowed is None or node in self.allowed[vehicle]
