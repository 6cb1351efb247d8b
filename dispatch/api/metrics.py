"""Figures for Prometheus; labels are routes, methods and states, never ids of days or people."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "servicenet_http_answers", "Answers.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "servicenet_http_seconds", "Seconds until the answer began.", ["method", "route"],
            buckets=BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        self.listeners = Gauge(
            "servicenet_stream_listeners", "Open event streams.", registry=self.registry
        )
        self.jobs = Gauge("servicenet_jobs", "Jobs.", ["state"], registry=self.registry)
        self.sequence = Gauge(
            "servicenet_log_sequence", "Last event of the log.", registry=self.registry
        )
        self.deliveries = Counter(
            "servicenet_webhook_deliveries", "Tries.", ["outcome"], registry=self.registry
        )

        self.ready = Counter(
            "servicenet_days_made_ready", "Days made ready beside the requests.", ["outcome"],
            registry=self.registry,
        )  # fmt: skip
        self.ready_seconds = Histogram(
            "servicenet_ready_seconds", "Seconds to make a day ready for emergencies.",
            buckets=BUCKETS_S, registry=self.registry,
        )  # fmt: skip

    def text(self) -> tuple[bytes, str]:
        """Return the page and its media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
