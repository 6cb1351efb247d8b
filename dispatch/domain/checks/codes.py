"""Stable codes of everything that can be wrong with an input; ``docs/errors.md`` explains each.

D1xxx files and formats, D2xxx outlets, D3xxx technicians, D4xxx visits, D5xxx references between
them; D6xxx are retired. A code is never given a second meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Code(StrEnum):
    """Code of a fault; the value is what people and programs see."""

    FILE_MISSING = "D1001"
    FILE_TOO_LARGE = "D1002"
    FILE_EMPTY = "D1003"
    ENCODING = "D1004"
    FILE_UNKNOWN = "D1005"
    FILE_KIND = "D1006"
    FILE_UNREADABLE = "D1007"
    TWO_HEADERS = "D1008"
    FOLDER_NOT_OURS = "D1009"
    NOT_WRITABLE = "D1010"

    JSON_SYNTAX = "D1101"
    JSON_DUPLICATE_KEY = "D1102"
    JSON_NOT_OBJECT = "D1103"

    COLUMN_UNKNOWN = "D1201"
    COLUMN_MISSING = "D1202"
    COLUMN_TWICE = "D1203"
    ROW_CELLS = "D1204"
    ROWS_TOO_MANY = "D1205"
    CSV_SYNTAX = "D1206"

    FIELD_MISSING = "D1301"
    FIELD_UNKNOWN = "D1302"
    WRONG_TYPE = "D1303"
    OUT_OF_RANGE = "D1304"
    NOT_FINITE = "D1305"
    WRONG_CHOICE = "D1306"
    TEXT_FORM = "D1307"
    LIST_CELL = "D1308"
    DATE_FORM = "D1309"
    VALUE_FORM = "D1310"
    LIST_LENGTH = "D1311"

    MOMENT_FORM = "D1401"
    MOMENT_SKIPPED = "D1402"
    MOMENT_TWICE = "D1403"
    MOMENT_SUBSECOND = "D1404"

    ZONE_UNKNOWN = "D1501"
    HORIZON_REVERSED = "D1502"
    HORIZON_LONG = "D1503"

    TRAVEL_FILE = "D1601"
    TRAVEL_KEY = "D1602"
    TRAVEL_SHAPE = "D1603"

    WORKBOOK_BROKEN = "D1701"
    WORKBOOK_BOMB = "D1702"
    WORKBOOK_ENTITY = "D1703"
    SHEET_MISSING = "D1704"
    SHEET_UNKNOWN = "D1705"
    SHEET_TWICE = "D1706"
    CELL_WITHOUT_VALUE = "D1707"
    CELLS_MERGED = "D1708"

    TRAFFIC_ROW_REVERSED = "D1801"
    TRAFFIC_ROWS_OVERLAP = "D1802"
    TRAFFIC_WITHOUT_ROWS = "D1803"
    TRAFFIC_ROWS_UNUSED = "D1804"
    AREA_REVERSED = "D1805"
    AREA_OUTSIDE_HORIZON = "D1806"
    AREA_OUTLINE = "D1807"

    CAPACITY_WITHOUT_PRICE = "D2001"
    CAPACITY_NOT_CONTRACTED = "D2002"
    HOURS_REVERSED = "D2003"
    OUTLET_CLOSED = "D2004"
    OUTLET_PLACE = "D2101"

    NO_START_OR_END = "D3001"
    SHIFT_REVERSED = "D3002"
    SHIFTS_OVERLAP = "D3003"
    SHIFT_OUTSIDE_HORIZON = "D3004"
    BREAK_REVERSED = "D3005"
    BREAKS_OVERLAP = "D3006"
    BREAK_WAIVED = "D3007"
    CERTIFICATE_EXPIRED = "D3008"
    LIMIT_ZERO = "D3009"
    SHIFT_LONG = "D3010"
    TECHNICIAN_PLACE = "D3101"

    WINDOW_REVERSED = "D4001"
    PROMISE_FORM = "D4002"
    WINDOW_OUTSIDE_HORIZON = "D4003"
    EMERGENCY_WITHOUT_REQUEST = "D4004"
    OPTIONAL_WITHOUT_VALUE = "D4005"
    PROMISE_ID_TWICE = "D4006"
    CREW_SKILLS_WITHOUT_CREW = "D4007"
    PART_TWICE = "D4008"
    GAP_REVERSED = "D4009"
    DAYS_OUTSIDE_HORIZON = "D4010"
    DAYS_WITHOUT_PROMISE = "D4011"
    DAYS_WITHOUT_SHIFT = "D4012"
    PLACE_MISSING = "D4101"
    ADDRESS_UNKNOWN = "D4102"
    ADDRESS_AMBIGUOUS = "D4103"
    PLACE_ZERO = "D4104"
    PLACE_FAR = "D4105"
    PLACE_SWAPPED = "D4106"

    DUPLICATE_ID = "D5001"
    UNKNOWN_OUTLET = "D5002"
    UNKNOWN_TECHNICIAN = "D5003"
    UNKNOWN_VISIT = "D5004"
    REQUIRED_AND_EXCLUDED = "D5005"
    PIN_CONTRADICTION = "D5006"
    NOBODY_HAS_SKILL = "D5007"
    CREW_TOO_LARGE = "D5008"
    PART_NOWHERE = "D5009"
    LINK_TO_ITSELF = "D5010"
    LINK_TWICE = "D5011"
    LINK_CIRCLE = "D5012"
    SAME_AND_DIFFERENT = "D5013"
    NOBODY_FOR_ALL = "D5014"
    LINK_SET_ASIDE = "D5015"


RETIRED: Final[Mapping[str, str]] = {
    "D6001": "parts on a visit",
    "D6002": "a crew of several technicians",
    "D6003": "links between visits",
    "D6004": "a visit that may fall on several days",
}
"""Codes of what could not be planned once; no fault has them any more."""
