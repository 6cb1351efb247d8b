"""Profile ``csp25``: service code of customer service staff 2025, chapter 1."""

from __future__ import annotations

from dispatch.standards.clause import Clause, clause

CLAUSES: tuple[Clause, ...] = (
    clause("CSP25-1.1", "yearly_satisfaction", "target", "at_least 90 percent",
           ("满意度不低于90%", "satisfaction")),
    clause("CSP25-1.1", "response_time", "target", "at_most 24 h",
           ("响应时间不超过24小时", "response time")),
    clause("CSP25-1.1", "standard_processes", "target", "at_least 95 percent",
           ("流程标准化率不低于95%", "standardized processes")),
    clause("CSP25-1.2", "general_response", "shall", "at_most 24 h",
           ("一般请求24小时内响应", "general request answered")),
    clause("CSP25-1.2", "urgent_response", "shall", "at_most 4 h",
           ("紧急请求4小时内响应", "urgent request answered")),
    clause("CSP25-1.2", "key_business", "shall", "at_most 2 workday",
           ("重点业务2个工作日内办结", "key business done")),
    clause("CSP25-1.2", "satisfaction", "shall", "at_least 90 percent",
           ("客户满意度不低于90%", "satisfaction")),
    clause("CSP25-1.3", "registration", "shall", "at_most 15 min",
           ("15分钟内登记确认请求", "request registered and confirmed")),
    clause("CSP25-1.3", "closure", "shall", "at_most 3 workday",
           ("处理后3个工作日内调查并关闭", "survey and closure after handling")),
)  # fmt: skip
