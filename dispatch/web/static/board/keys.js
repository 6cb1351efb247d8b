// Everything by keyboard: one tab stop in the timeline, arrows inside it, a move mode for carrying.
import { byId } from "../shared/dom.js";
import { say } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { ghostSentence, hideGhost, showGhost } from "./ghost.js";
import { slotAt, slotsOf } from "./hint.js";
import { Trial, areForeign, drop, lock, redoLast, takeOff, together, undoLast } from "./moves.js";
import { focusOn, mayDispatch, on, select, store } from "./store.js";
import { lanes, redraw, reveal, showNow, zoom } from "./timeline.js";

let at = { row: null, stop: null }; // where the tab stop of the timeline is; stop null is the name
let carried = null; // {trial, number, back}

export const isCarrying = () => carried !== null;
const stopsOf = (row) => row.stops.filter((stop) => stop.kind !== "end");

function mark() {
  for (const one of lanes().querySelectorAll('[tabindex="0"]')) one.tabIndex = -1;
  const found = lanes().querySelector(at.stop ? `[data-stop="${CSS.escape(at.stop)}"]` : `[data-row="${CSS.escape(at.row || "")}"] .lane-name`);
  const first = found || lanes().querySelector(".lane-name");
  if (first) first.tabIndex = 0;
}

/** Put the keyboard on a row, or on one of its stops. */
export function goTo(rowId, stopId = null) {
  at = { row: rowId, stop: stopId };
  const element = reveal(rowId, stopId);
  mark();
  if (element) element.focus({ preventScroll: true });
}

function besides(step) {
  const row = store.byRow.get(at.row);
  const stops = stopsOf(row);
  const number = at.stop ? stops.findIndex((stop) => stop.id === at.stop) : -1;
  const next = number + step;
  if (next < -1 || next >= stops.length) return;
  goTo(row.id, next < 0 ? null : stops[next].id);
}

function otherRow(step) {
  const number = store.rows.findIndex((row) => row.id === at.row);
  const next = store.rows[Math.max(0, Math.min(store.rows.length - 1, number + step))];
  if (!next || next.id === at.row) return;
  const entry = at.stop && store.byStop.get(at.stop);
  const stops = stopsOf(next);
  const near = entry && stops.length && stops.reduce((a, b) => (Math.abs(b.t[3] - entry.stop.t[3]) < Math.abs(a.t[3] - entry.stop.t[3]) ? b : a));
  goTo(next.id, near ? near.id : null);
}

function edge(last) {
  const stops = stopsOf(store.byRow.get(at.row));
  goTo(at.row, last ? (stops.at(-1)?.id ?? null) : null);
}

/** Carry a visit: arrows aim, Enter lets go, Escape puts it back. */
export function carry(visit) {
  if (!mayDispatch() || areForeign([visit])) return;
  const own = (store.byVisit.get(visit) || []).find((one) => one.stop.phase === "ahead");
  if (!own && !store.open.has(visit)) {
    say(t("cannotMove", { visit }));
    return;
  }
  const back = document.activeElement;
  const row = own ? own.row : store.byRow.get(at.row) && store.rows.includes(store.byRow.get(at.row)) ? store.byRow.get(at.row) : store.rows.find((one) => !one.foreign);
  if (!row) return;
  const visits = together(visit);
  const trial = new Trial(visits, (one) => {
    if (!carried) return;
    showGhost(one);
    say(ghostSentence(one));
  });
  carried = { trial, row, back };
  document.body.classList.add("carrying");
  byId("mode").textContent = t("carryMode", { visit: trial.label });
  byId("mode").hidden = false;
  trial.aim(row, own ? Math.max(0, slotAt(row, visits, own.stop.t[3])) : slotsOf(row, visits).length - 1);
}

function aim(rows, slots) {
  const { trial } = carried;
  const number = store.rows.indexOf(carried.row);
  const second = trial.answer.arrival ?? store.view.now;
  const row = store.rows[Math.max(0, Math.min(store.rows.length - 1, number + rows))];
  const slot = rows ? slotAt(row, trial.visits, second) : trial.target.number + slots;
  carried.row = row;
  reveal(row.id);
  trial.aim(row, slot);
}

