"""Profile ``csq``: customer service quality standard and feedback handling guide, parts 2 and 3."""

from __future__ import annotations

from dispatch.standards.clause import Clause, clause

CLAUSES: tuple[Clause, ...] = (
    clause("CSQ-2.1", "phone_answer", "shall", "at_most 15 s",
           ("普通客户电话15秒内接听", "phone answered")),
    clause("CSQ-2.1", "phone_answer_vip", "shall", "at_most 10 s",
           ("VIP客户电话10秒内接听", "phone answered for a VIP")),
    clause("CSQ-2.1", "online_answer", "shall", "at_most 30 s",
           ("在线首次答复30秒内", "first answer in chat")),
    clause("CSQ-2.1", "work_order_confirmed", "shall", "at_most 1 h",
           ("工单1小时内确认", "work order confirmed")),
    clause("CSQ-2.1", "major_complaint", "shall", "at_most 5 min",
           ("重大投诉负责人5分钟内响应", "person in charge answers a major complaint")),
    clause("CSQ-2.3", "first_time_fix", "shall", "at_least 90 percent",
           ("普通问题首次解决率不低于90%", "ordinary problems solved at the first contact")),
    clause("CSQ-2.3", "follow_up", "shall", "at_most 24 h",
           ("解决后24小时内回访", "follow-up after the solution")),
    clause("CSQ-2.4", "privacy", "shall", "text",
           ("客户信息不得向无关人员泄露", "no disclosure of customer data")),
    clause("CSQ-3.2", "urgent_handling", "shall", "at_most 0 min",
           ("紧急:立即处理", "urgent handled at once")),
    clause("CSQ-3.2", "important_handling", "shall", "at_most 24 h",
           ("重要:24小时内处理", "important handled")),
    clause("CSQ-3.2", "general_handling", "shall", "at_most 3 workday",
           ("一般:3个工作日内处理", "general handled")),
    clause("CSQ-3.3", "task_group", "shall", "text",
           ("紧急问题成立临时任务组", "a temporary task group for an urgent problem")),
    clause("CSQ-3.4", "progress_told", "shall", "text",
           ("按约定时间主动告知进展", "progress told at the agreed time, unasked")),
    clause("CSQ-3.5", "complaint_call_back", "shall", "at_most 24 h",
           ("投诉解决后24小时内回电", "call back after a complaint is solved")),
    clause("CSQ-3.5", "consultation_follow_up", "shall", "at_most 72 h",
           ("咨询求助72小时内反馈", "consultation or help answered for good")),
    clause("CSQ-3.6", "records_kept", "shall", "at_least 2 year",
           ("记录保存不少于2年", "records kept")),
)  # fmt: skip
