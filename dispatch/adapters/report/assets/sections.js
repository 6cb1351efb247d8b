// Price, standard, unassigned, set aside, foot.
function renderPrice() {
  const total = DATA.cost.total || 1;
  const rows = costParts().map(([key, fen]) => h("li", {},
    h("span", { class: "swatch", css: { background: COST_COLORS[key] } }), h("span", {}, t(`cost_${key}`)),
    h("span", { class: "share" }, percent(fen / total)), h("b", {}, yuan(fen, 2))));
  rows.push(h("li", { class: "total" }, h("span"), h("span", {}, t("total")), h("span"), h("b", {}, yuan(DATA.cost.total, 2))));
  byId("price-body").replaceChildren(costStack("stack tall"), h("ul", { class: "legend-list" }, ...rows));
}

const UNITS = {
  en: { s: "s", min: "min", h: "h", day: "days", workday: "working days", month: "months", year: "years", percent: "%", m: "m", count: "", text: "" },
  zh: { s: "秒", min: "分钟", h: "小时", day: "天", workday: "工作日", month: "月", year: "年", percent: "%", m: "米", count: "", text: "" },
};
const BOUNDS = { at_most: "≤", at_least: "≥", within: "±", text: "" };

const withUnit = (value, unit) =>
  unit === "m" && value >= 1000 ? `${number(value / 1000, value % 1000 ? 1 : 0)} km`
    : `${number(value, value % 1 ? 1 : 0)} ${UNITS[language][unit]}`.trim();

/** The visits or outlets that miss a clause, folded: each visit leads to its place on the map. */
function failingList(row) {
  if (!row.failing.length) return null;
  const most = 60;
  const go = (id) => { select({ visit: id }); byId("work").scrollIntoView(); };
  return h("details", { class: "failing small" }, h("summary", {}, t("failing", { n: number(row.failing.length) })),
    ...row.failing.slice(0, most).map((id) => (DATA.visits[id] ? h("button", { class: "link", type: "button", onclick: () => go(id) }, id) : h("span", {}, outletName(id)))),
    row.failing.length > most ? h("span", {}, "…") : null);
}

function clauseRow(row) {
  const [title, note] = row[language];
  const tone = row.met === null ? "none" : row.met ? "good" : "bad";
  const word = t(row.met === null ? "metNone" : row.met ? "metYes" : "metNo");
  const share = row.of ? `${number(row.good)} / ${number(row.of)}` : t("noCase");
  const goal = row.figure === null ? "" : t("goal", { x: `${BOUNDS[row.bound]} ${withUnit(row.figure, row.unit)}` });
  return h("li", {},
    h("span", { class: `verdict ${tone}`, role: "img", "aria-label": word, title: word }, icon(row.met === null ? "dash" : row.met ? "check" : "warn")),
    h("div", {}, h("div", { class: "ask" }, title), h("div", { class: "small muted" }, h("span", { class: "id" }, row.clause), ` · ${t(`force_${row.force}`)}${note ? ` · ${note}` : ""}`), failingList(row)),
    h("div", { class: "value" }, share, h("small", {}, goal)));
}

function renderStandard() {
  byId("standard-body").replaceChildren(h("ul", { class: "clauses" }, ...DATA.clauses.map(clauseRow)));
}

function priorityChip(id) {
  const { priority } = DATA.visits[id];
  return h("span", { class: `chip ${priority === "emergency" || priority === "urgent" ? "bad" : priority === "important" ? "warn" : ""}` }, t(priority));
}

function reasonTable(entry) {
  const head = [t("technician"), t("code"), t("found"), t("expected")];
  return table(head.map((text) => [text]), entry.reasons.map(([who, code, found, expected]) =>
    row([[personById.has(who) ? `${personName(who)} (${who})` : outletName(who)], [reasonWord(code)], [found], [expected]])));
}

function unassignedCase(entry) {
  const box = h("details", { class: "case" }, h("summary", {}, h("b", {}, entry.visit), priorityChip(entry.visit),
    h("span", { class: "text" }, summaryOf(entry)), earliestNote(entry),
    h("span", { class: "counts" }, ...countReasons(entry).map(([code, n]) => h("span", { class: "chip" }, `${n} × ${reasonWord(code)}`)))));
  // Tables of technicians are made when somebody looks: a large day has thousands of rows.
  box.addEventListener("toggle", () => {
    if (box.open && box.childElementCount === 1) {
      box.append(h("div", { class: "scroll" }, reasonTable(entry)), h("ul", { class: "small" }, ...remediesOf(entry).map((text) => h("li", {}, `→ ${text}`))), h("div", { class: "links" }, h("button", { class: "link", type: "button", onclick: () => { select({ visit: entry.visit }); byId("work").scrollIntoView(); } }, t("showMap"))));
    }
  });
  return box;
}

const URGENCY = ["emergency", "urgent", "important", "general"];

function renderUnassigned() {
  byId("unassigned").hidden = !DATA.unassigned.length;
  const rank = (entry) => URGENCY.indexOf(DATA.visits[entry.visit].priority);
  const urgentFirst = [...DATA.unassigned].sort((a, b) => rank(a) - rank(b));
  byId("unassigned-body").replaceChildren(...urgentFirst.map(unassignedCase));
  byId("quarantined").hidden = !DATA.quarantined.length;
  byId("quarantined-body").replaceChildren(...DATA.quarantined.map((entry) =>
    h("div", { class: "case" }, h("b", {}, entry.visit), " ", h("span", { class: "chip warn" }, entry.code), " ", entry.reason)));
}

function renderFoot() {
  const p = DATA.plan;
  byId("foot").replaceChildren(
    h("p", {}, t("made", { engine: p.engine, seed: p.seed, n: number(p.iterations), d: `${number(p.runtime_s, 1)} s`, stop: p.stopped_by })),
    h("p", {}, join(p.travel, DATA.attribution, ...p.notes)),
    h("p", {}, `${t("privacy")} ${t("offline")}`));
}
