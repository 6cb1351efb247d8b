"""The policies by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dispatch.live.replan import ReplanMode
from scenarios.errors import UnknownInstance
from scenarios.simulation.greedy import GreedyNearest
from scenarios.simulation.hindsight import Hindsight
from scenarios.simulation.insertion import CheapestInsertion
from scenarios.simulation.policy import Policy
from scenarios.simulation.replan import Replan

_ALL: Final[tuple[Policy, ...]] = (
    GreedyNearest(),
    CheapestInsertion(),
    GreedyNearest(by_price=True),
    CheapestInsertion(by_price=True),
    *(Replan(mode) for mode in ReplanMode),
    Hindsight(),
)

POLICIES: Final[Mapping[str, Policy]] = MappingProxyType({one.name: one for one in _ALL})
"""Every policy of ``servicenet simulate``."""

BASELINES: Final = (
    "greedy_nearest", "cheapest_insertion", "greedy_by_price", "insertion_by_price",
)  # fmt: skip
"""What ours is compared with: with the best of those that were run."""

OURS: Final = "ours_all"


def find_policies(words: str | None) -> tuple[Policy, ...]:
    """Return the policies of a comma-separated list; all for None.

    Raises
    ------
    UnknownInstance
        If one is not known.
    """
    names = tuple(POLICIES) if words is None else tuple(w for w in words.split(",") if w)
    for name in names:
        if name not in POLICIES:
            raise UnknownInstance(f"policy {name!r}; expected one of {', '.join(POLICIES)}.")
    if not names:
        raise UnknownInstance(f"no policy; expected one of {', '.join(POLICIES)}.")
    return tuple(POLICIES[name] for name in dict.fromkeys(names))
