// The head: is the second plan better? Figures side by side, price by component, rules kept.
const costOf = (plan) => plan.cost.total;

function renderHead() {
  const ok = !BEFORE.violations.length && !AFTER.violations.length;
  const date = severalDays ? `${dayLabel(0)} – ${dayLabel(DATA.days.length - 1)}` : dateWords(DATA.day.date, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
  fillHead({
    title: `${BEFORE.label} → ${AFTER.label}`, line: `${DATA.day.id} · ${date}`, tone: ok ? "good" : "bad", status: ok ? t("bothKeep") : t("rulesBroken"),
    links: [["map", "map"], ["visits", "visitByVisit"], ["people", "byTechnician"], ["figures", "figures"], ["price", "price"], ["rules", "rules"]],
  });
  const warnings = [!DATA.same_travel && t("otherTravel"), (BEFORE.estimated || AFTER.estimated) && t("estimated")].filter(Boolean);
  byId("warning").hidden = !warnings.length;
  byId("warning").textContent = warnings.join(" ");
}

/** [word, value of a plan, how it is written, 1 = more is better, −1 = less is better]. */
const FIGURES = [
  ["served", (p) => p.figures.served, number, 1], ["unassignedName", (p) => p.figures.unassigned, number, -1],
  ["kept", (p) => ratio(p.figures.kept, p.figures.promised), percent, 1], ["lateVisits", (p) => p.figures.late, number, -1],
  ["worstLate", (p) => p.figures.late_max_s, duration, -1], ["emergencies", (p) => p.figures.emergencies_in_time, number, 1],
  ["totalPrice", costOf, yuan, -1], ["km", (p) => p.figures.m, (m) => `${kilometers(m)} km`, -1],
  ["drivingHours", (p) => p.figures.travel_s, duration, -1], ["waiting", (p) => p.figures.wait_s, duration, -1], ["work", (p) => p.figures.work_s, duration, -1],
  ["overtime", (p) => p.figures.overtime_s, duration, -1], ["techniciansUsed", (p) => p.figures.technicians_used, number, 0],
  ["contractedVisits", (p) => p.figures.contracted, number, 0], ["pickups", (p) => p.figures.pickups, number, -1],
  ["partsMissing", (p) => p.parts?.missing ?? 0, number, -1], ["beyondRadius", (p) => p.figures.beyond_radius, number, -1],
];

/** "good" where the second plan is better, "bad" where it is worse. */
const toneOf = (delta, sense) => (delta === 0 || sense === 0 ? "" : delta * sense > 0 ? "good" : "bad");
const deltaChip = (delta, text, sense) => h("span", { class: `chip ${toneOf(delta, sense)}` }, signed(delta, text));

function renderFigures() {
  const card = (word) => {
    const [, value, text, sense] = FIGURES.find(([name]) => name === word);
    const [a, b] = [value(BEFORE), value(AFTER)];
    const points = text === percent;
    return h("div", { class: "card kpi" }, h("div", { class: "name" }, t(word)), h("div", { class: "big" }, text(b)),
      h("div", { class: "sub" }, `${t("before")} ${text(a)} `, points ? deltaChip(Math.round((b - a) * 1000) / 10, (d) => t("points", { n: number(d, 1) }), sense) : deltaChip(b - a, text, sense)));
  };
  const told = h("div", { class: "card kpi" }, h("div", { class: "name" }, t("customersTold")), h("div", { class: "big" }, number(DATA.visits.filter((v) => v.tell).length), small(t("ofN", { n: number(DATA.visits.length) }))),
    h("div", { class: "sub" }, t("changedN", { n: number(changed.length), m: number(toldPeople.length) })));
  byId("kpis").replaceChildren(card("kept"), card("totalPrice"), card("km"), card("overtime"), card("unassignedName"), told);
  const rows = FIGURES.map(([word, value, text, sense]) => {
    const [a, b] = [value(BEFORE), value(AFTER)];
    const difference = text === percent ? deltaChip(Math.round((b - a) * 1000) / 10, (d) => t("points", { n: number(d, 1) }), sense) : deltaChip(b - a, text, sense);
    return row([[t(word)], [text(a), "n"], [h("b", {}, text(b)), "n"], [difference, "n"]]);
  });
  byId("figures-body").replaceChildren(table([[""], [t("before"), "n"], [t("after"), "n"], [t("difference"), "n"]], rows));
}

function renderPrice() {
  const keys = Object.keys(AFTER.cost).filter((key) => key !== "total" && (BEFORE.cost[key] || AFTER.cost[key]));
  const most = Math.max(1, ...keys.map((key) => Math.abs(AFTER.cost[key] - BEFORE.cost[key])));
  const bar = (delta) => h("span", { class: "swing", "aria-hidden": "true" }, h("i", { class: delta > 0 ? "up" : "down", css: { width: `${(50 * Math.abs(delta)) / most}%` } }));
  const line = (key, name) => {
    const delta = AFTER.cost[key] - BEFORE.cost[key];
    return row([[name], [yuan(BEFORE.cost[key], 2), "n"], [h("b", {}, yuan(AFTER.cost[key], 2)), "n"], [[bar(key === "total" ? 0 : delta), deltaChip(delta, (fen) => yuan(fen, 2), -1)], "n"]], { class: key === "total" ? "sum" : "" });
  };
  byId("price-body").replaceChildren(table([[""], [t("before"), "n"], [t("after"), "n"], [t("difference"), "n"]], [...keys.map((key) => line(key, t(`cost_${key}`))), line("total", t("total"))]));
}

function renderRules() {
  byId("rules-body").replaceChildren(...[BEFORE, AFTER].map((plan, number_) => h("div", { class: "case" },
    h("b", {}, `${t(number_ ? "after" : "before")} · ${plan.label} `),
    plan.violations.length ? h("span", { class: "chip bad" }, icon("warn"), t("violationsN", { n: plan.violations.length })) : h("span", { class: "chip good" }, icon("check"), t("keepsRules")),
    h("ul", { class: "small" }, ...plan.violations.slice(0, 50).map((text) => h("li", {}, text))))));
}

function renderFoot() {
  byId("foot").replaceChildren(h("p", {}, join(`${t("before")}: ${BEFORE.engine}, ${BEFORE.travel}`, `${t("after")}: ${AFTER.engine}, ${AFTER.travel}`)),
    h("p", {}, t("toldLine", { d: duration(DATA.tell_after_s) })), h("p", {}, `${t("privacy")} ${t("offline")}`));
}
