"""Boards of live days: made once for everybody who looks at the same moment."""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from dispatch.api.own_part import own_board
from dispatch.api.regions import WHOLE, Part
from dispatch.service.view import DayView
from dispatch.web.board_model import BoardView
from dispatch.web.board_view import board_view
from dispatch.web.kept_rows import KeptRows, board_json

PACKING = 4
"""Of gzip: a fifth of the size for a millisecond of a day of 40 x 8 visits."""


@dataclass(frozen=True)
class Board:
    """A board, and the same as JSON."""

    view: BoardView
    json: bytes

    @cached_property
    def packed(self) -> bytes:
        """The JSON packed by gzip, once for all who ask."""
        return gzip.compress(self.json, PACKING, mtime=0)


@dataclass
class _Made:
    lock: threading.Lock = field(default_factory=threading.Lock)
    board: Board | None = None
    parts: dict[frozenset[str], Board] = field(default_factory=dict)


class Boards:
    """Boards by view; a view nobody holds any more takes its board along."""

    def __init__(self) -> None:
        self._made: WeakKeyDictionary[DayView, _Made] = WeakKeyDictionary()
        self._rows: dict[str, KeptRows] = {}
        self._lock = threading.Lock()

    def get(self, view: DayView, part: Part = WHOLE) -> Board:
        """Return the board of a view, or of a part of it."""
        with self._lock:
            made = self._made.setdefault(view, _Made())
            rows = self._rows.setdefault(view.day_id, KeptRows())
        with made.lock:
            if made.board is None:
                found = board_view(view, rows)
                made.board = Board(found, board_json(found, rows))
            if part.whole:
                return made.board
            if part.mine not in made.parts:
                own = own_board(made.board.view, part)
                made.parts[part.mine] = Board(own, board_json(own, rows))
            return made.parts[part.mine]
