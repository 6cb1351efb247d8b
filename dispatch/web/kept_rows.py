"""Rows of a board that is looked at again and again, and the board as JSON made of them."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.web.board_model import BoardRow, BoardView


def board_json(view: BoardView, kept: KeptRows | None = None) -> bytes:
    """Return the view as compact JSON without fields at their defaults.

    Parameters
    ----------
    kept
        Those the view was made with: rows that were written before are not written again.
    """
    rest = view.model_dump_json(exclude_defaults=True, exclude={"rows"}).encode()
    if not view.rows:
        return rest
    rows = b",".join(map((kept or KeptRows()).json_of, view.rows))
    return b'%b,"rows":[%b]}' % (rest[:-1], rows)


@dataclass
class _KeptRow:
    made_of: tuple[object, ...]
    row: BoardRow
    json: bytes | None = None


class KeptRows:
    """Rows of a day's last board: those nothing happened to are not made again."""

    def __init__(self) -> None:
        self._kept: dict[str, _KeptRow] = {}

    def find(self, name: str, made_of: tuple[object, ...]) -> BoardRow | None:
        """Return a row that was made of the very same things; None if there is none."""
        known = self._kept.get(name)
        if known is None or len(known.made_of) != len(made_of):
            return None
        same = all(one is other for one, other in zip(known.made_of, made_of, strict=True))
        return known.row if same else None

    def keep(self, row: BoardRow, made_of: tuple[object, ...]) -> BoardRow:
        """Remember a row and return it."""
        self._kept[row.id] = _KeptRow(made_of, row)
        return row

    def json_of(self, row: BoardRow) -> bytes:
        """Return a row as JSON, written once."""
        known = self._kept.get(row.id)
        if known is None or known.row is not row:
            return _row_json(row)
        if known.json is None:
            known.json = _row_json(row)
        return known.json


def _row_json(row: BoardRow) -> bytes:
    return row.model_dump_json(exclude_defaults=True).encode()
