// The head of the page: what day, how it stands, the six figures.
function renderHead() {
  const date = severalDays ? `${dayLabel(0)} – ${dayLabel(DATA.days.length - 1)} · ${t("daysN", { n: DATA.days.length })}`
    : dateWords(DATA.day.date, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
  const status = DATA.plan.status;
  const tone = { feasible: "good", has_unassigned: "warn" }[status] ?? "bad";
  fillHead({
    title: DATA.day.id, line: `${date} · ${DATA.day.zone}`, tone, status: t(status, { n: DATA.figures.unassigned }),
    links: [["map", "map"], ["timeline", "timeline"], ["price", "navPrice"], ["standard", "navStandard"],
      DATA.unassigned.length && ["unassigned", "unassigned"], DATA.parts && ["parts", "navParts"],
      DATA.rush.length > 1 && ["rush", "navRush"], ["table", "navTable"]],
  });
  byId("estimated").hidden = !DATA.plan.estimated;
  byId("estimated").textContent = `${t("estimated")} ${DATA.plan.travel}`;
}

function renderFigures() {
  const f = DATA.figures;
  const driving = f.work_s ? f.travel_s / f.work_s : 0;
  const figures = [
    kpi(t("served"), [number(f.served), small(t("ofN", { n: number(f.visits) }))],
      join(f.unassigned ? t("unassignedN", { n: f.unassigned }) : t("allServed"), f.contracted && t("contractedN", { n: f.contracted })),
      meter(f.visits ? f.served / f.visits : 1)),
    keptKpi(f), emergencyKpi(f), DATA.parts && partsKpi(DATA.parts),
    kpi(t("effort"), [number(f.work_s / 3600, 0), small("h")],
      join(t("techniciansN", { n: f.technicians_used, m: f.technicians }), f.overtime_s ? t("overtimeN", { d: duration(f.overtime_s) }) : t("noOvertime")),
      meter(f.technicians ? f.technicians_used / f.technicians : 0)),
    kpi(t("distance"), [number(f.m / 1000, 0), small("km")], t("driving", { d: duration(f.travel_s), p: percent(driving, 0) }), meter(driving)),
    kpi(t("cost"), [yuan(Math.round(DATA.cost.total / 100) * 100)], t("perVisit", { y: yuan(f.served ? Math.round(DATA.cost.total / f.served) : 0) }), costStack("stack")),
  ].filter(Boolean);
  byId("kpis").style.setProperty("--kpis", figures.length);
  byId("kpis").replaceChildren(...figures);
}

/** Units at hand of those needed at the first visit, as the audit counts them (T259-7.3-a). */
function partsKpi(parts) {
  const clause = DATA.clauses.find((row) => row.key === "parts_fill");
  const share = clause.of ? clause.good / clause.of : 1;
  const goal = clause.figure / 100;
  return kpi(t("partFill"), [percent(share)],
    join(t("fromVan", { n: parts.from_van }), t("pickedUp", { n: parts.picked_up }), clause.of > clause.good && t("lacking", { n: clause.of - clause.good })),
    meter(share, { goal, tone: share >= goal ? "ok" : "no" }), share >= goal);
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
