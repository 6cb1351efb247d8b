"""The generated pages: ``docs/errors.md``, ``docs/day-files.md``, ``docs/schemas/*.json``.

``python -m tests.dispatch.adapters.pages`` writes them; a test compares.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from dispatch.adapters.files.columns import (
    CHILD_TABLES,
    HEADER_ALIASES,
    MAIN_TABLES,
    TRAFFIC_TABLES,
    Column,
    Table,
)
from dispatch.adapters.files.gazetteer import GAZETTEER_TABLE
from dispatch.adapters.files.schemas import schema_texts
from dispatch.adapters.files.xlsx_sheets import SHEETS
from dispatch.domain.checks import Code
from dispatch.domain.checks.codes import RETIRED
from dispatch.domain.checks.explanations import EXPLANATIONS
from dispatch.errors import Fault, Severity
from tests.dispatch.adapters.broken_cases import CASES
from tests.dispatch.adapters.broken_inputs import BASE, Case, faults_of

DOCS = Path(__file__).resolve().parents[3] / "docs"
GROUPS = {
    "D1": "Files, formats and values",
    "D2": "Outlets",
    "D3": "Technicians",
    "D4": "Visits",
    "D5": "References and consistency",
}
_ERRORS_HEAD = """# Faults of the input

Every fault has a stable code, the place (file, row, column, or the path in the JSON), what was
found, what is allowed, and a hint. All faults come at once. An **error** stops the day; a
**quarantine** sets one visit aside with the reason and the day goes on; a **warning** is for a
person to look at. In Python: `dispatch.errors.InvalidRequest.faults`, and `quarantined` and
`warnings` of what `read_day` returns.

Faults that only the making of a plan can find (a place off the roads, say) have codes D7xxx; they
stand in `docs/reasons.md`.

This page is made from the cases the tests run (`python -m tests.dispatch.adapters.pages`).
"""
_FILES_HEAD = """# Day files

`read_day(path)` takes one JSON document (`docs/schemas/day.json`), a workbook or a folder of CSV
tables:

- `day.csv` with rows `key,value`, or `day.json` with the header only;
- `technicians.csv`, `visits.csv`, and `outlets.csv` unless there are none;
- a table of details where one row is not enough;
- optionally `gazetteer.csv`, in which places given by address only are looked up.

A **workbook** (`.xlsx`) has the same tables as sheets: `day`, `technicians`, `visits`, and, where
needed, `outlets`, the sheets of details and `gazetteer`. {sheets}
Row 1 is the heading; a heading may have two lines, one in each language. Dates, times, numbers and
yes/no may be typed cells or text. Sheets whose name starts with `_`, `dictionary` (字段说明) and
charts are not read; other unknown sheets, merged cells, errors such as `#N/A` and formulas that
were never calculated are refused. A workbook may unpack to 200 MB. `servicenet template day.xlsx`
writes one with every sheet and an example.

Encodings of CSV: UTF-8, UTF-8 with BOM, GB18030. Cells are separated by commas, semicolons or tabs.
Headings may be in any order and case. Unknown columns are refused, never ignored. The order of
rows means nothing, but for a technician's shifts: breaks and plans name them by it.

**Times** are `09:30` (that day), `2026-03-02 09:30` (also `2026/3/2 9:30`), both in the day's
zone, or ISO 8601 with offset; `24:00` is the end of the day. Whole seconds only; a local time that
a change of clocks skips or repeats is refused.

**Lists in one cell** are separated by `;`, with a level or quantity after `:` and a date after
`@`: `ac:2@2026-12-31;gas:1`. A backslash makes the next sign an ordinary one.

**Places** are longitude and latitude, or an address that the gazetteer knows under exactly one
position (width, case, blanks and punctuation do not count; the district may stand before or after
the name). A visit whose place is missing, unknown, ambiguous or cannot be right is set aside.

**Datum**: `datum` = `gcj02` in the header (AMap, Tencent) converts all coordinates of the day on
reading; `wgs84` is the default. The gazetteer is always WGS 84.

**Parts** a visit needs (`parts`), stock on vans (`van_stock`) and at outlets (`stock`) stand in a
cell (`compressor-12:2`, on order: `valve-4:6@2026-03-03`) or in rows of `parts.csv`,
`van_stock.csv` and `stock.csv`; both together are joined.

**Crews**: `crew_size` people come together, all or none; the first has `skills`, each of the
others `crew_skills`. `settings.crew_tolerance_s` says how far apart they may start.

**Links** (`links.csv`): `visit` starts at least `min_gap_min` and at most `max_gap_min` after
`after` has ended; `same_technician` yes / no, or empty for anybody.

**Several days**: the horizon may span up to 31 days. Every day has shifts of its own (the first
in `technicians.csv`, the others in `shifts.csv`, with date and time); `days` of a visit lists the
dates it may fall on.

**How long, how much**: `service_percent` of a technician, or of one skill in `skills.csv`, is a
share of a visit's time; `max_visits`, `max_distance_m` and `max_driving_min` hold per shift;
`carried_work_min` and `carried_distance_m` are of earlier days, for `settings.fair_work_s` and
`settings.fair_distance_m`.

