"""The page of a simulation: a table of policies with intervals, and a chart, in one file.

No script and nothing fetched; texts are escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

COLUMNS: Final[Mapping[str, tuple[str, float, int]]] = {
    "kept_share": ("Promises kept, %", 100, 1),
    "emergency_answer_min": ("Emergency arranged, min", 1, 1),
    "emergency_arrival_min": ("Emergency arrival, min", 1, 1),
    "eta_moves": ("Arrivals moved", 1, 1),
    "technician_changes": ("Technician changed", 1, 1),
    "overtime_h": ("Overtime, h", 1, 2),
    "km": ("km", 1, 0),
    "price_fen": ("Price, yuan", 0.01, 0),
}
"""Heading, factor and digits of each measure shown."""

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1a1f24; --faint: #6b747c; --line: #d5dade;
  --bar: #2b6cb0; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --faint: #9aa4ad; --line: #3a434b;
  --bar: #63a4e8; --paper: #14181b; } }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: var(--ink);
  background: var(--paper); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
th { white-space: normal; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; } small { color: var(--faint); display: block; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui; }
.bar { fill: var(--bar); } .whisker { stroke: var(--ink); stroke-width: 1.5; }
.axis { stroke: var(--line); }
"""

LEFT, WIDTH, ROW = 190, 420, 30


def build_page(summary: Mapping[str, Any]) -> str:
    """Return the HTML of a summary (`scenarios.simulation.figures.summarize`)."""
    title = f"Simulated day {summary.get('day', '')}".strip()
    facts = (
        f"{summary.get('replications', 0)} replications, seed {summary.get('seed', 0)}; every "
        "policy lives through the same days. Mean with 95 % interval (Student)."
    )
    reference = str(summary["reference"] or "")
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(facts)}</p>",
        _table(summary["policies"]),
        f"<h2>Difference to {escape(reference)}</h2>",
        _table(summary["differences"], sign="+") if summary["differences"] else "<p>—</p>",
        "<h2>Promises kept, %</h2>",
        _chart(summary["policies"], "kept_share"),
        "<h2>Price, yuan</h2>",
        _chart(summary["policies"], "price_fen"),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _table(policies: Mapping[str, Mapping[str, Any]], sign: str = "") -> str:
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word, _, _ in COLUMNS.values())
    lines = [
        f"<tr><td>{escape(name)}</td>{''.join(_cell(figures[m], m, sign) for m in COLUMNS)}</tr>"
        for name, figures in policies.items()
    ]
    return (
        f'<div class="wide"><table><thead><tr><th scope="col">Policy</th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(found: Mapping[str, float] | None, measure: str, sign: str) -> str:
    if found is None:
        return "<td>–</td>"
    _, factor, digits = COLUMNS[measure]
    mean, low, high = (
        f"{found[word] * factor:{sign},.{digits}f}" for word in ("mean", "low", "high")
    )
    return f"<td>{mean}<small>{low} … {high}</small></td>"


def _chart(policies: Mapping[str, Mapping[str, Any]], measure: str) -> str:
    """Return bars from zero with whiskers, as SVG."""
    word, factor, digits = COLUMNS[measure]
    found = [(name, figures[measure]) for name, figures in policies.items() if figures[measure]]
    top = max((one["high"] * factor for _, one in found), default=0.0)
    if top <= 0:
        return "<p>—</p>"
    scale = WIDTH / top
    rows = [_bar(i, name, one, factor * scale, f"{one['mean'] * factor:,.{digits}f}")
            for i, (name, one) in enumerate(found)]  # fmt: skip
    height = ROW * len(found) + 6
    return (
        f'<svg viewBox="0 0 {LEFT + WIDTH + 90} {height}" width="{LEFT + WIDTH + 90}" role="img" '
        f'aria-label="{escape(word)} by policy">'
        f'<line class="axis" x1="{LEFT}" y1="0" x2="{LEFT}" y2="{height}"/>{"".join(rows)}</svg>'
    )


def _bar(row: int, name: str, one: Mapping[str, float], scale: float, text: str) -> str:
    top, middle = row * ROW + 6, row * ROW + 16
    mean, low, high = (max(0.0, one[word] * scale) for word in ("mean", "low", "high"))
    ends: Sequence[float] = (LEFT + low, LEFT + high)
    return (
        f'<text x="{LEFT - 8}" y="{middle + 5}" text-anchor="end">{escape(name)}</text>'
        f'<rect class="bar" x="{LEFT}" y="{top}" width="{mean:.1f}" height="20"/>'
        f'<line class="whisker" x1="{ends[0]:.1f}" y1="{middle}" x2="{ends[1]:.1f}" y2="{middle}"/>'
        f'<text x="{max(ends[1], LEFT + mean) + 8:.1f}" y="{middle + 5}">{escape(text)}</text>'
    )
