// Beside the map: who must be told, or the visit or technician that is chosen.
function renderPanel() {
  if (state.visit) return renderVisit(state.visit);
  if (state.person) return renderPerson(state.person);
  return renderTold();
}
onSelect(renderPanel);

function renderTold() {
  const customers = DATA.visits.filter((visit) => visit.tell);
  fillPanel([h("div", { class: "row" }, h("h2", {}, t("whoIsTold"))),
    h("div", { class: "stats told" }, h("div", {}, h("b", {}, number(customers.length)), h("span", {}, t("customers"))), h("div", {}, h("b", {}, number(toldPeople.length)), h("span", {}, t("technicians"))))], [
    ...toldPeople.map(toldPerson), ...customers.map(toldVisit),
    ...(customers.length + toldPeople.length ? [] : [h("p", { class: "none" }, t("nobodyTold"))]),
  ]);
}

const changeCounts = (person) => join(person.gains.length && t("gainsN", { n: person.gains.length }), person.loses.length && t("losesN", { n: person.loses.length }), person.moved.length && t("movedN", { n: person.moved.length }));

const toldPerson = (person) => h("button", { class: "told-row", type: "button", onclick: () => select({ person }) },
  h("b", {}, whoName(person.id), h("small", {}, ` ${person.id}`)), h("span", { class: "small muted" }, changeCounts(person)));

function toldVisit(visit) {
  return h("button", { class: "told-row", type: "button", onclick: () => select({ visit }) },
    h("b", {}, visit.id, visit.vip ? h("small", {}, " VIP") : null), h("span", { class: "chips" }, ...visit.changes.slice(0, 3).map(changeChip)),
    h("span", { class: "small muted line" }, `${etaText(visit.sides[0])} → ${etaText(visit.sides[1])}`));
}

function sideFacts(visit, side, name) {
  const promise = side && visit.windows[side.promise];
  return h("div", { class: "box" }, h("h3", {}, name), side ? factList([
    [t("technician"), h("span", {}, ...side.who.map((id) => (personById.has(id)
      ? h("button", { class: "link spaced", type: "button", onclick: () => select({ person: personById.get(id) }) }, whoName(id)) : h("span", { class: "spaced" }, whoName(id)))))],
    [t("arrival"), etaText(side)], side.number > 0 && [t("stopN"), String(side.number)],
    promise && [t("promise"), spanTime(...promise)], side.late > 0 && [t("late"), h("span", { class: "chip bad" }, icon("warn"), duration(side.late))],
  ]) : h("p", {}, t("nobody")));
}

function renderVisit(visit) {
  fillPanel([h("div", { class: "row" }, backButton(() => select({})), h("h2", {}, visit.id), visit.tell ? h("span", { class: "chip warn" }, icon("warn"), t("tellCustomer")) : null),
    h("p", { class: "chips" }, ...(visit.changes.length ? visit.changes.map(changeChip) : [t("unchanged")]))],
  [sideFacts(visit, visit.sides[0], `${t("before")} · ${BEFORE.label}`), sideFacts(visit, visit.sides[1], `${t("after")} · ${AFTER.label}`)]);
}

function renderPerson(person) {
  const list = (title, ids) => (ids.length ? h("div", { class: "box" }, h("h3", {}, title), h("p", { class: "chips" }, ...ids.map((id) =>
    h("button", { class: "link", type: "button", onclick: () => select({ visit: visitById.get(id) }) }, id)))) : null);
  fillPanel([h("div", { class: "row" }, backButton(() => select({})), h("h2", {}, whoName(person.id))),
    h("p", { class: "small muted" }, `${person.id} · ${t("dashedBefore")}`)],
  [factList([[t("visits"), arrow(person, (s) => s.visits, number)], [t("km"), arrow(person, (s) => s.m, kilometers)], [t("work"), arrow(person, (s) => s.work_s, duration)],
    [t("onTheRoad"), person.sides.map(hoursText).join(" → ")]]),
  list(t("gains"), person.gains), list(t("loses"), person.loses), list(t("movedList"), person.moved)].filter(Boolean));
}

const arrow = (person, value, text) => person.sides.map((side) => text(value(side))).join(" → ");
const hoursText = (side) => side.hours.map(([from, to]) => spanTime(from, to)).join(", ") || "—";
