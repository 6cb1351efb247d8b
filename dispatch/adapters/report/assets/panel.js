// Beside the map: the list of technicians, and one technician's day.
function renderPanel() {
  if (state.visit) return renderVisit(state.visit);
  if (state.person) return renderPerson(state.person);
  return renderPeople();
}
onSelect(renderPanel);

const load = (person) => (person.route ? person.route.work_s / (person.shift[1] - person.shift[0]) : 0);

const SORTS = {
  name: (a, b) => a.index - b.index,
  late: (a, b) => b.late - a.late || a.index - b.index,
  load: (a, b) => load(b) - load(a) || a.index - b.index,
};

function renderPeople() {
  const search = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), value: state.query });
  search.value = state.query;
  search.addEventListener("input", () => {
    state.query = search.value;
    byId("panel").querySelector(".panel-body").replaceChildren(...listPeople());
  });
  const sorts = ["name", "late", "load"].map((key) => h("button", {
    type: "button", "aria-pressed": String(state.sort === key),
    onclick: () => { state.sort = key; renderPeople(); },
  }, t(`sort${key[0].toUpperCase()}${key.slice(1)}`)));
  fillPanel([
    h("div", { class: "row" }, h("h2", {}, t("technicians")), h("div", { class: "sort", css: { "margin-left": "auto" } }, ...sorts)),
    search,
  ], listPeople());
}

function listPeople() {
  const query = state.query.trim().toLowerCase();
  const hits = query ? Object.keys(DATA.visits).filter((id) => id.toLowerCase().includes(query)).slice(0, 8) : [];
  const found = shownPeople()
    .filter((p) => !query || `${p.id} ${p.name}`.toLowerCase().includes(query))
    .sort(SORTS[state.sort]);
  const rows = [...hits.map(visitRow), ...found.map(personRow)];
  return rows.length ? rows : [h("p", { class: "none" }, t("nothing"))];
}

function visitRow(id) {
  const served = servedBy.get(id);
  const where = served ? `${dayTime(served.stop.t[1])} · ${served.person.name || served.person.id}`
    : DATA.visits[id].contracted ? t("contracted") : t("unassignedOne");
  return h("button", { class: "person", type: "button", onclick: () => select({ visit: id }) },
    h("span", { class: "swatch", css: { background: served ? personColor(served.person.hue) : "var(--rest)" } }),
    h("span", { class: "who" }, id), h("span", { class: "small muted" }, where));
}

function personRow(person) {
  const share = load(person);
  const text = person.route
    ? `${t("visitsN", { n: person.jobs.length })} · ${kilometers(person.route.m)} km · ${clockTime(person.route.start, person.zero)}–${clockTime(person.route.end, person.zero)}`
    : t("unused");
  return h("button", { class: "person", type: "button", onclick: () => select({ person }) },
    h("span", { class: "swatch", css: { background: personColor(person.hue) } }),
    h("span", { class: "who" }, person.name || person.id, h("small", {}, [person.name && person.id, severalDays && state.day === null && dayName(person.day)].filter(Boolean).join(" · "))),
    person.late ? h("span", { class: "chip bad" }, icon("warn"), t("lateCount", { n: person.late })) : h("span"),
    h("span", { class: "line" }, text),
    h("span", { class: "load", title: percent(share, 0) },
      h("span", { class: "meter", css: { display: "block" } },
        h("i", { css: { width: `${Math.min(100, share * 100)}%`, background: person.route?.overtime_s ? "var(--warn)" : personColor(person.hue) } }))));
}

