// What the page knows: the day as the service last gave it, what is selected, what is filtered.
import { api } from "../shared/api.js";
import { forgetClock, setClock } from "../shared/format.js";

const listeners = new Map();

/** Be told about "view", "selection", "focus", "filters", "rows", "tab" or "now". */
export function on(topic, tell) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(tell);
}

export function emit(topic, value) {
  for (const tell of listeners.get(topic) || []) tell(value);
}

export const store = {
  day: "",
  actor: "",
  role: "",
  regions: [], // the caller is limited to; empty = none
  view: null,
  etag: "",
  rows: [], // those the filters let through, in order
  byRow: new Map(),
  byStop: new Map(), // stop id → {row, stop, index}
  byVisit: new Map(), // visit → [{row, stop, index}], empty for one nobody has
  open: new Map(), // visit → OpenVisit
  outlets: new Map(),
  colors: new Map(), // row id → number of its color
  selection: new Set(), // stop ids and "open:VISIT"
  focus: null, // {kind: "visit" | "technician", id}
  changed: new Set(), // stop ids that moved in the latest view
};

const READ = { kind: "visit", late_s: 0, phase: "ahead", member: 0, outlet: null, parts: [], dangers: [], job: null };
const ROW = { shift: 0, name: "", outlet: null, profile: "car", skills: [], territory: [], breaks: [], overtime_s: 0, foreign: false, stops: [] };
const JOB = { window: null, windows: [], priority: "general", skills: [], lasts_s: 0, crew: 1, hold: "", district: "", zone: "", parts: [], only: [], never: [] };
const VIEW = { version: 0, sequence: 0, rows: [], open: [], outlets: [], dangers: [], clocks: [], counts: {}, skills: [] };

const withDefaults = (defaults, given) => Object.assign(Object.create(defaults), given);

function completeStop(given) {
  const stop = withDefaults(READ, given);
  if (stop.job) stop.job = withDefaults(JOB, stop.job);
  return stop;
}

/** Fields at their defaults are left out of the JSON: put them back. */
export function complete(given) {
  const view = withDefaults(VIEW, given);
  view.rows = view.rows.map((row) => {
    const full = withDefaults(ROW, row);
    full.stops = full.stops.map(completeStop);
    return full;
  });
  view.open = view.open.map((one) => ({ reasons: [], summary: "", summary_zh: "", remedies: [], ...one, job: withDefaults(JOB, one.job) }));
  view.outlets = view.outlets.map((one) => ({ name: "", kind: "own", visits: [], done: [], ...one }));
  return view;
}

// The clock as it was last told: a second of the day, when that was heard, how fast it runs.
let told = null;

/** Seconds of the day's own clock. */
export function now() {
  if (!told) return 0;
  return Math.min(told.second + told.rate * ((performance.now() - told.heard_ms) / 1000), store.view.last);
}

/** The service says what time it is, and how fast it runs (a simulated day). */
export function setNow(second, speed = 1) {
  if (!store.view) return;
  told = { second, rate: speed, heard_ms: performance.now(), exact: true };
  emit("now");
}

function remember(view) {
  const before = store.byStop;
  store.byRow = new Map(view.rows.map((row) => [row.id, row]));
  store.byStop = new Map();
  store.byVisit = new Map();
  store.open = new Map(view.open.map((one) => [one.job.visit, one]));
  store.outlets = new Map(view.outlets.map((one) => [one.id, one]));
  store.colors = new Map(view.rows.map((row, index) => [row.id, index]));
  store.changed = new Set();
  for (const row of view.rows) {
    row.stops.forEach((stop, index) => {
      const entry = { row, stop, index };
      store.byStop.set(stop.id, entry);
      if (!stop.job) return;
      if (!store.byVisit.has(stop.job.visit)) store.byVisit.set(stop.job.visit, []);
      store.byVisit.get(stop.job.visit).push(entry);
      if (before.size && !before.has(stop.id)) store.changed.add(stop.id);
    });
  }
  const gone = [...store.selection].filter((id) => !store.byStop.has(id) && !store.open.has(id.slice(5)));
  for (const id of gone) store.selection.delete(id);
}

/** Take a new view of the day. */
export function take(given, etag) {
  const view = complete(given);
  store.view = view;
  // A view is of a whole minute: it does not set back a clock that was told.
  if (!told?.exact || view.now > now()) told = { rate: 1, ...told, second: view.now, heard_ms: performance.now() };
  store.etag = etag;
  setClock(view);
  forgetClock();
  remember(view);
  emit("view");
}

let asking = null;
let running = null;

async function load(own) {
  try {
    const { value, etag } = await api.board(store.day, own.signal);
    if (!own.signal.aborted) {
      take(value, etag);
      return;
    }
  } catch (fault) {
    if (!own.signal.aborted) throw fault;
  }
  await running;
}

/** Ask for the day as it is now; an older question is dropped and waits for the newer answer. */
export function refresh() {
  if (asking) asking.abort();
  asking = new AbortController();
  running = load(asking);
  return running;
}

export function select(ids, { add = false } = {}) {
  if (!add) store.selection.clear();
  for (const id of ids) {
    if (add && store.selection.has(id)) store.selection.delete(id);
    else store.selection.add(id);
  }
  emit("selection");
}

export function focusOn(kind, id) {
  store.focus = id ? { kind, id } : null;
  emit("focus");
}

export const outletName = (id) => store.outlets.get(id)?.name || id;
/** The contracted outlet that has a visit, or had it; undefined for others. */
export const contractedBy = (visit) => [...store.outlets.values()].find((one) => one.done.includes(visit) || one.visits.some((job) => job.visit === visit));
export const mayDispatch = () => ["dispatcher", "admin"].includes(store.role);
export const personOf = (row) => row.name || row.technician;
