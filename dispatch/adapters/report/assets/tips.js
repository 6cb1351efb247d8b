// What the note beside the pointer says of a day.
/** What a stop says: arrival against its promise, in words as well as in color. */
function stopTip(person, stop) {
  if (stop.kind === "pickup") return pickupTip(person, stop);
  const promise = promiseOf(stop);
  const visit = DATA.visits[stop.visit];
  const at = (seconds) => clockTime(seconds, person.zero);
  const others = (crewOf.get(stop.visit) ?? []).filter((one) => one.person !== person);
  return [
    h("b", {}, `${stop.number} · ${stop.visit}`),
    line(person.name || person.id, visit.priority === "general" ? "" : ` · ${t(visit.priority)}`, severalDays ? ` · ${dayName(person.day)}` : ""),
    line(`${t("arrival")} ${at(stop.t[1])} · ${t("work")} ${at(stop.t[2])}–${at(stop.t[3])}`),
    stop.t[2] > stop.t[1] && line(`${t("hold")} ${duration(stop.t[2] - stop.t[1])}`),
    others.length > 0 && line(`${t("with")} ${others.map((one) => `${one.person.name || one.person.id} (${at(one.stop.t[1])})`).join(", ")}`),
    stop.parts && line(`${t("parts")} ${partsText(stop.parts)}`),
    ...(visit.links ?? []).map((link) => line(`${t("comesAfter")} ${link[0]} · ${gapWords(link)}`)),
    line(promise ? `${t("promise")} ${at(promise[1])}–${at(promise[2])} · ` : "",
      stop.late > 0 ? icon("warn") : icon("check"),
      stop.late > 0 ? ` ${t("lateBy", { d: duration(stop.late) })}` : ` ${t("onTime")}`),
  ].filter(Boolean);
}

function pickupTip(person, stop) {
  const at = (seconds) => clockTime(seconds, person.zero);
  return [
    h("b", {}, `${t("pickup")} · ${outletName(stop.outlet)}`),
    line(person.name || person.id, severalDays ? ` · ${dayName(person.day)}` : "", ` · ${at(stop.t[2])}–${at(stop.t[3])}`),
    ...(stop.parts ?? []).map((part) => line(partsText([part]))),
  ];
}

/** What a link asks for: [after, at least, at most, same technician]. */
function gapWords([, least, most, same]) {
  return join(most === null ? t("gapLeast", { d: duration(least) }) : t("gapBetween", { a: duration(least), b: duration(most) }),
    same === true && t("sameOne"), same === false && t("otherOne")) || "—";
}

function markTip(mark) {
  if (mark.kind === "stop" || mark.kind === "pickup") return stopTip(mark.person, mark.stop);
  if (mark.kind === "outlet") {
    const stock = (DATA.parts?.stock ?? []).filter(([id]) => id === mark.outlet.id);
    return [h("b", {}, mark.outlet.name || mark.outlet.id), line(`${t("outlet")} ${mark.outlet.id}`),
      ...stock.slice(0, 8).map(([, part, units, given]) => line(`${part}: ${t("givenOf", { n: given, m: units })}`))];
  }
  if (mark.kind === "contracted") {
    return [h("b", {}, mark.visit), line(t("ownPeople", { who: outletName(DATA.visits[mark.visit].contracted) }))];
  }
  return [h("b", {}, `${mark.visit} · ${t("unassignedOne")}`), line(summaryOf(whyNot.get(mark.visit)))];
}

const remediesOf = (entry) => (language === "zh" && entry.remedies_zh?.length ? entry.remedies_zh : entry.remedies);

const summaryOf = (entry) => (language === "zh" ? entry.summary_zh || entry.summary : entry.summary)
  || countReasons(entry).map(([code, n]) => `${reasonWord(code)} ×${n}`).join(" · ");

/** [[code, how many technicians], ...], most frequent first. */
function countReasons(entry) {
  const counts = new Map();
  for (const [, code] of entry.reasons) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
