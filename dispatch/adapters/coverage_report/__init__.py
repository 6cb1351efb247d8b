"""``coverage.html``: the audit of a network as one self-contained page for the manager."""

from dispatch.adapters.coverage_report.page import render_coverage_report, write_coverage_report

__all__ = ["render_coverage_report", "write_coverage_report"]