**Told**: what a customer was told already, of a plan published before: `told_technician`,
`told_arrival` and `told_order`, the rank among what that technician was told. What changes is
priced (`prices.disturbed_technician`, `disturbed_eta_per_min`, `disturbed_order`); nobody comes
more than `settings.disturbed_free_s` before what was told. A technician who is out already
(`shifts[].out_at`) and limits of one shift are written in JSON only.

**Traffic**: `traffic.profile` is `none`, `china_big_city` (rush-hours.md) or `custom` with rows
in `traffic_speeds.csv`: a road class drives at `percent` of free flow from `from` to `to`, at
free flow where no row says otherwise. Rows of one class do not overlap; a span over midnight is
two rows, up to `24:00` and from `00:00`. `traffic_areas.csv` has areas that are slower for a
while, their corners in order as `longitude latitude;…`, in the datum of the day. A day without
any of it drives at free flow. `servicenet plan DAY --traffic FILE.csv` takes a table of speeds
from elsewhere.

## day.csv

Headings: `key` (字段 / 项目 / 键) and `value` (值 / 内容).

Keys: `id`, `date`, `horizon_start`, `horizon_end` (needed), `zone`, `standards`, `datum`,
`prices.<name>`, `settings.<name>`, `traffic.profile` (none / china_big_city / custom; rows of
`traffic_speeds.csv` alone mean custom). Also understood: """


def errors_page() -> str:
    """Return ``docs/errors.md``."""
    messages = [message_of(case) for case in CASES]
    parts = [_ERRORS_HEAD, _index(messages)]
    group = ""
    for code in Code:
        if code[:2] != group:
            group = code[:2]
            parts.append(f"## {GROUPS[group]}\n")
        first = next(number for number, case in enumerate(CASES) if case.code == code)
        parts.append(_section(CASES[first], messages[first]))
    parts.append(_retired())
    return "\n".join(parts)


def _retired() -> str:
    rows = "\n".join(f"- {code}: {words}" for code, words in RETIRED.items())
    return f"## Retired codes\n\nOnce refused, planned now; no fault has these codes.\n\n{rows}\n"


def _index(messages: list[Fault]) -> str:
    rows = ["| broken input | message |", "|---|---|"]
    for case, fault in zip(CASES, messages, strict=True):
        text = str(fault).replace("|", "\\|").removeprefix(fault.code)
        rows.append(f"| {case.title} | [{fault.code}](#{fault.code.lower()}){text} |")
    return "\n".join(rows) + "\n"


def _section(case: Case, fault: Fault) -> str:
    explanation = EXPLANATIONS[case.code]
    effect = {
        Severity.ERROR: "error",
        Severity.QUARANTINE: "the visit is set aside",
        Severity.WARNING: "warning",
    }[fault.severity]
    return (
        f"### {case.code}\n\n{explanation.meaning} ({effect})\n\n"
        f"```text\n{_cut(case.example)}\n```\n\n> {fault}\n\nRepair: {explanation.repair}\n"
    )


def _cut(text: str) -> str:
    return "\n".join(line if len(line) <= 160 else f"{line[:159]}…" for line in text.splitlines())


def message_of(case: Case) -> Fault:
    """Return the first fault of a case that has its code, without the path of this machine."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fault = next(f for f in faults_of(case, folder) if f.code == case.code)
        plain = {"where": fault.where, "hint": fault.hint}
        plain = {key: text.replace(f"{folder}/", "") for key, text in plain.items()}
    return Fault(
        fault.code, plain["where"], fault.found, fault.expected, plain["hint"], fault.severity
    )


def files_page() -> str:
    """Return ``docs/day-files.md``."""
    aliases = ", ".join(f"{alias} = `{key}`" for alias, key in HEADER_ALIASES.items())
    tables = "\n".join(f"# {name}\n{text}" for name, text in BASE.items())
    example = f"## Example\n\n```text\n{tables}```\n"
    head = _FILES_HEAD.replace("{sheets}", _sheets())
    parts = [f"{head}{aliases}.\n", example]
    parts += [
        _table(table) for table in (*MAIN_TABLES, *CHILD_TABLES, *TRAFFIC_TABLES, GAZETTEER_TABLE)
    ]
    return "\n".join(parts)


def _sheets() -> str:
    """Return the Chinese names of sheets."""
    chinese = [name for name in SHEETS if not name.isascii()]
    return f"They may be called {', '.join(chinese)}."


def _table(table: Table) -> str:
    rows = [f"## {table.file}\n", "| column | also | what to write |", "|---|---|---|"]
    rows += [
        f"| `{column.name}`{' (needed)' if _needed(table, column) else ''} "
        f"| {', '.join(column.aliases)} | {column.cell.form} |"
        for column in table.columns
    ]
    return "\n".join(rows) + "\n"


def _needed(table: Table, column: Column) -> bool:
    """Say whether a column is needed; of two for the same thing only the first says so."""
    same = [other for other in table.columns if column.path and other.path == column.path]
    return column.required and (not same or same[0] is column)


def pages() -> Mapping[str, str]:
    """Return every generated page by its path below ``docs``."""
    schemas = {f"schemas/{name}": text for name, text in schema_texts().items()}
    return {"errors.md": errors_page(), "day-files.md": files_page(), **schemas}


def write_pages() -> None:
    """Write every generated page."""
    for name, text in pages().items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_pages()
