// The plan as the page uses it, and the one thing that is selected.
const DATA = JSON.parse(byId("data").textContent);

// Somebody keeps the color on all days.
const hues = [...new Set(DATA.technicians.map((row) => row.id))];

const people = DATA.technicians.map((row, index) => {
  const stops = row.route ? row.route.stops : [];
  let n = 0;
  for (const stop of stops) if (stop.kind === "visit") stop.number = ++n;
  const jobs = stops.filter((stop) => stop.kind === "visit");
  return { ...row, index, hue: hues.indexOf(row.id), stops, jobs, late: jobs.filter((s) => s.late > 0).length };
});
// Who works on several days has a row for each shift; the first one stands for the person.
const personById = new Map([...people].reverse().map((p) => [p.id, p]));
const severalDays = DATA.days.length > 1;
const outletById = new Map(DATA.outlets.map((o) => [o.id, o]));
const whyNot = new Map(DATA.unassigned.map((entry) => [entry.visit, entry]));

/** Everybody at a visit: [{person, stop}, ...], the first technician of a crew first. */
const crewOf = new Map();
for (const person of people) for (const stop of person.jobs) crewOf.set(stop.visit, [...(crewOf.get(stop.visit) ?? []), { person, stop }]);
for (const crew of crewOf.values()) crew.sort((a, b) => (a.stop.crew ?? 0) - (b.stop.crew ?? 0));

/** Where each visit is served: {person, stop}; of a crew the first technician's. */
const servedBy = new Map([...crewOf].map(([id, crew]) => [id, crew[0]]));

/** Visits that come after a visit by a link: [[id, link], ...]. */
const followers = new Map();
for (const [id, visit] of Object.entries(DATA.visits)) {
  for (const link of visit.links ?? []) followers.set(link[0], [...(followers.get(link[0]) ?? []), [id, link]]);
}

const outletName = (id) => (id && outletById.get(id)?.name) || id || "—";
const personName = (id) => personById.get(id)?.name || id;

/** The promise a stop keeps: [name, earliest, latest], or undefined. */
function promiseOf(stop) {
  return DATA.visits[stop.visit].windows.find(([name]) => name === stop.promise);
}

// day: number of the day that is shown, null for all of them.
const state = { person: null, visit: null, query: "", sort: "name", day: severalDays ? firstBusyDay() : null };

function firstBusyDay() {
  return Math.min(...people.filter((p) => p.route).map((p) => p.day), DATA.days.length - 1);
}

const isShown = (person) => state.day === null || person.day === state.day;
const shownPeople = () => people.filter(isShown);

/** Select a technician, a visit (and with it its technician), or nothing. */
function select({ person = null, visit = null }, from = "") {
  if (visit && !person) person = servedBy.get(visit)?.person ?? null;
  if (person && !isShown(person)) showDay(person.day);
  state.person = person;
  state.visit = visit;
  announce(visit ?? (person ? person.name || person.id : ""), from);
}

// The hours of a day: rows of other days lie below the same clock.
const axis = (() => {
  const times = people.flatMap((p) => [...p.shift, ...p.stops.flatMap((s) => [s.t[0] - s.leg[0], s.t[3]])].map((s) => s - p.zero));
  const from = Math.floor((Math.min(...times, 86400) - 600) / 3600) * 3600;
  const to = Math.ceil((Math.max(...times, from + 3600) + 600) / 3600) * 3600;
  return { from, to, share: (s) => `${(100 * (s - from)) / (to - from)}%`, width: (s) => `${(100 * s) / (to - from)}%` };
})();
