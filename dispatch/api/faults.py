"""Faults of the door itself, and which answer each fault gets; docs/service.md lists the codes."""

from __future__ import annotations

from enum import StrEnum

from dispatch.errors import Conflict, DispatchError, Fault, StoreBusy, StoreError


class ApiCode(StrEnum):
    """Codes of what is wrong with a request, before its content is looked at."""

    NO_PATH = "A1001"
    METHOD = "A1002"
    TOO_LARGE = "A1003"
    FORM = "A1004"
    WHO = "A1005"
    FORBIDDEN = "A1006"
    CSRF = "A1007"
    CHANGED = "A1008"
    MEDIA = "A1009"
    ROWS = "A1010"
    SECONDS = "A1011"
    HOST = "A1012"
    OURS = "A1013"
    GONE = "A1015"
    BAD = "A1016"
    BUSY = "A1019"
    TOKEN = "A1017"  # noqa: S105 - a code, no password


STATUS_OF = {
    ApiCode.NO_PATH: 404,
    ApiCode.METHOD: 405,
    ApiCode.TOO_LARGE: 413,
    ApiCode.FORM: 422,
    ApiCode.WHO: 401,
    ApiCode.TOKEN: 401,
    ApiCode.FORBIDDEN: 403,
    ApiCode.CSRF: 403,
    ApiCode.CHANGED: 412,
    ApiCode.MEDIA: 415,
    ApiCode.ROWS: 413,
    ApiCode.SECONDS: 422,
    ApiCode.HOST: 422,
    ApiCode.OURS: 500,
    ApiCode.GONE: 404,
    ApiCode.BAD: 400,
    ApiCode.BUSY: 429,
}
STATUS_OF_STORE = {
    "S2001": 404, "S2002": 409, "S2003": 409, "S2004": 404, "S2005": 409, "S2006": 413,
    "S2007": 409, "S2009": 404, "S2010": 409, "S2011": 409, "S2012": 422, "S2013": 422,
    "S2014": 422, "S2015": 422, "S2016": 422,
    "A2003": 409, "A2004": 404, "A2101": 429, "A2102": 404, "A2201": 409, "A2202": 404,
}  # fmt: skip
"""Answers to what the store refuses; every other code of it is no fault of the caller."""
TITLES = {
    400: "The request cannot be read",
    401: "Say who you are",
    403: "Not yours to do",
    404: "Not found",
    405: "Not with this method",
    409: "Somebody was faster, or it is there already",
    412: "Changed since you read it",
    413: "Too large",
    415: "Not a form this reads",
    422: "The content has faults",
    429: "Too much at once",
    500: "A mistake of this program",
    503: "Not now",
}


class Refused(DispatchError):
    """The service refuses a request.

    Parameters
    ----------
    code
        Why; `STATUS_OF` has the answer's status.
    where, found, expected, hint
        As of a fault.
    """

    def __init__(
        self, code: ApiCode, where: str, found: str, expected: str, hint: str = ""
    ) -> None:
        self.fault = Fault(code.value, where, found, expected, hint)
        self.status = STATUS_OF[code]
        super().__init__(str(self.fault))


def our_mistake(where: str, expected: str, found: str = "a mistake of this program") -> Fault:
    """Return the fault of what failed by no fault of the caller; the log has the rest."""
    return Fault(ApiCode.OURS.value, where, found, expected, "Report it.")


def status_of_store(error: StoreError) -> int:
    """Return the status for what the store refused."""
    if isinstance(error, StoreBusy):
        return 503
    fallback = 409 if isinstance(error, Conflict) else 503
    return STATUS_OF_STORE.get(error.faults[0].code, fallback)
