"""``compare.html``: two plans of one day on one self-contained page."""

from dispatch.adapters.compare_report.page import render_comparison, write_comparison
from dispatch.adapters.compare_report.payload import (
    ComparedPlan,
    CompareSource,
    build_payload,
    summarize_comparison,
)

__all__ = [
    "CompareSource",
    "ComparedPlan",
    "build_payload",
    "render_comparison",
    "summarize_comparison",
    "write_comparison",
]
