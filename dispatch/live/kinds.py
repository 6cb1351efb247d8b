"""Every kind of event this program writes and reads."""

from __future__ import annotations

from typing import Final

from dispatch.domain.decision import DECISION_KINDS
from dispatch.domain.disruption import LIVE_KINDS
from dispatch.domain.event import STORE_KINDS, EventKinds
from dispatch.domain.work_facts import WORK_KINDS

KINDS: Final[EventKinds] = STORE_KINDS | WORK_KINDS | LIVE_KINDS | DECISION_KINDS
"""A log with another kind was written by a newer program, and is refused by its name."""
