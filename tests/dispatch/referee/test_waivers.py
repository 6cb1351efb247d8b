"""A waiver makes a broken soft rule legitimate and stays visible; some rules know no waiver."""

from __future__ import annotations

from dispatch.domain import Waiver
from dispatch.referee import CODES, WAIVABLE, judge, judge_order
from tests.days import grid_table, needs, shift, skills, technician, tiny_day, visit, window
from tests.edit_plan import change_stop

DAY = tiny_day(
    [visit("V1", 1, promises=(window("09:00", "09:30"),), excluded=("T1",), skills=needs(gas=1))],
    [technician(skills=skills(gas=1))],
)
TABLE = grid_table(DAY)
VERDICT, PLAN = judge_order(DAY, {"T1": ["V1"]}, TABLE)


def waived(rule, who="Li", why="the customer asked", kind="visit"):
    return change_stop(PLAN, kind, waivers=(Waiver(who=who, rule=rule, why=why),))


def test_without_a_waiver_the_exclusion_is_a_violation():
    assert VERDICT.codes == {"excluded"}


def test_a_listed_waiver_makes_it_legitimate_and_stays_visible():
    verdict = judge(DAY, waived("excluded"), TABLE)
    assert verdict.ok
    assert [violation.code for violation in verdict.waived] == ["excluded"]
    assert verdict.as_dict()["waived"][0]["visit"] == "V1"


def test_a_waiver_without_a_name_or_a_reason_waives_nothing():
    for blank in ({"who": " "}, {"why": ""}):
        verdict = judge(DAY, waived("excluded", **blank), TABLE)
        assert verdict.codes == {"excluded", "waiver_incomplete"}


def test_certificates_cannot_be_waived():
    unskilled = DAY.model_copy(update={"technicians": (technician(),)})
    verdict = judge(unskilled, waived("skill_missing"), TABLE)
    assert verdict.codes == {"excluded", "skill_missing", "waiver_not_allowed"}


def test_a_waiver_on_another_stop_covers_nothing_and_a_note_says_so():
    verdict = judge(DAY, waived("excluded", kind="end"), TABLE)
    assert verdict.codes == {"excluded"}
    assert "the waiver of excluded for T1 covers nothing" in verdict.notes


def test_overtime_is_waived_on_a_stop_of_the_route():
    # Shift ends 9:00, V1 ends 9:30, back 9:40: 40 minutes of overtime with 0 allowed.
    late = technician(skills=skills(gas=1), shifts=(shift("08:00", "09:00"),), max_overtime_s=0)
    day = tiny_day([visit("V1", 1, promises=(window("09:00", "09:30"),))], [late])
    verdict, plan = judge_order(day, {"T1": ["V1"]}, TABLE)
    assert verdict.codes == {"overtime_limit"}
    signed = (Waiver(who="Li", rule="overtime_limit", why="agreed by phone"),)
    assert judge(day, change_stop(plan, "end", waivers=signed), TABLE).ok


def test_only_known_rules_can_be_waived_and_never_physics_or_certificates():
    assert set(CODES) > WAIVABLE
    assert not WAIVABLE & {"certificate_expired", "skill_missing", "break_missing", "leg_wrong"}
    assert "pinned_elsewhere" not in WAIVABLE
