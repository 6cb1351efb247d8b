"""Profile ``asq25``: after-sales service quality standard 2025, chapter 1."""

from __future__ import annotations

from dispatch.standards.clause import Clause, clause

CLAUSES: tuple[Clause, ...] = (
    clause("ASQ25-1.1", "satisfaction", "target", "at_least 98 percent",
           ("客户满意度不低于98%", "satisfaction")),
    clause("ASQ25-1.1", "management_levels", "target", "at_least 3 count",
           ("公司、部门、班组三级管理", "levels of management: company, department, team")),
    clause("ASQ25-1.2", "closed_loop", "shall", "text",
           ("受理、方案、执行、反馈、关闭闭环", "closed loop from intake to closure")),
)  # fmt: skip
