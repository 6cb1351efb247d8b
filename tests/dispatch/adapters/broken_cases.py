"""The table of broken inputs."""

from __future__ import annotations

from tests.dispatch.adapters.broken_files import FILES
from tests.dispatch.adapters.broken_inputs import Case
from tests.dispatch.adapters.broken_items import ITEMS, TOGETHER
from tests.dispatch.adapters.broken_live import CASES as LIVE
from tests.dispatch.adapters.broken_values import VALUES
from tests.dispatch.adapters.broken_whole_day import WHOLE_DAY
from tests.dispatch.adapters.broken_workbooks import WORKBOOKS

CASES: tuple[Case, ...] = (
    *FILES,
    *WORKBOOKS,
    *VALUES,
    *ITEMS,
    *TOGETHER,
    *WHOLE_DAY,
    *LIVE,
)
