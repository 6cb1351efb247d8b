// The ways of technicians along the streets, asked for row by row; straight until they are known.
import { api } from "../shared/api.js";
import { later } from "../shared/dom.js";
import { emit, store } from "./store.js";

const known = new Map(); // row id → {key, legs}; legs null while they are asked for
const waiting = new Set();
let roads = true;
let busy = false;

/** What the way of a row depends on. */
const keyOf = (row) => JSON.stringify([row.start, row.end, row.stops.map((stop) => [stop.id, stop.job?.at])]);

/** Legs along the streets: {to, points, straight}; null where they are not known (yet). */
export function legsOf(row) {
  if (!roads) return null;
  const found = known.get(row.id);
  if (found?.key === keyOf(row)) return found.legs;
  waiting.add(row.id);
  askSoon();
  // Legs that are still the same stay where they were until the new ones are there.
  return found?.legs?.filter((leg) => store.byStop.has(leg.to)) || null;
}

const toOffers = new Map(); // offer and option → a promise of legs

/** Legs to the visit of an offer along the streets; null where there are none. Asked for once. */
export function legsTo(day, offer, index) {
  const key = `${offer} ${index}`;
  if (!roads) return Promise.resolve(null);
  if (!toOffers.has(key)) toOffers.set(key, askLegs(day, offer, index));
  return toOffers.get(key);
}

async function askLegs(day, offer, index) {
  try {
    return (await api.wayTo(day, offer, index)).legs;
  } catch (fault) {
    // Without roads, or with an offer that is gone, the straight line stays.
    if (fault.status === 404 && fault.problem.faults?.[0]?.found === "no roads") roads = false;
    return null;
  }
}

const askSoon = later(60, () => askNext());

async function askNext() {
  if (busy || !roads) return;
  const [id] = waiting;
  const row = id && store.byRow.get(id);
  waiting.delete(id);
  if (!row) {
    if (waiting.size) askSoon();
    return;
  }
  busy = true;
  const key = keyOf(row);
  try {
    known.set(id, { key, legs: (await api.way(store.day, id)).legs });
    emit("ways");
  } catch (fault) {
    // Without roads straight lines are all there is; a row that is gone is not asked for again.
    if (fault.status === 404) roads = fault.problem.faults?.[0]?.where === "row";
    known.delete(id);
  } finally {
    busy = false;
  }
  if (waiting.size) askSoon();
}
