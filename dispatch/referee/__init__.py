"""The judge of days: raw day + plan + travel table, and nothing the planner ever computed.

Written from ``docs/semantics.md`` alone. It imports the domain and nothing else of ours, so a
mistake of the planner cannot hide here.
"""

from dispatch.referee.codes import CODES, WAIVABLE
from dispatch.referee.figures import Figures
from dispatch.referee.hand_made import judge_order
from dispatch.referee.judge import judge
from dispatch.referee.retime import Retime
from dispatch.referee.timing import timed_plan, timed_route
from dispatch.referee.verdict import Verdict, Violation

__all__ = [
    "CODES",
    "WAIVABLE",
    "Figures",
    "Retime",
    "Verdict",
    "Violation",
    "judge",
    "judge_order",
    "timed_plan",
    "timed_route",
]
