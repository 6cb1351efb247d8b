// Both plans as the page uses them, and what is chosen.
const DATA = JSON.parse(byId("data").textContent);
const severalDays = DATA.days.length > 1;
const [BEFORE, AFTER] = DATA.plans;
const visitById = new Map(DATA.visits.map((visit) => [visit.id, visit]));
const personById = new Map(DATA.people.map((person) => [person.id, person]));
const outletById = new Map(DATA.outlets.map((outlet) => [outlet.id, outlet]));
const changed = DATA.visits.filter((visit) => visit.changes.length);
const toldPeople = DATA.people.filter((p) => p.gains.length || p.loses.length || p.moved.length);

const whoName = (id) => personById.get(id)?.name || outletById.get(id)?.name || id;

// filter: name of a filter; who: id of a technician, "" for everybody; more: rows beyond the first.
const state = { person: null, visit: null, filter: changed.length ? "changed" : "all", who: "", query: "", more: 0 };

/** Choose a technician, a visit, or nothing. */
function select({ person = null, visit = null }, from = "") {
  [state.person, state.visit] = [person, visit];
  announce(visit?.id ?? (person ? whoName(person.id) : ""), from);
}
