// What the note beside the pointer says of a day.
/** What a stop says: arrival against its promise, in words as well as in color. */
function stopTip(person, stop) {
  const promise = promiseOf(stop);
  const priority = DATA.visits[stop.visit].priority;
  return [
    h("b", {}, `${stop.number} · ${stop.visit}`),
    line(person.name || person.id, priority === "general" ? "" : ` · ${t(priority)}`),
    line(`${t("arrival")} ${clockTime(stop.t[1])} · ${t("work")} ${clockTime(stop.t[2])}–${clockTime(stop.t[3])}`),
    line(promise ? `${t("promise")} ${clockTime(promise[1])}–${clockTime(promise[2])} · ` : "",
      stop.late > 0 ? icon("warn") : icon("check"),
      stop.late > 0 ? ` ${t("lateBy", { d: duration(stop.late) })}` : ` ${t("onTime")}`),
  ];
}

function markTip(mark) {
  if (mark.kind === "stop") return stopTip(mark.person, mark.stop);
  if (mark.kind === "outlet") return [h("b", {}, mark.outlet.name || mark.outlet.id), line(`${t("outlet")} ${mark.outlet.id}`)];
  if (mark.kind === "contracted") {
    return [h("b", {}, mark.visit), line(t("ownPeople", { who: outletName(DATA.visits[mark.visit].contracted) }))];
  }
  return [h("b", {}, `${mark.visit} · ${t("unassignedOne")}`), line(summaryOf(whyNot.get(mark.visit)))];
}

const summaryOf = (entry) => (language === "zh" ? entry.summary_zh || entry.summary : entry.summary)
  || countReasons(entry).map(([code, n]) => `${reasonWord(code)} ×${n}`).join(" · ");

/** [[code, how many technicians], ...], most frequent first. */
function countReasons(entry) {
  const counts = new Map();
  for (const [, code] of entry.reasons) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
