"""What a dispatcher's files may look like, and what comes out of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from dispatch.adapters.files import read_day, read_gazetteer, read_plan
from dispatch.adapters.files.moments import MomentReader
from dispatch.domain.checks import Code, check_day
from dispatch.errors import InvalidRequest, Severity
from geo.datum import wgs84_to_gcj02
from tests.dispatch.adapters.broken_inputs import (
    BASE,
    HEADER,
    TECHNICIAN,
    VISIT,
    VISITS_CSV,
    sound_day,
    write_files,
)

SHANGHAI = timezone(timedelta(hours=8))


def test_the_sound_folder_has_no_faults(tmp_path: Path) -> None:
    found = read_day(write_files(tmp_path, dict(BASE)))
    assert found.quarantined == ()
    assert found.warnings == ()
    assert check_day(found.day) == ()


def test_inline_columns_become_the_fields_of_the_domain(tmp_path: Path) -> None:
    day = sound_day(tmp_path)
    first = day.technicians[0]
    assert first.shifts[0].start == datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)
    assert first.shifts[0].breaks[0].duration_s == 30 * 60
    assert [(s.skill, s.level) for s in first.skills] == [("ac", 2), ("gas", 1)]
    assert day.technicians[1].shifts[0].breaks == ()
    assert [h.day for h in day.outlets[0].opening_hours] == ["mon", "tue", "wed", "thu", "fri"]
    assert day.outlets[0].capacity is None
    assert day.outlets[1].capacity is not None
    assert day.outlets[1].capacity.skills == ("washer",)
    assert day.visits[0].service_s == 1800
    assert day.visits[2].required == ("T1", "T2")
    assert day.visits[2].promises == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_chinese_tables_are_read_in_every_encoding(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    tables = {
        "day.csv": "项目,值\n编号,一日\n日期,2026/3/2\n开始,7:00\n结束,24:00\n",
        "technicians.csv": "工号,姓名,出发经度,出发纬度,返回经度,返回纬度,上班,下班,交通方式\n"
        "甲,王师傅,121.4,31.2,121.4,31.2,8:00,17:00,电动车\n",
        "visits.csv": "工单号,经度,纬度,预约时间,服务分钟,优先级,客户姓名,首选工程师\n"
        "单1,121.41,31.21,2026/3/2 9:30,45,紧急,李女士,甲\n",
    }
    encoded = {n: t.replace(",", delimiter).encode(encoding) for n, t in tables.items()}
    day = read_day(write_files(tmp_path, dict(encoded))).day
    assert day.horizon_end == datetime(2026, 3, 3, 0, 0, tzinfo=SHANGHAI)
    assert day.technicians[0].profile == "ebike"
    visit = day.visits[0]
    assert (visit.id, visit.priority, visit.preferred) == ("单1", "urgent", ("甲",))
    assert visit.customer is not None
    assert visit.customer.name == "李女士"
    assert visit.promises[0].appointment == datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)


def test_a_gb18030_json_document_is_read(tmp_path: Path) -> None:
    text = json.dumps({**HEADER, "visits": [{**VISIT, "district": "徐汇区"}]}, ensure_ascii=False)
    path = write_files(tmp_path, {"day.json": text.encode("gb18030")}) / "day.json"
    assert read_day(path).day.visits[0].district == "徐汇区"


def test_all_faults_come_at_once_errors_first(tmp_path: Path) -> None:
    visits = (
        VISITS_CSV.replace(",30,ac:2,general", ",x,ac:2,genral")
        .replace("V2,121.45,31.20", "V2,0,0")
        .replace("T1;T2", "T1;T9")
    )
    technicians = (
        BASE["technicians.csv"].replace("2026-12-31", "2026-01-01").replace("T2,O1", "T2,O7")
    )
    files = {**BASE, "visits.csv": visits, "technicians.csv": technicians}
    with pytest.raises(InvalidRequest) as caught:
        read_day(write_files(tmp_path, dict(files)))
    found = [(fault.severity, fault.code) for fault in caught.value.faults]
    assert found == [
        (Severity.ERROR, Code.WRONG_TYPE),
        (Severity.ERROR, Code.WRONG_CHOICE),
        (Severity.ERROR, Code.UNKNOWN_OUTLET),
        (Severity.ERROR, Code.UNKNOWN_TECHNICIAN),
        (Severity.QUARANTINE, Code.PLACE_ZERO),
        (Severity.WARNING, Code.CERTIFICATE_EXPIRED),
    ]


def test_a_broken_header_does_not_hide_faults_of_the_rows(tmp_path: Path) -> None:
    files = {
        **BASE,
        "day.csv": BASE["day.csv"].replace("2026-03-02", "soon").replace("22:00", "late"),
        "visits.csv": VISITS_CSV.replace("09:00,10:00", "09:00,25:00"),
    }
    with pytest.raises(InvalidRequest) as caught:
        read_day(write_files(tmp_path, dict(files)))
    codes = [fault.code for fault in caught.value.faults]
    assert codes == [Code.MOMENT_FORM, Code.DATE_FORM, Code.MOMENT_FORM]


def test_a_quarantined_visit_leaves_the_day_and_says_why(tmp_path: Path) -> None:
    visits = VISITS_CSV.replace("V1,121.48,31.24", "V1,31.24,121.48")
    found = read_day(write_files(tmp_path, {**BASE, "visits.csv": visits}))
    assert [visit.id for visit in found.day.visits] == ["V2", "V3"]
    assert [(q.visit, q.code) for q in found.quarantined] == [("V1", Code.PLACE_SWAPPED)]
    assert "swapped" in found.quarantined[0].reason
    assert found.quarantine_faults[0].where == "visits.csv row 2 column lat"


def test_a_quarantined_visit_with_another_fault_stops_the_day(tmp_path: Path) -> None:
    visits = VISITS_CSV.replace("V1,121.48,31.24,,09:00,10:00,30", "V1,0,0,,09:00,10:00,-5")
    with pytest.raises(InvalidRequest) as caught:
        read_day(write_files(tmp_path, {**BASE, "visits.csv": visits}))
    assert {f.code for f in caught.value.faults} == {Code.OUT_OF_RANGE}


def test_gcj02_is_converted_for_every_coordinate(tmp_path: Path) -> None:
    lon, lat = (
        float(values[0]) for values in wgs84_to_gcj02(np.array([121.47]), np.array([31.23]))
    )
    place = {"lon": lon, "lat": lat}
    data = {
        **HEADER,
        "datum": "gcj02",
        "outlets": [{"id": "O1", "place": place}],
        "technicians": [{**TECHNICIAN, "start": place, "end": place}],
        "visits": [{**VISIT, "place": place}],
    }
    path = write_files(tmp_path, {"day.json": json.dumps(data)}) / "day.json"
    day = read_day(path).day
    start, end = day.technicians[0].start, day.technicians[0].end
    assert start is not None
    assert end is not None
    for found in (day.outlets[0].place, start, end, day.visits[0].place):
        # 1e-7 degrees are a centimeter; the shift itself is some 500 m.
        assert (found.lon, found.lat) == pytest.approx((121.47, 31.23), abs=1e-7)
    assert abs(lon - 121.47) > 1e-3


GAZETTEER = """name,lon,lat,district
南京东路 1 号,121.48,31.24,黄浦区
Main St 1,121.40,31.20,North
Main St 1,121.50,31.10,South
Twin,121.41,31.21,
Twin,121.41,31.21,
"""


def test_addresses_are_found_whatever_width_case_and_blanks(tmp_path: Path) -> None:
    gazetteer = read_gazetteer(write_files(tmp_path, {"g.csv": GAZETTEER}) / "g.csv")
    assert [c.lon for c in gazetteer.find("南京东路１号")] == [121.48]
    assert [c.lon for c in gazetteer.find("黄浦区南京东路1号")] == [121.48]
    assert [c.lon for c in gazetteer.find("MAIN ST. 1, north")] == [121.40]
    assert len(gazetteer.find("Main St 1")) == 2
    assert len(gazetteer.find("Twin")) == 1
    assert list(gazetteer.find("Main St")) == []


def test_an_ambiguous_address_is_settled_by_the_district_of_the_visit(tmp_path: Path) -> None:
    data = {**HEADER, "visits": [{**VISIT, "place": {"address": "Main St 1"}, "district": "South"}]}
    write_files(tmp_path, {"day.json": json.dumps(data), "g.csv": GAZETTEER})
    found = read_day(tmp_path / "day.json", geocoder=read_gazetteer(tmp_path / "g.csv"))
    place = found.day.visits[0].place
    assert (place.lon, place.lat, place.address) == (121.50, 31.10, "Main St 1")


def test_the_gazetteer_of_the_folder_is_used(tmp_path: Path) -> None:
    visits = VISITS_CSV.replace("V1,121.48,31.24,", "V1,,,Main St 1 North").replace(
        "V2,121.45,31.20,", "V2,,,Nowhere"
    )
    found = read_day(
        write_files(tmp_path, {**BASE, "visits.csv": visits, "gazetteer.csv": GAZETTEER})
    )
    assert found.day.visits[0].place.lon == 121.40
    assert [(q.visit, q.code) for q in found.quarantined] == [("V2", Code.ADDRESS_UNKNOWN)]


def test_an_unknown_address_of_an_outlet_is_an_error(tmp_path: Path) -> None:
    outlets = "id,address\nO1,Nowhere\nO2,Main St 1 South\n"
    with pytest.raises(InvalidRequest) as caught:
        read_day(
            write_files(tmp_path, {**BASE, "outlets.csv": outlets, "gazetteer.csv": GAZETTEER})
        )
    assert [f.code for f in caught.value.faults] == [Code.OUTLET_PLACE]


def test_details_of_child_tables_follow_the_inline_ones(tmp_path: Path) -> None:
    files = {
        **BASE,
        "promises.csv": "visit,id,appointment,tolerance_min,earliest,latest\n"
        "V1,b,15:00,15,,\nV3,,,,12:00,13:00\n",
        "shifts.csv": "technician,start,end\nT1,18:00,21:00\n",
        "breaks.csv": "technician,shift,earliest,latest,duration_min\nT1,2,19:00,19:30,10\n",
        "skills.csv": "technician,skill,level,certificate_expires\nT2,gas,3,2026/12/31\n",
        "opening_hours.csv": "outlet,day,opens,closes\nO2,周一,8:00,12:00\n",
    }
    day = read_day(write_files(tmp_path, dict(files))).day
    assert [promise.id for promise in day.visits[0].promises] == [None, "b"]
    assert len(day.visits[2].promises) == 1
    assert [len(shift.breaks) for shift in day.technicians[0].shifts] == [1, 1]
    assert [s.skill for s in day.technicians[1].skills] == ["ac", "gas"]
    assert day.outlets[1].opening_hours[0].opens.hour == 8


def test_faults_of_child_rows_name_their_own_file_and_row(tmp_path: Path) -> None:
    files = {**BASE, "promises.csv": "visit,earliest,latest\nV3,12:00,13:00\nV3,12:00,11:00\n"}
    with pytest.raises(InvalidRequest) as caught:
        read_day(write_files(tmp_path, dict(files)))
    assert [f.where for f in caught.value.faults] == ["promises.csv row 3 column latest"]


def test_the_only_holder_of_an_expired_certificate_is_pointed_out(tmp_path: Path) -> None:
    # V1 needs ac at level 2; T1 has it but expired, T2 has level 1 only.
    technicians = BASE["technicians.csv"].replace("2026-12-31", "2026-03-01")
    found = read_day(write_files(tmp_path, {**BASE, "technicians.csv": technicians}))
    assert len(found.warnings) == 1
    assert "nobody else" in found.warnings[0].hint


def test_a_certificate_counts_on_the_day_it_expires(tmp_path: Path) -> None:
    technicians = BASE["technicians.csv"].replace("2026-12-31", "2026-03-02")
    assert read_day(write_files(tmp_path, {**BASE, "technicians.csv": technicians})).warnings == ()


def test_places_around_the_date_line_are_near_each_other(tmp_path: Path) -> None:
    lons = [179.9, -179.9, 179.8, -179.8]
    visits = [{**VISIT, "id": f"V{i}", "place": {"lon": x, "lat": -17}} for i, x in enumerate(lons)]
    path = (
        write_files(tmp_path, {"day.json": json.dumps({**HEADER, "visits": visits})}) / "day.json"
    )
    assert len(read_day(path).day.visits) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:05", datetime(2026, 3, 2, 9, 5, tzinfo=SHANGHAI)),
        ("09:05:07", datetime(2026, 3, 2, 9, 5, 7, tzinfo=SHANGHAI)),
        ("24:00", datetime(2026, 3, 3, 0, 0, tzinfo=SHANGHAI)),
        ("2026/3/4 9:05", datetime(2026, 3, 4, 9, 5, tzinfo=SHANGHAI)),
        ("2026-03-04T09:05", datetime(2026, 3, 4, 9, 5, tzinfo=SHANGHAI)),
        ("2026-03-04T09:05:00.000Z", datetime(2026, 3, 4, 9, 5, tzinfo=UTC)),
        ("2026-03-04 09:05-03:00", datetime(2026, 3, 4, 12, 5, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_date_and_zone_of_the_day(text: str, expected: datetime) -> None:
    reader = MomentReader(datetime(2026, 3, 2, tzinfo=SHANGHAI).date(), SHANGHAI)
    assert datetime.fromisoformat(reader.read(text)) == expected


def test_a_plan_where_a_day_belongs_is_one_fault_and_a_day_where_a_plan_belongs_too(tmp_path):
    day, plan = tmp_path / "day.json", tmp_path / "plan.json"
    day.write_text('{"format": "servicenet-day/1", "visits": []}', encoding="utf-8")
    plan.write_text('{"format": "servicenet-plan/1", "routes": []}', encoding="utf-8")
    for read, path in ((read_day, plan), (read_plan, day)):
        with pytest.raises(InvalidRequest) as caught:
            read(path)
        (fault,) = caught.value.faults
        assert (fault.code, fault.where) == ("D1306", f"{path.name} format")
