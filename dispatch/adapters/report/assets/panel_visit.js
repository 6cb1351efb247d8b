// One visit: when, by whom, why by this one; or why by nobody.
function renderVisit(id) {
  const visit = DATA.visits[id];
  const served = (crewOf.get(id) ?? []).find((one) => one.person === state.person) ?? servedBy.get(id);
  const chip = served ? (served.stop.late > 0
    ? h("span", { class: "chip bad" }, icon("warn"), t("lateBy", { d: duration(served.stop.late) }))
    : h("span", { class: "chip good" }, icon("check"), t("onTime")))
    : visit.contracted ? h("span", { class: "chip good" }, t("contracted")) : h("span", { class: "chip bad" }, t("unassignedOne"));
  const head = [h("div", { class: "row" }, backButton(() => select(served ? { person: served.person } : {})), h("h2", {}, `${t("visit")} ${id}`), chip)];
  const rows = [...(served ? servedFacts(served) : []), ...visitFacts(visit, served?.stop), ...linkFacts(id, visit)];
  const links = mapLinks(visit.shifted, id);
  if (links) rows.push([t("openIn"), links]);
  const boxes = [];
  if (served) boxes.push(choiceBox(visit));
  else if (visit.contracted) boxes.push(h("div", { class: "box" }, h("p", {}, t("ownPeople", { who: outletName(visit.contracted) }))));
  else if (whyNot.has(id)) boxes.push(whyNotBox(whyNot.get(id)));
  fillPanel(head, [factList(rows), ...boxes.filter(Boolean)]);
}

function visitLink(id) {
  return h("button", { class: "link", type: "button", onclick: () => select({ visit: id }) }, id);
}

/** What the visit comes after and what comes after it, with the gap the plan keeps. */
function linkFacts(id, visit) {
  const ends = (other) => Math.max(...(crewOf.get(other) ?? []).map((one) => one.stop.t[3]));
  const starts = (other) => servedBy.get(other)?.stop.t[2];
  const gap = (before, after) => (crewOf.has(before) && crewOf.has(after) ? t("gapIs", { d: duration(starts(after) - ends(before)) }) : null);
  const rows = (visit.links ?? []).map((link) => [t("comesAfter"), [visitLink(link[0]), ` ${join(gapWords(link), gap(link[0], id))}`]]);
  for (const [other, link] of followers.get(id) ?? []) rows.push([t("comesBefore"), [visitLink(other), ` ${join(gapWords(link), gap(id, other))}`]]);
  return rows;
}

function crewFacts(person, stop) {
  return (crewOf.get(stop.visit) ?? []).filter((one) => one.person !== person).map((one) =>
    [t("with"), [personLink(one.person), ` ${t("arrival")} ${clockTime(one.stop.t[1], one.person.zero)}`]]);
}

function personLink(person) {
  return h("button", { class: "link", type: "button", onclick: () => select({ person }) }, person.name || person.id);
}

function servedFacts({ person, stop }) {
  const rows = [
    [t("technician"), personLink(person)], [t("stopN"), `${stop.number} / ${person.jobs.length}`],
    ...crewFacts(person, stop), [t("arrival"), dayTime(stop.t[1])],
  ];
  if (stop.crew) rows.splice(1, 0, [t("crew"), t("crewOfN", { n: stop.crew, m: DATA.visits[stop.visit].crew })]);
  if (stop.t[1] > stop.t[0]) rows.push([t("waiting"), duration(stop.t[1] - stop.t[0])]);
  if (stop.t[2] > stop.t[1]) rows.push([t("hold"), duration(stop.t[2] - stop.t[1])]);
  rows.push([t("work"), `${clockTime(stop.t[2], person.zero)}–${clockTime(stop.t[3], person.zero)} · ${duration(stop.t[3] - stop.t[2])}`]);
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
    h("span", { class: stop && stop.promise !== name ? "muted" : "" }, spanTime(earliest, latest)),
  ]);
  if (!rows.length) rows.push([t("promise"), visit.days ? visit.days.map((day) => dateWords(day, { weekday: "short", month: "short", day: "numeric" })).join(", ") : t("anytime")]);
  if (visit.parts) rows.push([t("parts"), partsText(visit.parts)]);
  if (visit.crew && !stop) rows.push([t("crew"), t("peopleN", { n: visit.crew })]);
  rows.push([t("priority"), [t(visit.priority), visit.vip && t("vip"), !visit.mandatory && t("optional"), visit.pinned && t("pinned")].filter(Boolean).join(" · ")]);
  rows.push([t("skills"), skillsText(visit.skills)]);
  if (!stop) rows.push([t("service"), duration(visit.service_s)]);
  if (visit.access_s) rows.push([t("access"), duration(visit.access_s)]);
  if (visit.received !== null && visit.priority === "emergency") rows.push([t("received"), dayTime(visit.received)]);
  return rows;
}

function choiceBox(visit) {
  if (!visit.choice) return null;
  const [share, runnerUp, difference] = visit.choice;
  const second = runnerUp === null ? t("noRunner")
    : t(difference >= 0 ? "runnerUp" : "runnerLess", { who: personName(runnerUp), y: yuan(Math.abs(difference)) });
  return h("div", { class: "box" }, h("h3", {}, t("why")), h("p", {}, t("share", { y: yuan(share) })), h("p", {}, second));
}

/** Where parts are missing: from when on they could be there. */
function earliestNote(entry) {
  if (entry.earliest) return h("p", { class: "chip warn" }, t("earliest", { d: dateWords(entry.earliest, { weekday: "short", month: "short", day: "numeric" }) }));
  return entry.reasons.some(([, code]) => code === "part_missing") ? h("p", { class: "chip bad" }, t("earliestNever")) : null;
}

function whyNotBox(entry) {
  const counts = countReasons(entry).map(([code, n]) => h("li", {}, `${n} × ${reasonWord(code)}`));
  return h("div", { class: "box" }, h("h3", {}, t("whyNot")), h("p", {}, summaryOf(entry)), earliestNote(entry), h("ul", {}, ...counts),
    remediesOf(entry).length ? h("h3", { css: { "margin-top": "10px" } }, t("remedies")) : null,
    h("ul", {}, ...remediesOf(entry).map((text) => h("li", {}, text))));
}
