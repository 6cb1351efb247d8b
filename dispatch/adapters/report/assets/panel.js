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
  const found = people
    .filter((p) => !query || `${p.id} ${p.name}`.toLowerCase().includes(query))
    .sort(SORTS[state.sort]);
  const rows = [...hits.map(visitRow), ...found.map(personRow)];
  return rows.length ? rows : [h("p", { class: "none" }, t("nothing"))];
}

function visitRow(id) {
  const served = servedBy.get(id);
  const where = served ? `${clockTime(served.stop.t[1])} · ${served.person.name || served.person.id}`
    : DATA.visits[id].contracted ? t("contracted") : t("unassignedOne");
  return h("button", { class: "person", type: "button", onclick: () => select({ visit: id }) },
    h("span", { class: "swatch", css: { background: served ? personColor(served.person.index) : "var(--rest)" } }),
    h("span", { class: "who" }, id), h("span", { class: "small muted" }, where));
}

function personRow(person) {
  const share = load(person);
  const text = person.route
    ? `${t("visitsN", { n: person.jobs.length })} · ${kilometers(person.route.m)} km · ${clockTime(person.route.start)}–${clockTime(person.route.end)}`
    : t("unused");
  return h("button", { class: "person", type: "button", onclick: () => select({ person }) },
    h("span", { class: "swatch", css: { background: personColor(person.index) } }),
    h("span", { class: "who" }, person.name || person.id, h("small", {}, person.name ? person.id : "")),
    person.late ? h("span", { class: "chip bad" }, icon("warn"), t("lateCount", { n: person.late })) : h("span"),
    h("span", { class: "line" }, text),
    h("span", { class: "load", title: percent(share, 0) },
      h("span", { class: "meter", css: { display: "block" } },
        h("i", { css: { width: `${Math.min(100, share * 100)}%`, background: person.route?.overtime_s ? "var(--warn)" : personColor(person.index) } }))));
}

function renderPerson(person) {
  const route = person.route;
  const stat = (value, name) => h("div", {}, h("b", {}, value), h("span", {}, name));
  const head = [
    h("div", { class: "row" }, backButton(() => select({})),
      h("span", { class: "swatch", css: { background: personColor(person.index) } }),
      h("h2", {}, person.name || person.id),
      person.late ? h("span", { class: "chip bad" }, icon("warn"), t("lateCount", { n: person.late })) : null),
    h("p", { class: "small muted" }, [
      person.id, outletName(person.outlet), t(person.profile),
      `${t("shift")} ${clockTime(person.shift[0])}–${clockTime(person.shift[1])}`, skillsText(person.skills),
    ].join(" · ")),
  ];
  if (route) {
    head.push(h("div", { class: "stats" }, stat(person.jobs.length, t("visits")), stat(kilometers(route.m), t("km")),
      stat(`${number(route.work_s / 3600, 1)} h`, t("hours")), stat(route.overtime_s ? duration(route.overtime_s) : "—", t("overtime"))));
  }
  fillPanel(head, route ? person.stops.map((stop) => stopRow(person, stop)) : [h("p", { class: "none" }, t("unused"))]);
}

const STOP_WORD = { start: "leaves", end: "returns", break: "rest", pickup: "pickup" };

function stopRow(person, stop) {
  const isVisit = stop.kind === "visit";
  const promise = isVisit ? promiseOf(stop) : null;
  const small = [];
  if (stop.leg[0]) small.push(`${duration(stop.leg[0])} · ${distance(stop.leg[1])}`);
  if (promise) small.push(`${t("promise")} ${clockTime(promise[1])}–${clockTime(promise[2])}`);
  if (stop.kind === "break") small.push(duration(stop.t[3] - stop.t[2]));
  const parts = [
    isVisit ? h("span", { class: "num", css: { background: personColor(person.index) } }, String(stop.number)) : h("span", { class: "num off" }, stop.kind === "break" ? "II" : "⌂"),
    h("span", { class: "time" }, clockTime(stop.t[1])),
    h("span", { class: "what" }, isVisit ? stop.visit : t(STOP_WORD[stop.kind])),
    isVisit ? lateChip(stop) : h("span"),
    h("span", { class: "line" }, small.join(" · ")),
  ];
  if (!isVisit) return h("div", { class: "stop" }, ...parts);
  return h("button", { class: "stop", type: "button", onclick: () => select({ visit: stop.visit }) }, ...parts);
}

function lateChip(stop) {
  if (stop.late > 0) return h("span", { class: "chip bad" }, icon("warn"), `+${shortDuration(stop.late)}`);
  const priority = DATA.visits[stop.visit].priority;
  if (priority === "general") return h("span");
  return h("span", { class: `chip ${priority === "emergency" ? "warn" : ""}` }, t(priority));
}