async function putDown(keep) {
  const { trial, back, row } = carried;
  carried = null;
  hideGhost();
  document.body.classList.remove("carrying");
  byId("mode").hidden = true;
  if (!keep) {
    trial.stop();
    say(t("putBack"));
    if (back?.isConnected) back.focus();
    return;
  }
  await drop(trial);
  const moved = store.byVisit.get(trial.visits[0])?.[0];
  if (moved) goTo(moved.row.id, moved.stop.id);
  else goTo(row.id);
}

const CARRY = {
  ArrowUp: () => aim(-1, 0),
  ArrowDown: () => aim(1, 0),
  PageUp: () => aim(-10, 0),
  PageDown: () => aim(10, 0),
  ArrowLeft: () => aim(0, -1),
  ArrowRight: () => aim(0, 1),
  Enter: () => putDown(true),
  " ": () => putDown(true),
  Escape: () => putDown(false),
};

const visitHere = () => (at.stop ? store.byStop.get(at.stop)?.stop.job : null);
const HOLDS = ["none", "technician", "time", "both"];

function nextHold() {
  const job = visitHere();
  if (job) lock(job.visit, HOLDS[(HOLDS.indexOf(job.hold || "none") + 1) % HOLDS.length]);
}

const INSIDE = {
  ArrowLeft: () => besides(-1),
  ArrowRight: () => besides(1),
  ArrowUp: () => otherRow(-1),
  ArrowDown: () => otherRow(1),
  PageUp: () => otherRow(-10),
  PageDown: () => otherRow(10),
  Home: () => edge(false),
  End: () => edge(true),
  m: () => visitHere() && carry(visitHere().visit),
  l: nextHold,
  Delete: () => mayDispatch() && visitHere() && takeOff(together(visitHere().visit)),
  " ": () => at.stop && select([at.stop], { add: true }),
};

const ANYWHERE = {
  "/": () => byId("search").focus(),
  n: showNow,
  "+": () => zoom(1),
  "-": () => zoom(-1),
  u: () => byId("tab-open").click(),
  e: () => byId("tab-emergency").click(),
  r: () => byId("tab-replan").click(),
  d: () => byId("tab-details").click(),
  t: () => goTo(at.row && store.byRow.has(at.row) ? at.row : store.rows[0]?.id, at.stop),
  "?": () => byId("help").click(),
};

function handle(event) {
  if (carried) {
    if (CARRY[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      CARRY[event.key]();
    }
    return;
  }
  const ctrl = event.ctrlKey || event.metaKey;
  const typing = event.target.closest("input, textarea, select, dialog");
  if (ctrl && !typing && event.key.toLowerCase() === "z") {
    event.preventDefault();
    if (event.shiftKey) redoLast();
    else undoLast();
    return;
  }
  if (ctrl || event.altKey || typing) return;
  const act = (lanes().contains(event.target) && INSIDE[event.key]) || ANYWHERE[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

export function startKeys() {
  addEventListener("keydown", handle, { capture: true });
  lanes().addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    at = { row: row.dataset.row, stop: event.target.dataset.stop || null };
    mark();
  });
  on("drawn", mark);
  lanes().addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    const bar = event.target.closest("[data-stop]");
    const job = bar && store.byStop.get(bar.dataset.stop)?.stop.job;
    if (bar) select([bar.dataset.stop], { add: event.shiftKey || event.ctrlKey || event.metaKey });
    if (job) focusOn("visit", job.visit);
    else if (event.target.closest(".lane-name")) focusOn("technician", row.dataset.row);
  });
}

export const redrawKeepingFocus = () => {
  const inside = lanes().contains(document.activeElement);
  redraw();
  mark();
  if (inside && at.row && store.byRow.has(at.row)) goTo(at.row, store.byStop.has(at.stop) ? at.stop : null);
};
