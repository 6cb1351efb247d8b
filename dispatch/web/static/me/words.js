// Words of the technician's day.
import { addWords } from "../shared/words.js";

addWords(
  {
    stops: "Stops", load: "Take along", messages: "Messages", close: "Close", cancel: "Back", clear: "Clear", online: "connected", offline: "No network. What you report is kept and sent later.", sending: "{n} to send",
    kind_break: "Break", kind_end: "Back", pickup: "Pick up at {outlet}", notDone: "not done", lateBy: "{time} late", crewOf: "crew of {n}", p_emergency: "emergency", p_urgent: "urgent", p_important: "important", p_general: "general",
    stage_ahead: "ahead", stage_way: "on the way", stage_door: "at the door", stage_work: "at work", stage_done: "done",
    do_technician_departed: "Set out", do_technician_arrived: "I am there", do_work_started: "Begin work", do_work_finished: "Finish", do_customer_absent: "Nobody opens", do_part_missing: "Part missing",
    nav_amap: "Amap", nav_baidu: "Baidu", nav_tencent: "Tencent", nav_map: "Navigate", callCustomer: "Show the customer", waits: "{n} not sent yet", noDay: "No day for you.", doneToday: "All done. Thank you.",
    cause: "Cause of the fault, as explained", tested: "Tested after the work", test_passed: "passed", test_failed: "failed", test_not_possible: "not possible", priceYuan: "Price in yuan",
    item_id_shown: "Identification shown", item_content_explained: "Work explained before it began", item_price_explained: "Price explained before it began", item_site_clean: "Site left clean", item_waste_handled: "Packaging and old parts taken care of",
    reportOf: "Report of {visit}", whatDone: "What was done", usedOf: "{part} used", signedBy: "Signed by", signature: "Signature", finish: "Finish the visit", refused: "The service did not take a report about {visit}: {why}", sent: "Everything is sent.",
  },
  {
    stops: "行程", load: "需带备件", messages: "消息", close: "关闭", cancel: "返回", clear: "清除", online: "已连接", offline: "无网络。您的上报已保存，稍后发送。", sending: "{n} 条待发送",
    kind_break: "休息", kind_end: "返回", pickup: "在{outlet}取件", notDone: "未完成", lateBy: "迟到 {time}", crewOf: "{n} 人协作", p_emergency: "应急", p_urgent: "紧急", p_important: "重要", p_general: "一般",
    stage_ahead: "未开始", stage_way: "途中", stage_door: "已到门口", stage_work: "作业中", stage_done: "已完成",
    do_technician_departed: "出发", do_technician_arrived: "已到达", do_work_started: "开始作业", do_work_finished: "完成", do_customer_absent: "无人应门", do_part_missing: "缺件",
    nav_amap: "高德", nav_baidu: "百度", nav_tencent: "腾讯", nav_map: "导航", callCustomer: "显示客户", waits: "{n} 条未发送", noDay: "没有您的行程。", doneToday: "全部完成，辛苦了。",
    cause: "故障原因（已向客户说明）", tested: "作业后试机", test_passed: "合格", test_failed: "不合格", test_not_possible: "无法试机", priceYuan: "收费（元）",
    item_id_shown: "已出示工作证件", item_content_explained: "作业前已说明服务内容", item_price_explained: "作业前已说明收费", item_site_clean: "现场已清理", item_waste_handled: "包装物和旧件已处理",
    reportOf: "{visit} 服务报告", whatDone: "作业内容", usedOf: "{part} 用量", signedBy: "签字人", signature: "签名", finish: "完成工单", refused: "关于 {visit} 的上报未被接受：{why}", sent: "已全部发送。",
  },
);