function renderPerson(person) {
  const route = person.route;
  const stat = (value, name) => h("div", {}, h("b", {}, value), h("span", {}, name));
  const head = [
    h("div", { class: "row" }, backButton(() => select({})),
      h("span", { class: "swatch", css: { background: personColor(person.hue) } }),
      h("h2", {}, person.name || person.id),
      person.late ? h("span", { class: "chip bad" }, icon("warn"), t("lateCount", { n: person.late })) : null),
    h("p", { class: "small muted" }, [
      person.id, outletName(person.outlet), t(person.profile),
      `${t("shift")} ${severalDays ? `${dayName(person.day)} ` : ""}${clockTime(person.shift[0], person.zero)}–${clockTime(person.shift[1], person.zero)}`, skillsText(person.skills),
      person.pace && t("pace", { p: percent(person.pace / 100, 0) }), ...limitWords(person.limits),
    ].filter(Boolean).join(" · ")),
    person.van && h("p", { class: "small muted" }, `${t("van")} ${partsText(person.van)}`),
    otherShifts(person),
  ];
  if (route) {
    head.push(h("div", { class: "stats" }, stat(person.jobs.length, t("visits")), stat(kilometers(route.m), t("km")),
      stat(`${number(route.work_s / 3600, 1)} h`, t("hours")), stat(route.overtime_s ? duration(route.overtime_s) : "—", t("overtime"))));
  }
  fillPanel(head.filter(Boolean), route ? person.stops.map((stop) => stopRow(person, stop)) : [h("p", { class: "none" }, t("unused"))]);
}

function limitWords(limits) {
  return [limits.visits !== undefined && t("mostVisits", { n: limits.visits }), limits.m !== undefined && t("mostKm", { n: kilometers(limits.m) }),
    limits.driving_s !== undefined && t("mostDriving", { d: duration(limits.driving_s) })].filter(Boolean);
}

/** Links to the other shifts of the same person. */
function otherShifts(person) {
  const others = people.filter((one) => one.id === person.id && one !== person);
  if (!others.length) return null;
  return h("p", { class: "small" }, ...others.flatMap((one) => [h("button", { class: "link", type: "button", onclick: () => select({ person: one }) },
    `${dayLabel(one.day)}: ${one.route ? t("visitsN", { n: one.jobs.length }) : t("unused")}`), " "]));
}

const STOP_WORD = { start: "leaves", end: "returns", break: "rest", pickup: "pickup" };

function stopRow(person, stop) {
  const isVisit = stop.kind === "visit";
  const promise = isVisit ? promiseOf(stop) : null;
  const small = [];
  if (stop.leg[0]) small.push(`${duration(stop.leg[0])} · ${distance(stop.leg[1])}`);
  if (promise) small.push(`${t("promise")} ${clockTime(promise[1], person.zero)}–${clockTime(promise[2], person.zero)}`);
  if (stop.kind === "break") small.push(duration(stop.t[3] - stop.t[2]));
  if (stop.crew) small.push(t("crewOfN", { n: stop.crew, m: DATA.visits[stop.visit].crew }));
  if (stop.t[2] > stop.t[1]) small.push(`${t("hold")} ${duration(stop.t[2] - stop.t[1])}`);
  if (stop.parts) small.push(partsText(stop.parts));
  const parts = [
    isVisit ? h("span", { class: "num", css: { background: personColor(person.hue) } }, String(stop.number)) : h("span", { class: `num off${stop.kind === "pickup" ? " pickup" : ""}` }, stop.kind === "pickup" ? icon("box") : stop.kind === "break" ? "II" : "⌂"),
    h("span", { class: "time" }, clockTime(stop.t[1], person.zero)),
    h("span", { class: "what" }, isVisit ? stop.visit : stop.kind === "pickup" ? `${t("pickup")} · ${outletName(stop.outlet)}` : t(STOP_WORD[stop.kind])),
    isVisit ? lateChip(stop) : h("span"),
    h("span", { class: "line" }, small.join(" · ")),
  ];
  if (!isVisit) return h("div", { class: "stop" }, ...parts);
  return h("button", { class: "stop", type: "button", onclick: () => select({ person, visit: stop.visit }) }, ...parts);
}

function lateChip(stop) {
  if (stop.late > 0) return h("span", { class: "chip bad" }, icon("warn"), `+${shortDuration(stop.late)}`);
  const priority = DATA.visits[stop.visit].priority;
  if (priority === "general") return h("span");
  return h("span", { class: `chip ${priority === "emergency" ? "warn" : ""}` }, t(priority));
}
