"""What every code means and how it is repaired; ``docs/errors.md`` is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.whole_day_words import WHOLE_DAY
from dispatch.domain.checks.workbook_words import WORKBOOK


@dataclass(frozen=True, slots=True)
class Explanation:
    """One section of ``docs/errors.md``.

    Parameters
    ----------
    meaning
        What is wrong, in a sentence.
    repair
        What to do.
    """

    meaning: str
    repair: str


_AS_WRITTEN = "Correct the value in the file; the message names file, row and column."
_PLACE = "Correct the coordinates (longitude first) or the address."

EXPLANATIONS: Mapping[Code, Explanation] = {
    code: Explanation(meaning, repair)
    for code, meaning, repair in (
        (
            Code.FILE_MISSING,
            "A file that is needed is not there.",
            (
                "Check the path. A folder needs day.csv (or day.json), technicians.csv and "
                "visits.csv; a table without rows is its heading alone."
            ),
        ),
        (
            Code.FILE_TOO_LARGE,
            "A file is larger than 200 MB (a travel table: 2 GB unpacked).",
            "Plan region by region.",
        ),
        (Code.FILE_EMPTY, "A file has no content.", "Export it again."),
        (
            Code.ENCODING,
            "The text is neither UTF-8 (with or without BOM) nor GB18030, or it is damaged UTF-8.",
            "Save the file as UTF-8; in a spreadsheet choose CSV UTF-8.",
        ),
        (
            Code.FILE_UNKNOWN,
            "A CSV file in the folder is none of the tables of a day.",
            "Correct its name (docs/day-files.md lists them) or remove it.",
        ),
        (
            Code.FILE_KIND,
            "The path is neither a .json file, nor an .xlsx workbook, nor a folder.",
            "Save a workbook of another kind (.xls, .xlsb, .ods) as .xlsx.",
        ),
        (
            Code.FILE_UNREADABLE,
            "The operating system does not let the file be read.",
            "Check what it is and who may read it.",
        ),
        (Code.TWO_HEADERS, "The folder has day.csv and day.json.", "Remove one of the two."),
        (
            Code.FOLDER_NOT_OURS,
            "A day was to be written over a file, or over a folder with other files in it.",
            "Choose another folder. Nothing was written.",
        ),
        (
            Code.NOT_WRITABLE,
            "A value cannot be kept in a CSV cell.",
            "Write the day as JSON, or remove the blanks around the text. Nothing was written.",
        ),
        (
            Code.JSON_SYNTAX,
            "The JSON is not well formed, most often because the file was cut off.",
            "Look at the line and column the message names; export the file again.",
        ),
        (
            Code.JSON_DUPLICATE_KEY,
            "A key occurs twice in one object; a reader would silently take the last one.",
            "Remove one of the two.",
        ),
        (
            Code.JSON_NOT_OBJECT,
            "The document is a list, a number or a text.",
            "Put everything into one object { … }.",
        ),
        (
            Code.COLUMN_UNKNOWN,
            "A heading is none of the table's columns or their aliases.",
            "Correct the heading or remove the column; docs/day-files.md lists them.",
        ),
        (Code.COLUMN_MISSING, "A column that is needed is not there.", "Add it."),
        (
            Code.COLUMN_TWICE,
            "Two columns (or two rows of day.csv) say the same thing.",
            "Remove one of them.",
        ),
        (
            Code.ROW_CELLS,
            "A row has more or fewer cells than the heading.",
            'Put text that contains a comma in "quotes"; complete a row that was cut off.',
        ),
        (
            Code.ROWS_TOO_MANY,
            "There are more than 100 000 visits (or rows of another table). Reading stops there.",
            "Plan region by region.",
        ),
        (
            Code.CSV_SYNTAX,
            "A quote is not closed, or something follows a closing quote.",
            'Write a quote inside quoted text twice: "".',
        ),
        (Code.FIELD_MISSING, "A value that is needed is not there.", "Fill it in."),
        (
            Code.FIELD_UNKNOWN,
            "A field nobody knows; unknown fields are refused, never ignored.",
            "Correct its name or remove it.",
        ),
        (
            Code.WRONG_TYPE,
            "Text where a number belongs, a fraction where a whole number belongs, and the like.",
            _AS_WRITTEN,
        ),
        (Code.OUT_OF_RANGE, "A number is negative, too small or too big.", _AS_WRITTEN),
        (
            Code.NOT_FINITE,
            "A number is NaN or infinite.",
            "Leave an unknown value out, or give the real one.",
        ),
        (
            Code.WRONG_CHOICE,
            "A word that is none of the choices.",
            "Use one of the words in the message.",
        ),
        (
            Code.TEXT_FORM,
            "A text is empty, longer than allowed or has blanks at its ends.",
            "Shorten or trim it; ids have 1 to 64 characters.",
        ),
        (
            Code.LIST_CELL,
            "A cell that holds a list cannot be read.",
            "Separate elements by ; and write a level after : and a date after @.",
        ),
        (
            Code.DATE_FORM,
            "A date or a time of day cannot be read.",
            "Write 2026-03-02 and 08:00.",
        ),
        (
            Code.VALUE_FORM,
            "A value that no JSON reader accepts, such as half a character.",
            "Write the text again.",
        ),
        (
            Code.LIST_LENGTH,
            "A list has too few or too many elements; a technician has at least one shift.",
            "Add or remove elements.",
        ),
        (
            Code.MOMENT_FORM,
            "A time cannot be read.",
            "Write 09:30, 2026-03-02 09:30 or 2026-03-02T09:30:00+08:00.",
        ),
        (
            Code.MOMENT_SKIPPED,
            "A local time that does not exist, for the clocks go forward over it.",
            "Choose a later time, or write the time with its offset.",
        ),
        (
            Code.MOMENT_TWICE,
            "A local time that happens twice, for the clocks go back.",
            "Write the time with its offset; the message names both.",
        ),
        (Code.MOMENT_SUBSECOND, "A time has parts of a second.", "Round to whole seconds."),
        (
            Code.ZONE_UNKNOWN,
            "The time zone is not in the IANA data base.",
            "Write a name such as Asia/Shanghai.",
        ),
        (
            Code.HORIZON_REVERSED,
            "The horizon ends before it starts.",
            "Swap the two; an end past midnight states its date.",
        ),
        (
            Code.TRAVEL_FILE,
            "The travel table is no archive of plain arrays.",
            "Make the plan again; it writes travel.npz.",
        ),
        (Code.TRAVEL_KEY, "An array of the travel table is missing.", "Make the plan again."),
        (
            Code.TRAVEL_SHAPE,
            "An array of the travel table has the wrong shape, type or values.",
            "Make the plan again.",
        ),
        *WORKBOOK,
        *WHOLE_DAY,
        (
            Code.CAPACITY_WITHOUT_PRICE,
            "A contracted outlet takes visits but states no price.",
            "Give price_fen; 0 if it serves for nothing.",
        ),
        (
            Code.CAPACITY_NOT_CONTRACTED,
            "An outlet that is not contracted states a capacity.",
            "Set kind to contracted, or remove the capacity.",
        ),
        (
            Code.HOURS_REVERSED,
            "An outlet closes before it opens.",
            "Swap the two; an outlet open past midnight closes at 23:59.",
        ),
        (
            Code.OUTLET_PLACE,
            "The place of an outlet is missing, unknown, ambiguous or cannot be right.",
            _PLACE,
        ),
        (
            Code.NO_START_OR_END,
            "A technician has neither an outlet nor own start and end places.",
            "Name the home outlet, or give both places.",
        ),
        (
            Code.SHIFT_REVERSED,
            "A shift ends before it starts.",
            "A shift past midnight states the date of its end.",
        ),
        (
            Code.SHIFTS_OVERLAP,
            "Two shifts of one technician overlap.",
            "Join them or move one.",
        ),
        (
            Code.SHIFT_OUTSIDE_HORIZON,
            "A shift lies wholly outside the horizon.",
            "Check its date and the zone.",
        ),
        (
            Code.BREAK_REVERSED,
            "The latest start of a break lies before its earliest.",
            "Swap the two.",
        ),
        (
            Code.BREAKS_OVERLAP,
            "The windows of two breaks of one shift overlap.",
            "Let the later window open when the earlier one has closed.",
        ),
        (
            Code.BREAK_WAIVED,
            "The shift does not touch the window of the break, so the break is waived.",
            "Correct the times if the break is meant.",
        ),
        (
            Code.CERTIFICATE_EXPIRED,
            "A certificate expired before the day, so the skill does not count.",
            "Renew the certificate and its date.",
        ),
        (
            Code.TECHNICIAN_PLACE,
            (
                "The start or end place of a technician is missing, unknown, ambiguous or cannot "
                "be right."
            ),
            _PLACE,
        ),
        (
            Code.WINDOW_REVERSED,
            "A promised window ends before it starts.",
            "Swap the two; a window past midnight states the date of its end.",
        ),
        (
            Code.PROMISE_FORM,
            "A promise has an appointment and a window, half a window, or a tolerance alone.",
            "Give an appointment (with tolerance_min), or both earliest and latest.",
        ),
        (
            Code.WINDOW_OUTSIDE_HORIZON,
            "A promise, a pinned arrival or an emergency lies outside the horizon.",
            "Check its date and the zone.",
        ),
        (
            Code.EMERGENCY_WITHOUT_REQUEST,
            "An emergency states neither when it was received nor a promise.",
            "Give received_at; the 15 minutes run from it.",
        ),
        (
            Code.OPTIONAL_WITHOUT_VALUE,
            "An optional visit has no value, so it will be left out.",
            "Give value_fen, or make the visit mandatory.",
        ),
        (
            Code.PROMISE_ID_TWICE,
            "Two promises of one visit have the same id.",
            "Rename one of them.",
        ),
        (
            Code.PLACE_MISSING,
            "A visit has neither coordinates nor an address. It is set aside; the day goes on.",
            "Give longitude and latitude, or an address.",
        ),
        (
            Code.ADDRESS_UNKNOWN,
            (
                "The address of a visit is not in the gazetteer, or there is none. The visit is "
                "set aside; the day goes on."
            ),
            "Correct the address, or give coordinates.",
        ),
        (
            Code.ADDRESS_AMBIGUOUS,
            "The address of a visit names several places. The visit is set aside; the day goes on.",
            "Add the district, or give coordinates.",
        ),
        (
            Code.PLACE_ZERO,
            (
                "A visit is at longitude 0, latitude 0, which is what broken exports write. It is"
                " set aside; the day goes on."
            ),
            "Give the real coordinates.",
        ),
        (
            Code.PLACE_FAR,
            (
                "A visit is more than 300 km from the median of all places. It is set aside; the "
                "day goes on."
            ),
            "Correct the coordinates, or plan the region on its own.",
        ),
        (
            Code.PLACE_SWAPPED,
            (
                "Longitude and latitude of a visit seem to be swapped. It is set aside; the day "
                "goes on."
            ),
            "Swap them back: longitude first.",
        ),
        (Code.DUPLICATE_ID, "An id occurs twice within one kind.", "Rename or remove one."),
        (Code.UNKNOWN_OUTLET, "An outlet is named that the day does not have.", "Correct the id."),
        (
            Code.UNKNOWN_TECHNICIAN,
            "A technician is named that the day does not have.",
            "Correct the id.",
        ),
        (Code.UNKNOWN_VISIT, "A visit is named that the day does not have.", "Correct the id."),
        (
            Code.REQUIRED_AND_EXCLUDED,
            "A technician is required and excluded at once.",
            "Remove the name from one list.",
        ),
        (
            Code.PIN_CONTRADICTION,
            "A visit is pinned to a technician who may not go to it.",
            "Remove the pin or change the list.",
        ),
        (
            Code.NOBODY_HAS_SKILL,
            "A visit needs a skill that nobody has, so it will stay unassigned.",
            "Check the spelling of the skill.",
        ),
    )
}
