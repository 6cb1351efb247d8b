"""What can be wrong with traffic, parts, crews, links, days and limits.

(code, meaning, repair) for ``docs/errors.md``.
"""

from __future__ import annotations

from typing import Final

from dispatch.domain.checks.codes import Code

WHOLE_DAY: Final[tuple[tuple[Code, str, str], ...]] = (
    (
        Code.HORIZON_LONG,
        "The horizon spans more than 31 days.",
        "Plan a month at a time; check the date of its end.",
    ),
    (
        Code.TRAFFIC_ROW_REVERSED,
        "A row of a speed profile ends before it starts, or is empty.",
        "Swap the two; write a span over midnight as two rows, one up to 24:00, one from 00:00.",
    ),
    (
        Code.TRAFFIC_ROWS_OVERLAP,
        "Two rows of a speed profile overlap for the same road class.",
        "Let the later row begin when the earlier one ends.",
    ),
    (
        Code.TRAFFIC_WITHOUT_ROWS,
        "The traffic profile is custom, but there are no rows of speeds.",
        "Add rows, or choose china_big_city or none.",
    ),
    (
        Code.TRAFFIC_ROWS_UNUSED,
        "There are rows of speeds, but the traffic profile is not custom.",
        "Set the profile to custom, or remove the rows.",
    ),
    (
        Code.AREA_REVERSED,
        "An area of traffic ends before it starts.",
        "Swap the two; an end past midnight states its date.",
    ),
    (
        Code.AREA_OUTSIDE_HORIZON,
        "An area of traffic counts only outside the horizon, so it changes nothing.",
        "Check its date and the zone.",
    ),
    (
        Code.AREA_OUTLINE,
        "The outline of an area of traffic crosses itself, or encloses nothing.",
        "List the corners in their order around the area.",
    ),
    (
        Code.OUTLET_CLOSED,
        (
            "An outlet has opening hours, but on no weekday of the horizon. Technicians who start "
            "or end there do not work, and nobody picks up parts there."
        ),
        "Check the date and the opening hours.",
    ),
    (
        Code.LIMIT_ZERO,
        "A limit of 0 visits, meters or seconds of driving: the technician will get no visits.",
        "Leave the limit empty if there is none.",
    ),
    (
        Code.SHIFT_LONG,
        "A shift is longer than 24 hours. A shift is one route, without a night at home.",
        "Write one shift for each day.",
    ),
    (
        Code.CREW_SKILLS_WITHOUT_CREW,
        "A visit states skills of the others in its crew, but has no crew.",
        "Set crew_size to 2 or more, or move the skills to skills.",
    ),
    (
        Code.PART_TWICE,
        "A visit lists the same part twice.",
        "Keep one row with the sum.",
    ),
    (
        Code.GAP_REVERSED,
        "The largest gap of a link is smaller than its smallest gap.",
        "Swap the two.",
    ),
    (
        Code.DAYS_OUTSIDE_HORIZON,
        (
            "A visit lists a day outside the horizon. A warning where other days of the visit lie "
            "inside."
        ),
        "Check the day, or make the horizon longer.",
    ),
    (
        Code.DAYS_WITHOUT_PROMISE,
        "None of a visit's promises, or not its pinned arrival, falls on its days.",
        "Correct the days or the promises.",
    ),
    (
        Code.DAYS_WITHOUT_SHIFT,
        "Nobody works on any of the days of a visit, so it will stay unassigned.",
        "Check the days; every day of a horizon needs shifts of its own.",
    ),
    (
        Code.TOLD_OUTSIDE_HORIZON,
        "A customer was told an arrival outside the horizon; the day is planned all the same.",
        "Check the date and the zone of what was told.",
    ),
    (
        Code.TOLD_UNKNOWN,
        (
            "A customer was told somebody who does not work on this day. Whoever comes instead is "
            "another one, and priced so."
        ),
        "Check the spelling, unless that technician has dropped out.",
    ),
    (
        Code.CREW_TOO_LARGE,
        "A crew needs more technicians than there are, or than may go; the visit stays unassigned.",
        "Check crew_size, and the lists of the visit.",
    ),
    (
        Code.PART_NOWHERE,
        "A visit needs a part that no van and no outlet has, now or on order.",
        "Check the part's id; no technician can serve visits that need it.",
    ),
    (Code.LINK_TO_ITSELF, "A visit is to come after itself.", "Name the other visit."),
    (
        Code.LINK_TWICE,
        "A visit has two links to the same other visit.",
        "Put both rules into one link.",
    ),
    (
        Code.LINK_CIRCLE,
        "Links run in a circle: each of the visits would have to come after the others.",
        "Remove one of the links.",
    ),
    (
        Code.SAME_AND_DIFFERENT,
        (
            "A link asks for different technicians, while other links (or the pins) ask for the "
            "same one."
        ),
        "Remove one of the two rules.",
    ),
    (
        Code.NOBODY_FOR_ALL,
        (
            "Visits that one technician has to do are pinned to, or require, different people, so "
            "nobody may do all of them."
        ),
        "Correct the pins and lists, or leave same_technician empty.",
    ),
    (
        Code.LINK_SET_ASIDE,
        "A visit comes after one that is set aside, so it is set aside, too. The day goes on.",
        "Repair the other visit, or remove the link.",
    ),
)
