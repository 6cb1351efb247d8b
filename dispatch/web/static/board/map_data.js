// Places and lines of the rows that are shown, as both grounds draw them.
import { color, rowColor } from "../shared/theme.js";
import { legsOf } from "./map_ways.js";
import { store } from "./store.js";

const MOST_LINES = 12; // rows whose ways can be told apart

function placeOf(row, stop) {
  const { job } = stop;
  const chosen = store.selection.has(stop.id) || (store.focus?.kind === "visit" && store.focus.id === job.visit);
  return {
    at: job.at,
    visit: job.visit,
    stop: stop.id,
    color: rowColor(store.colors.get(row.id)),
    kind: job.priority === "emergency" ? "emergency" : stop.late_s > 0 ? "late" : stop.phase,
    chosen,
    dim: isDim(row.id) || stop.phase === "past",
  };
}

/** With one technician in view the others step back. */
function isDim(rowId) {
  return store.focus?.kind === "technician" && store.focus.id !== rowId;
}

export function placesOf() {
  const places = [];
  for (const row of store.rows) {
    for (const stop of row.stops) if (stop.job) places.push(placeOf(row, stop));
    if (row.here) places.push({ at: row.here, kind: "person", label: row.name || row.technician, color: rowColor(store.colors.get(row.id)), chosen: false, dim: isDim(row.id) });
  }
  for (const { job } of store.open.values()) {
    const chosen = store.focus?.id === job.visit;
    places.push({ at: job.at, visit: job.visit, stop: `open:${job.visit}`, color: color("--bad"), kind: job.priority === "emergency" ? "emergency" : "open", chosen, dim: false });
  }
  for (const outlet of store.view.outlets) places.push({ at: outlet.at, kind: "outlet", label: outlet.name || outlet.id, color: color("--ink"), chosen: false, dim: false });
  return places;
}

export function linesOf() {
  const one = store.focus?.kind === "technician" ? store.byRow.get(store.focus.id) : null;
  const ofVisit = store.focus?.kind === "visit" ? store.byVisit.get(store.focus.id)?.map((entry) => entry.row) : null;
  const rows = one ? [one] : ofVisit?.length ? ofVisit : store.rows.length <= MOST_LINES ? store.rows : [];
  return rows.flatMap((row) => wayOf(row, rows.length <= 2));
}

/** Along the streets where they are known; else straight, and drawn so that nobody takes it for a street. */
function wayOf(row, strong) {
  const look = { color: rowColor(store.colors.get(row.id)), strong };
  const legs = legsOf(row);
  if (legs) return legs.map((leg) => ({ ...look, points: leg.points, straight: Boolean(leg.straight), past: isPast(leg.to) }));
  return piecesOf(row).filter((points) => points.length > 1).map((points) => ({ ...look, points, straight: true, past: false }));
}

const isPast = (id) => store.byStop.get(id)?.stop.phase === "past";

/** The places of a row in order, in pieces: nobody knows where work for another region is. */
function piecesOf(row) {
  if (!row.stops.some((stop) => stop.job)) return [];
  const pieces = [[row.start]];
  for (const stop of row.stops) {
    if (stop.job) pieces.at(-1).push(stop.job.at);
    else if (stop.kind === "end") pieces.at(-1).push(row.end || row.start);
    else if (stop.kind === "other") pieces.push([]);
  }
  return pieces.map((points) => points.filter(Boolean));
}

/** The way somebody takes to an emergency: along the streets where they are known, else straight. */
export function mainLegs(way) {
  if (!way) return [];
  return way.legs || (way.from ? [{ points: [way.from, way.to], straight: true }] : []);
}

/** West, south, east, north of everything; null where there is nothing. */
export function boundsOf(places) {
  if (!places.length) return null;
  const lons = places.map((one) => one.at[0]);
  const lats = places.map((one) => one.at[1]);
  const low = (values) => values.reduce((a, b) => Math.min(a, b));
  const high = (values) => values.reduce((a, b) => Math.max(a, b));
  return [low(lons), low(lats), high(lons), high(lats)];
}
