// One visit: when, by whom, why by this one; or why by nobody.
function renderVisit(id) {
  const visit = DATA.visits[id];
  const served = servedBy.get(id);
  const chip = served ? (served.stop.late > 0
    ? h("span", { class: "chip bad" }, icon("warn"), t("lateBy", { d: duration(served.stop.late) }))
    : h("span", { class: "chip good" }, icon("check"), t("onTime")))
    : visit.contracted ? h("span", { class: "chip good" }, t("contracted")) : h("span", { class: "chip bad" }, t("unassignedOne"));
  const head = [h("div", { class: "row" }, backButton(() => select(served ? { person: served.person } : {})), h("h2", {}, `${t("visit")} ${id}`), chip)];
  const rows = [...(served ? servedFacts(served) : []), ...visitFacts(visit, served?.stop)];
  const boxes = [];
  if (served) boxes.push(choiceBox(visit));
  else if (visit.contracted) boxes.push(h("div", { class: "box" }, h("p", {}, t("ownPeople", { who: outletName(visit.contracted) }))));
  else if (whyNot.has(id)) boxes.push(whyNotBox(whyNot.get(id)));
  fillPanel(head, [factList(rows), ...boxes.filter(Boolean)]);
}

function personLink(person) {
  return h("button", { class: "link", type: "button", onclick: () => select({ person }) }, person.name || person.id);
}

function servedFacts({ person, stop }) {
  const rows = [
    [t("technician"), personLink(person)], [t("stopN"), `${stop.number} / ${person.jobs.length}`],
    [t("arrival"), clockTime(stop.t[1])],
  ];
  if (stop.t[1] > stop.t[0]) rows.push([t("waiting"), duration(stop.t[1] - stop.t[0])]);
  rows.push([t("work"), `${clockTime(stop.t[2])}–${clockTime(stop.t[3])} · ${duration(stop.t[3] - stop.t[2])}`]);
  rows.push([t("travelTo"), `${duration(stop.leg[0])} · ${distance(stop.leg[1])}`]);
  if (stop.outlet) {
    rows.push([t("responsible"), outletName(stop.outlet)]);
    rows.push(["", stop.beyond > 0 ? h("span", { class: "chip warn" }, t("beyond", { d: distance(stop.beyond) })) : h("span", { class: "muted" }, t("inside"))]);
  }
  for (const [who, rule, why] of stop.waivers ?? []) rows.push([rule, `${who}: ${why}`]);
  return rows;
}

function visitFacts(visit, stop) {
  const rows = visit.windows.map(([name, earliest, latest]) => [
    visit.windows.length > 1 ? t("promiseN", { name }) : t("promise"),
    h("span", { class: stop && stop.promise !== name ? "muted" : "" }, `${clockTime(earliest)}–${clockTime(latest)}`),
  ]);
  if (!rows.length) rows.push([t("promise"), t("anytime")]);
  rows.push([t("priority"), [t(visit.priority), visit.vip && t("vip"), !visit.mandatory && t("optional"), visit.pinned && t("pinned")].filter(Boolean).join(" · ")]);
  rows.push([t("skills"), skillsText(visit.skills)]);
  if (!stop) rows.push([t("service"), duration(visit.service_s)]);
  if (visit.access_s) rows.push([t("access"), duration(visit.access_s)]);
  if (visit.received !== null && visit.priority === "emergency") rows.push([t("received"), clockTime(visit.received)]);
  return rows;
}

function choiceBox(visit) {
  if (!visit.choice) return null;
  const [share, runnerUp, difference] = visit.choice;
  const second = runnerUp === null ? t("noRunner")
    : t(difference >= 0 ? "runnerUp" : "runnerLess", { who: personName(runnerUp), y: yuan(Math.abs(difference)) });
  return h("div", { class: "box" }, h("h3", {}, t("why")), h("p", {}, t("share", { y: yuan(share) })), h("p", {}, second));
}

function whyNotBox(entry) {
  const counts = countReasons(entry).map(([code, n]) => h("li", {}, `${n} × ${reasonWord(code)}`));
  return h("div", { class: "box" }, h("h3", {}, t("whyNot")), h("p", {}, summaryOf(entry)), h("ul", {}, ...counts),
    entry.remedies.length ? h("h3", { css: { "margin-top": "10px" } }, t("remedies")) : null,
    h("ul", {}, ...entry.remedies.map((text) => h("li", {}, text))));
}
