"""What every checker of certificates reads and refuses; imports nothing of the solver."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]

MAX_VALUE: Final = 2**62
"""Sums that could pass this are refused: they would not be exact."""


class Refused(Exception):
    """The certificate does not prove what it says; the text is the reason."""


def refuse(reason: str) -> NoReturn:
    """Refuse the certificate."""
    raise Refused(reason)


@dataclass(slots=True)
class Verdict:
    """What the checker found.

    Attributes
    ----------
    objective
        Value of the sites, recomputed; None where they make no answer.
    bound
        What the certificate proves, recomputed; None where it proves nothing.
    faults
        Every claim that does not hold; empty means the certificate is accepted.
    relies_on
        Whose word the claimed bound needs beyond what was recomputed; empty if none.
    """

    objective: int | None = None
    bound: int | None = None
    faults: list[str] = field(default_factory=list)
    relies_on: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def read_sites(claim: Mapping[str, Any], count: int) -> list[int]:
    """Return the claimed sites; each exists and is named once."""
    sites = read_ints(claim, "sites")
    if not sites or len(set(sites)) != len(sites) or not all(0 <= j < count for j in sites):
        raise Refused(f"sites {sites} are not distinct numbers from 0 to {count - 1}")
    return sites


def check_choice(sites: Sequence[int], p: int, rules: Mapping[int, int]) -> None:
    """Refuse a choice of another size or against the fixed sites."""
    if len(sites) != p:
        raise Refused(f"{len(sites)} sites are open; {p} were asked for")
    for site, rule in rules.items():
        if (rule == 1) != (site in sites) and rule != 0:
            raise Refused(f"site {site} is fixed {'open' if rule == 1 else 'closed'}")


def check_bound(claim: Mapping[str, Any], objective: int, bound: int) -> None:
    """Refuse a bound above the proven one, and ``optimal`` where bound and objective differ."""
    claimed = read_int(claim, "bound")
    if claimed > bound:
        raise Refused(f"bound {claimed} is claimed; the certificate proves {bound}")
    if claim.get("status") == "optimal" and bound != objective:
        raise Refused(f"optimal is claimed; proven are {objective} and the bound {bound}")


def compare(name: str, claimed: object, found: int) -> None:
    """Refuse a claimed figure that is not the recomputed one."""
    if isinstance(claimed, bool) or claimed != found:
        raise Refused(f"{name} {claimed} is claimed; recomputed is {found}")


def read_int(source: Mapping[str, Any], key: str) -> int:
    """Return a whole number of the certificate."""
    value = source.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(f"{key} is {value!r}; expected a whole number")
    return value


def read_ints(source: Mapping[str, Any], key: str) -> list[int]:
    """Return a list of whole numbers of the certificate."""
    values = source.get(key)
    if not isinstance(values, Sequence) or not all(
        isinstance(value, int) and not isinstance(value, bool) for value in values
    ):
        raise Refused(f"{key} is not a list of whole numbers")
    return list(values)


def read_array(source: Mapping[str, Any], key: str, size: int, where: str) -> Int64:
    """Return an array of whole numbers of a given length.

    In a file it is ``{"int64": TEXT}``: little-endian 64-bit numbers, packed by zlib, in base 64.
    """
    values = source.get(key)
    if isinstance(values, np.ndarray):
        array = values
    elif isinstance(values, Mapping) and isinstance(values.get("int64"), str):
        array = np.frombuffer(_unpack(values["int64"], 8 * size, where), dtype="<i8")
        array = array.astype(np.int64)
    else:
        raise Refused(f"{where}: {key} is not an array of whole numbers")
    if array.dtype != np.int64 or array.shape != (size,):
        raise Refused(f"{where}: {key} has shape {array.shape}; expected ({size},)")
    return array


def _unpack(text: str, size: int, where: str) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(base64.b64decode(text, validate=True), size + 8)
    except (binascii.Error, zlib.error) as error:
        raise Refused(f"{where}: an array cannot be unpacked ({error})") from error
    if len(data) != size:
        raise Refused(f"{where}: an array has {len(data)} bytes; expected {size}")
    return data


def check_solver_claim(claim: Mapping[str, Any], verdict: Verdict, *, is_maximum: bool) -> None:
    """Judge a claimed bound beyond the recomputed one: a named solver may vouch for it.

    The verdict keeps the recomputed bound and names in ``relies_on`` whose word is needed.
    """
    claimed = read_int(claim, "bound")
    objective, bound = verdict.objective, verdict.bound
    if objective is None or bound is None:
        raise Refused("nothing was recomputed")
    sign = -1 if is_maximum else 1
    if sign * claimed > sign * objective:
        raise Refused(f"bound {claimed} lies beyond the objective {objective}")
    if claim.get("status") == "optimal" and claimed != objective:
        raise Refused(f"optimal is claimed with objective {objective} and bound {claimed}")
    if sign * claimed > sign * bound:
        proof = claim.get("proof")
        name = proof.get("solver") if isinstance(proof, Mapping) else None
        if not isinstance(name, str) or not name:
            raise Refused(f"bound {claimed} is claimed; the certificate proves {bound}")
        verdict.relies_on = name
