// The plan as the page uses it, and the one thing that is selected.
const DATA = JSON.parse(byId("data").textContent);

const people = DATA.technicians.map((row, index) => {
  const stops = row.route ? row.route.stops : [];
  let n = 0;
  for (const stop of stops) if (stop.kind === "visit") stop.number = ++n;
  const jobs = stops.filter((stop) => stop.kind === "visit");
  return { ...row, index, stops, jobs, late: jobs.filter((s) => s.late > 0).length };
});
const personById = new Map(people.map((p) => [p.id, p]));
const outletById = new Map(DATA.outlets.map((o) => [o.id, o]));
const whyNot = new Map(DATA.unassigned.map((entry) => [entry.visit, entry]));

/** Where each visit is served: {person, stop}. */
const servedBy = new Map();
for (const person of people) for (const stop of person.jobs) servedBy.set(stop.visit, { person, stop });

const outletName = (id) => (id && outletById.get(id)?.name) || id || "—";
const personName = (id) => personById.get(id)?.name || id;

/** The promise a stop keeps: [name, earliest, latest], or undefined. */
function promiseOf(stop) {
  return DATA.visits[stop.visit].windows.find(([name]) => name === stop.promise);
}

const state = { person: null, visit: null, query: "", sort: "name" };

/** Select a technician, a visit (and with it its technician), or nothing. */
function select({ person = null, visit = null }, from = "") {
  if (visit && !person) person = servedBy.get(visit)?.person ?? null;
  state.person = person;
  state.visit = visit;
  announce(visit ?? (person ? person.name || person.id : ""), from);
}

const axis = (() => {
  const times = people.flatMap((p) => [...p.shift, ...p.stops.flatMap((s) => [s.t[0] - s.leg[0], s.t[3]])]);
  const from = Math.floor((Math.min(...times, 86400) - 600) / 3600) * 3600;
  const to = Math.ceil((Math.max(...times, from + 3600) + 600) / 3600) * 3600;
  return { from, to, share: (s) => `${(100 * (s - from)) / (to - from)}%`, width: (s) => `${(100 * s) / (to - from)}%` };
})();
