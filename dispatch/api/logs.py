"""Logs as JSON lines: ids, routes, codes and times; never a body, a query or a text of a person."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

_SECRETS = re.compile(r"\bsn_[0-9a-f]{32}_[\w-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]+")
_PHONES = re.compile(r"(?<![\w.])\+?\d[\d\- ]{6,}\d(?![\w.])")
NAME = "servicenet"


def mask(text: str) -> str:
    """Return the text without tokens and without what could be a phone number."""
    return _PHONES.sub("(number)", _SECRETS.sub("(token)", text))


class JsonLines(logging.Formatter):
    """One JSON object a line; fields come from ``extra={"fields": {...}}``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": moment,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": mask(record.getMessage()),
        }
        fields = getattr(record, "fields", {})
        line.update({k: mask(v) if isinstance(v, str) else v for k, v in fields.items()})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _trace(record)
        return json.dumps(line, ensure_ascii=True, default=str)


def _trace(record: logging.LogRecord) -> list[str]:
    """Return where it happened; the text of an error may hold data, so it is left out."""
    places = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-20:]


def set_up(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send this program's and the server's logs to a stream as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    for name in (NAME, "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
    # Its lines hold paths and queries as they came; ours name the route.
    logging.getLogger("uvicorn.access").disabled = True
