// The head of the page: what day, how it stands, the six figures.
function renderHead() {
  const [year, month, day] = DATA.day.date.split("-").map(Number);
  const date = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en", {
    weekday: "long", year: "numeric", month: "long", day: "numeric", timeZone: "UTC",
  }).format(Date.UTC(year, month - 1, day));
  byId("day-title").textContent = DATA.day.id;
  byId("day-line").textContent = `${date} · ${DATA.day.zone}`;
  const status = DATA.plan.status;
  const tone = { feasible: "good", has_unassigned: "warn" }[status] ?? "bad";
  const pill = byId("status");
  pill.className = `pill ${tone}`;
  pill.replaceChildren(icon(tone === "good" ? "check" : "warn"), t(status, { n: DATA.figures.unassigned }));
  const links = [["map", "map"], ["timeline", "timeline"], ["price", "navPrice"], ["standard", "navStandard"],
    DATA.unassigned.length && ["unassigned", "unassigned"], ["table", "navTable"]].filter(Boolean);
  byId("nav").replaceChildren(...links.map(([id, word]) => h("a", { href: `#${id}` }, t(word))));
  byId("estimated").hidden = !DATA.plan.estimated;
  byId("estimated").textContent = `${t("estimated")} ${DATA.plan.travel}`;
}

function meter(share, { goal = null, tone = "" } = {}) {
  return h("div", { class: `meter ${tone}`, "aria-hidden": "true" },
    h("i", { css: { width: `${100 * Math.min(1, Math.max(0, share))}%` } }),
    goal === null ? null : h("b", { css: { left: `${100 * goal}%` } }));
}

function kpi(name, big, sub, extra, ok = null) {
  const verdict = ok === null ? null : icon(ok ? "check" : "warn", ok ? "ok" : "no");
  return h("div", { class: "card kpi" }, h("div", { class: "name" }, name, verdict), h("div", { class: "big" }, ...big), extra, h("div", { class: "sub" }, sub));
}

const small = (text) => h("small", {}, ` ${text}`);
const join = (...parts) => parts.filter(Boolean).join(" · ");

function renderFigures() {
  const f = DATA.figures;
  const driving = f.work_s ? f.travel_s / f.work_s : 0;
  byId("kpis").replaceChildren(
    kpi(t("served"), [number(f.served), small(t("ofN", { n: number(f.visits) }))],
      join(f.unassigned ? t("unassignedN", { n: f.unassigned }) : t("allServed"), f.contracted && t("contractedN", { n: f.contracted })),
      meter(f.visits ? f.served / f.visits : 1)),
    keptKpi(f), emergencyKpi(f),
    kpi(t("effort"), [number(f.work_s / 3600, 0), small("h")],
      join(t("techniciansN", { n: f.technicians_used, m: f.technicians }), f.overtime_s ? t("overtimeN", { d: duration(f.overtime_s) }) : t("noOvertime")),
      meter(f.technicians ? f.technicians_used / f.technicians : 0)),
    kpi(t("distance"), [number(f.m / 1000, 0), small("km")], t("driving", { d: duration(f.travel_s), p: percent(driving, 0) }), meter(driving)),
    kpi(t("cost"), [yuan(Math.round(DATA.cost.total / 100) * 100)], t("perVisit", { y: yuan(f.served ? Math.round(DATA.cost.total / f.served) : 0) }), costStack("stack")),
  );
}

function keptKpi(f) {
  if (!f.promised) return kpi(t("kept"), ["—"], t("noPromises"), meter(0));
  const [share, goal] = [f.kept / f.promised, f.target / 100];
  const ok = share >= goal;
  return kpi(t("kept"), [percent(share)],
    join(t("target", { p: percent(goal, 0) }), f.late ? t("lateN", { n: f.late, d: duration(f.late_max_s) }) : t("noLate")), meter(share, { goal, tone: ok ? "ok" : "no" }), ok);
}

function emergencyKpi(f) {
  if (!f.emergencies) return kpi(t("emergencies", { n: f.emergency_arrival_s / 60 }), ["—"], t("noEmergencies"), meter(0));
  const ok = f.emergencies_in_time === f.emergencies;
  return kpi(t("emergencies", { n: f.emergency_arrival_s / 60 }), [number(f.emergencies_in_time), small(t("ofN", { n: f.emergencies }))],
    join(f.emergencies_contracted && t("contractedN", { n: f.emergencies_contracted }),
      f.emergencies_reachable !== null && t("reachable", { p: percent(f.emergencies_reachable, 0) })),
    meter(f.emergencies_in_time / f.emergencies, { goal: f.emergencies_reachable, tone: ok ? "ok" : "no" }), ok);
}

function costParts() {
  return Object.entries(DATA.cost).filter(([key, fen]) => key !== "total" && fen > 0).sort((a, b) => b[1] - a[1]);
}

function costStack(cls) {
  return h("div", { class: cls, "aria-hidden": "true" }, ...costParts().map(([key, fen]) =>
    h("i", { title: t(`cost_${key}`), css: { flex: `${fen} 0 0`, background: COST_COLORS[key] } })));
}
