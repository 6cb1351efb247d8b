"""What all domain models share: frozen, strict about unknown fields, finite numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen value; unknown fields are refused, never ignored."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="constants"
    )


_IN_ID = r"[^\s\x00-\x1f\x7f]"
Id = Annotated[
    str,
    Field(min_length=1, max_length=64, pattern=rf"^{_IN_ID}([^\x00-\x1f\x7f]*{_IN_ID})?$"),
]
"""A name without white space at its ends and without control characters, which databases, tables
and calendars cannot hold."""
Region = Annotated[str, Field(min_length=1, max_length=64, pattern=rf"^{_IN_ID}+$")]
"""Part of a network one group of dispatchers answers for; one word."""
Seconds = Annotated[int, Field(ge=0, le=7 * 24 * 3600)]
Meters = Annotated[int, Field(ge=0, le=10_000_000)]
Fen = Annotated[int, Field(ge=0, le=1_000_000_000)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Moment = AwareDatetime
"""A date and time with its offset from UTC."""
