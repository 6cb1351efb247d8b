"""What all domain models share: frozen, strict about unknown fields, finite numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen value; unknown fields are refused, never ignored."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="constants"
    )


Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]
Seconds = Annotated[int, Field(ge=0, le=7 * 24 * 3600)]
Meters = Annotated[int, Field(ge=0, le=10_000_000)]
Fen = Annotated[int, Field(ge=0, le=1_000_000_000)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Moment = AwareDatetime
"""A date and time with its offset from UTC."""
