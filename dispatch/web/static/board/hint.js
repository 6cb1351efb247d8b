// What a move would mean, guessed here at once; the service's exact answer replaces it.
import { store } from "./store.js";

const SPEED_MS = { car: 7, ebike: 4.5, walk: 1.3 }; // along straight lines through a town
const RADIUS_M = 6371008.8;

export function straight_m([lon1, lat1], [lon2, lat2]) {
  const rad = Math.PI / 180;
  const x = (lon2 - lon1) * rad * Math.cos(((lat1 + lat2) / 2) * rad);
  const y = (lat2 - lat1) * rad;
  return Math.hypot(x, y) * RADIUS_M;
}

const isFixed = (stop) => stop.phase !== "ahead";

/** Places between stops where visits may go: behind which visit, and when that one is over. */
export function slotsOf(row, visits) {
  const fixed = row.stops.filter(isFixed).at(-1);
  const slots = [{ after: null, from: fixed ? fixed.t[4] : row.span[0], at: placeOf(row, fixed) }];
  for (const stop of row.stops) {
    if (isFixed(stop) || !stop.job || visits.includes(stop.job.visit)) continue;
    slots.push({ after: stop.job.visit, from: stop.t[4], at: stop.job.at, middle: (stop.t[3] + stop.t[4]) / 2 });
  }
  return slots;
}

function placeOf(row, stop) {
  if (stop?.job) return stop.job.at;
  return row.here || row.start;
}

/** The slot a moment of a row falls into. */
export function slotAt(row, visits, second) {
  const slots = slotsOf(row, visits);
  let found = 0;
  slots.forEach((slot, number) => {
    if (number > 0 && slot.middle <= second) found = number;
  });
  return found;
}

function whoMayGo(job, row) {
  const broken = [];
  const levels = new Map(row.skills);
  for (const [skill, level] of job.skills) {
    if (!levels.has(skill)) broken.push({ rule: "skill_missing", found: "", expected: skill });
    else if (levels.get(skill) < level) broken.push({ rule: "skill_level", found: `${skill} ${levels.get(skill)}`, expected: `${skill} ${level}` });
  }
  if (job.never.includes(row.technician)) broken.push({ rule: "excluded" });
  if (job.only.length && !job.only.includes(row.technician)) broken.push({ rule: "not_required", expected: job.only.join(", ") });
  if (row.territory.length && job.district && !row.territory.includes(job.district)) broken.push({ rule: "territory", found: job.district, expected: row.territory.join(", ") });
  if (row.away) broken.push({ rule: "away" });
  return broken;
}

/** Arrival, end, lateness and rules at risk of jobs one behind the other, in well under a millisecond. */
export function guess(jobs, row, slot) {
  const all = { arrival: undefined, until: slot.from, late_s: 0, broken: [], rough: true };
  let from = slot;
  for (const job of jobs) {
    const one = guessOne(job, row, from);
    all.arrival ??= one.arrival;
    all.late_s += one.late_s;
    for (const rule of one.broken) if (!all.broken.some((known) => known.rule === rule.rule)) all.broken.push(rule);
    all.until = one.arrival + job.lasts_s;
    from = { from: all.until, at: job.at };
  }
  return all;
}

function guessOne(job, row, slot) {
  const broken = whoMayGo(job, row);
  const way_s = slot.at ? (straight_m(slot.at, job.at) * 1.3) / SPEED_MS[row.profile] : 900;
  const reached = Math.max(slot.from, store.view.now) + way_s;
  const windows = job.windows.length ? job.windows : job.window ? [job.window] : [];
  let [arrival, late_s] = [reached, windows.length ? Infinity : 0];
  for (const [opens, closes] of windows) {
    const there = Math.max(reached, opens);
    if (Math.max(0, there - closes) < late_s) [arrival, late_s] = [there, Math.max(0, there - closes)];
  }
  if (late_s > 0) broken.push({ rule: "promise", late_s });
  if (arrival + job.lasts_s > row.span[1] + row.most_overtime_s) broken.push({ rule: "shift" });
  return { arrival, late_s, broken };
}
