"""``report.html``: a plan as one self-contained page that never asks the network for anything."""

from dispatch.adapters.report.page import render_report, write_report
from dispatch.adapters.report.payload import ReportSource

__all__ = ["ReportSource", "render_report", "write_report"]
