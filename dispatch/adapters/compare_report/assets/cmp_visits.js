// Visit by visit: filters and the table.
const FILTERS = {
  all: () => true, changed: (v) => v.changes.length > 0, tell: (v) => v.tell, technician: (v) => v.changes.includes("technician"), day: (v) => v.changes.includes("day"),
  eta: (v) => v.changes.includes("eta"), order: (v) => v.changes.includes("order"), late: (v) => v.changes.includes("late"),
  gone: (v) => v.changes.includes("dropped"), come: (v) => v.changes.includes("added"), same: (v) => v.changes.length === 0,
};
const PAGE_ROWS = 150;

/** Visits that the filters leave, as they are now. */
function filtered() {
  const query = state.query.trim().toLowerCase();
  return DATA.visits.filter((visit) => FILTERS[state.filter](visit) && (!state.who || visit.sides.some((side) => side?.who.includes(state.who)))
    && (!query || visit.id.toLowerCase().includes(query)));
}

function renderFilters() {
  const counts = (name) => DATA.visits.filter(FILTERS[name]).length;
  const buttons = Object.keys(FILTERS).filter((name) => name === "all" || counts(name)).map((name) => h("button", {
    type: "button", "aria-pressed": String(state.filter === name), onclick: () => { Object.assign(state, { filter: name, more: 0 }); renderFilters(); renderVisits(); requestDraw(); },
  }, `${t(`filter_${name}`)} `, h("span", { class: "muted" }, number(counts(name)))));
  const who = h("select", { "aria-label": t("technician") }, h("option", { value: "" }, t("everybody")), ...DATA.people.map((p) => h("option", { value: p.id }, `${whoName(p.id)} ${p.id}`)));
  who.value = state.who;
  who.addEventListener("change", () => { Object.assign(state, { who: who.value, more: 0 }); renderVisits(); requestDraw(); });
  const search = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search") });
  search.value = state.query;
  search.addEventListener("input", () => { Object.assign(state, { query: search.value, more: 0 }); renderVisits(); requestDraw(); });
  byId("filters").replaceChildren(h("div", { class: "sort" }, ...buttons), who, search);
}

function visitRow(visit) {
  const [before, after] = visit.sides;
  const delta = movedBy(visit);
  const late = (side) => (side?.late > 0 ? h("span", { class: "lack" }, ` ⚠ ${duration(side.late)}`) : null);
  const sameCrew = crewText(before) === crewText(after);
  const go = () => { select({ visit }); byId("work").scrollIntoView(); };
  return row([
    [h("b", {}, visit.id)], [visit.priority === "general" ? "" : t(visit.priority)],
    [sameCrew ? crewText(after) : h("span", {}, h("span", { class: "was" }, crewText(before)), " → ", h("b", {}, crewText(after)))],
    [before?.number && after?.number && before.number !== after.number ? `${before.number} → ${after.number}` : String(after?.number || before?.number || ""), "n"],
    [h("span", {}, etaText(before), late(before)), "n"], [h("span", {}, h("b", {}, etaText(after)), late(after)), "n"],
    [delta === null ? "" : signed(delta, (s) => duration(s)), "n"],
    [after && visit.windows[after.promise] ? spanTime(...visit.windows[after.promise]) : "", "n"],
    [h("span", { class: "chips" }, ...visit.changes.map(changeChip))], [visit.tell ? h("span", { class: "chip warn" }, icon("warn"), t("yes")) : "—"],
  ], { class: "go", tabindex: "0", onclick: go, onkeydown: (event) => { if (event.key === "Enter") go(); } });
}

function renderVisits() {
  const found = filtered();
  const rows = found.slice(0, PAGE_ROWS + state.more);
  byId("shown").textContent = t("shownN", { n: number(found.length), m: number(DATA.visits.length) });
  const heads = [["visit"], ["priority"], ["technician"], ["stopN", "n"], ["etaBefore", "n"], ["etaAfter", "n"], ["moved", "n"], ["promise", "n"], ["what"], ["tellCustomer"]];
  byId("visits-body").replaceChildren(...[
    found.length ? table(heads.map(([word, cls]) => [t(word), cls]), rows.map(visitRow)) : h("p", { class: "none" }, t("nothing")),
    rows.length < found.length && h("button", { class: "tool more", type: "button", onclick: () => { state.more = found.length; renderVisits(); } }, t("showAll", { n: number(found.length) })),
  ].filter(Boolean));
}
