"""Files: days in and out, plans, travel tables, gazetteers."""

from dispatch.adapters.files.day_file import DayFile, read_day
from dispatch.adapters.files.day_writer import write_day
from dispatch.adapters.files.gazetteer import read_gazetteer
from dispatch.adapters.files.plan_file import read_plan, write_plan
from dispatch.adapters.files.traffic_file import read_speed_table, write_speed_table
from dispatch.adapters.files.travel_file import read_travel, write_travel

__all__ = [
    "DayFile",
    "read_day",
    "read_gazetteer",
    "read_plan",
    "read_speed_table",
    "read_travel",
    "write_day",
    "write_plan",
    "write_speed_table",
    "write_travel",
]
