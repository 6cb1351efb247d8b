// A move on trial: one visit or several, aimed at a row and a place in it, judged at once here and
// exactly by the service.
import { api } from "../shared/api.js";
import { later } from "../shared/dom.js";
import { toSecond } from "../shared/format.js";
import { faultWord, forgetLast, say, toast, toastFault } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { guess, slotsOf } from "./hint.js";
import { emit, personOf, refresh, store } from "./store.js";
import { brokenWord } from "./ghost.js";
import { askWaivers } from "./waiver.js";

const PAUSE_MS = 40;

/** Job of a visit wherever it stands, and the stop if it stands on a row. */
export function findJob(visit) {
  const entry = (store.byVisit.get(visit) || []).find((one) => one.stop.phase === "ahead") || store.byVisit.get(visit)?.[0];
  if (entry) return { job: entry.stop.job, ...entry };
  const open = store.open.get(visit);
  return open ? { job: open.job } : null;
}

const mayMove = (found) => found && found.job.crew === 1 && !found.row?.foreign && (!found.stop || found.stop.phase === "ahead");

/** Say so where somebody of another region has one of them: moving it is theirs to do. */
export function areForeign(visits) {
  const visit = visits.find((one) => findJob(one)?.row?.foreign);
  if (visit) toast(t("foreignHas", { visit }), { kind: "warn" });
  return Boolean(visit);
}

/** What moves with a visit: all that is selected with it, in order of time, those nobody has last. */
export function together(visit) {
  const chosen = [...store.selection].map((id) => store.byStop.get(id)?.stop.job?.visit || (store.open.has(id.slice(5)) ? id.slice(5) : null));
  if (!chosen.includes(visit)) return [visit];
  const begins = (one) => findJob(one).stop?.t[3] ?? Infinity;
  const moving = [...new Set(chosen)].filter((one) => one && mayMove(findJob(one))).sort((a, b) => begins(a) - begins(b));
  return moving.length ? moving : [visit];
}

export class Trial {
  /** Try to move visits, one behind the other; tell is called with every better answer. */
  constructor(visits, tell) {
    this.visits = visits;
    this.label = visits.length > 1 ? t("nVisits", { n: visits.length }) : visits[0];
    this.jobs = visits.map((visit) => findJob(visit).job);
    this.tell = tell;
    this.target = null;
    this.answer = null;
    this.known = new Map();
    this.flight = null;
    this.ask = later(PAUSE_MS, () => this.askService());
  }

  /** Aim at a slot of a row, or at nobody (row null). */
  aim(row, number) {
    const slots = row ? slotsOf(row, this.visits) : [];
    const slot = row ? slots[Math.max(0, Math.min(slots.length - 1, number))] : null;
    const key = row ? `${row.id}|${slot.after ?? ""}` : "nobody";
    if (this.target?.key === key) return;
    this.target = { key, row, slot, number: slots.indexOf(slot) };
    if (row?.foreign) this.known.set(key, { broken: [{ rule: "foreign", soft: false }], rough: false });
    this.answer = this.known.get(key) || (row ? guess(this.jobs, row, slot) : { broken: [], rough: true });
    this.tell(this);
    if (!this.known.has(key)) this.ask();
  }

  request() {
    const { row, slot } = this.target;
    const [visit, ...along] = this.visits;
    return { visit, along, technician: row ? row.technician : null, shift: row ? row.shift : 0, after: slot ? slot.after : null };
  }

  /** Ask once for what is aimed at; who asks again waits for the same answer. */
  askService() {
    const { key } = this.target || {};
    if (!key || this.known.has(key)) return null;
    if (this.flight?.key === key) return this.flight.answer;
    this.flight?.stop.abort();
    const stop = new AbortController();
    this.flight = { key, stop, answer: this.fetchAnswer(key, stop.signal) };
    return this.flight.answer;
  }

  async fetchAnswer(key, signal) {
    try {
      this.known.set(key, this.read(await api.preview(store.day, this.request(), signal)));
    } catch (fault) {
      if (fault.name === "AbortError") return;
      this.known.set(key, { broken: [{ rule: "refused", found: faultWord(fault), soft: false }], rough: false });
    }
    if (this.target?.key !== key) return;
    this.answer = this.known.get(key);
    this.tell(this);
  }

  read(given) {
    const etas = new Map((given.etas || []).map((one) => [one.visit, one]));
    const [first, last] = [etas.get(this.visits[0]), etas.get(this.visits.at(-1))];
    const arrival = first ? toSecond(first.arrival) : undefined;
    const until = last ? toSecond(last.arrival) + this.jobs.at(-1).lasts_s : arrival;
    const late_s = this.visits.reduce((sum, visit) => sum + (etas.get(visit)?.lateness_s || 0), 0);
    const others = [...etas.values()].filter((one) => !this.visits.includes(one.visit) && one.lateness_s > (one.lateness_before_s || 0));
    others.sort((a, b) => b.lateness_s - a.lateness_s);
    return { ...given, broken: given.broken || [], others, arrival, until, late_s, rough: false };
  }

  /** The service's answer for what is aimed at. */
  async exact() {
    const { key } = this.target;
    await this.askService();
    return this.known.get(key);
  }

  stop() {
    this.target = null;
    this.flight?.stop.abort();
    this.flight = null;
  }
}

/** Let go: ask for waivers where rules are soft, refuse where they are not, then tell the service. */
export async function drop(trial) {
  const { row } = trial.target;
  const request = trial.request();
  const answer = await trial.exact();
  trial.stop();
  if (!answer) return;
  const hard = answer.broken.filter((one) => !one.soft);
  if (hard.length) {
    toast(t("notPossible", { why: hard.map(brokenWord).join(" · ") }), { kind: "bad" });
    return;
  }
  let waivers = [];
  if (answer.broken.length) {
    waivers = await askWaivers(trial.label, row, answer);
    if (!waivers) return;
  }
  const name = row ? personOf(row) : t("nobody");
  await command(() => api.move(store.day, { ...request, waivers }, store.etag), t(trial.visits.length > 1 ? "movedAll" : "moved", { visit: trial.label, name }));
}

/** Run a command of the dispatcher; say what came of it, with a way back. */
export async function command(run, done, { undo = true } = {}) {
  try {
    const receipt = await run();
    await refresh();
    forgetLast();
    toast(done, { kind: "good", ...(undo ? { action: undoLast, label: t("undo"), last: true } : {}) });
    say(done);
    return receipt;
  } catch (fault) {
    await failed(fault);
    return null;
  }
}

async function failed(fault) {
  if (fault.isConflict) {
    const by = fault.by || t("somebody");
    toast(t("conflict", { by }), { kind: "warn", lasts_ms: 12000 });
    say(t("conflict", { by }));
    emit("conflict", fault);
    await refresh();
  } else toastFault(fault);
}

export const undoLast = () => command(() => api.undo(store.day), t("undone"), { undo: false });
export const redoLast = () => command(() => api.redo(store.day), t("redone"), { undo: false });

export const lock = (visit, hold) =>
  command(() => api.lock(store.day, visit, hold, store.etag), t(hold === "none" ? "unlocked" : "locked", { visit }));

export async function takeOff(visits) {
  if (areForeign(visits)) return;
  const trial = new Trial(visits, () => {});
  trial.aim(null, 0);
  await drop(trial);
}
