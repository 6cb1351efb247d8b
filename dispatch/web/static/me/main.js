// The technician's day: own stops in order, reports that survive a dead spot.
import { api, newKey } from "../shared/api.js";
import { byId, fill, h, refill } from "../shared/dom.js";
import { clock, dateOf, forgetClock, setClock } from "../shared/format.js";
import "../shared/theme.js";
import { say, toast, toastFault } from "../shared/toast.js";
import { getLanguage, setLanguage, t, translatePage } from "../shared/words.js";
import { drawCard, stageOf } from "./card.js";
import { drop, entries, flush, keep, kept, put, waiting } from "./queue.js";
import { askReport } from "./report.js";
import "./words.js";

const AGAIN_MS = 20_000;
const state = { mine: null, contacts: new Map() };
const STOP = { kind: "visit", phase: "ahead", late_s: 0, parts: [], dangers: [], job: null };

function complete(given) {
  const stops = (given.stops || []).map((one) => {
    const stop = { ...STOP, ...one.stop };
    if (stop.job) stop.job = { priority: "general", skills: [], parts: [], lasts_s: 0, crew: 1, ...stop.job };
    return { links: {}, at: null, ...one, stop };
  });
  return { name: "", load: [], ...given, stops };
}

function take(given) {
  state.mine = complete(given);
  setClock(state.mine);
  forgetClock();
}

async function load() {
  try {
    const told = (await entries()).filter((entry) => entry.sent);
    const given = await api.me();
    await keep("day", given);
    for (const entry of told) await drop(entry.number);
    take(given);
  } catch (fault) {
    if ([404, 410].includes(fault.status)) state.mine = null;
    else {
      if (fault.status) toastFault(fault);
      const known = await kept("day");
      if (known) take(known);
    }
  }
}

async function draw() {
  const known = await entries();
  const queue = known.filter((entry) => !entry.sent);
  const online = navigator.onLine;
  byId("net").className = `net${online && !queue.length ? "" : " off"}`;
  byId("net").textContent = [online ? t("online") : t("offline"), queue.length ? t("sending", { n: queue.length }) : ""].filter(Boolean).join(" · ");
  translatePage();
  byId("lang").textContent = getLanguage() === "zh" ? "EN" : "中文";
  const { mine } = state;
  if (!mine) {
    byId("who").textContent = t("noDay");
    return;
  }
  byId("who").textContent = mine.name || mine.technician;
  byId("when").textContent = [dateOf(mine.date), mine.span && `${clock(mine.span[0])}–${clock(mine.span[1])}`, mine.zone].filter(Boolean).join(" · ");
  byId("load").hidden = mine.load.length === 0;
  fill(byId("load-list"), mine.load.map(([part, n]) => h("li", { class: "chip" }, `${n} × ${part}`)));
  drawStops(queue, known);
}

function drawStops(queue, known) {
  const stages = state.mine.stops.map((one) => stageOf(one, known));
  const current = stages.findIndex((stage) => stage !== "done");
  const cards = state.mine.stops.map((one, number) => {
    const own = queue.filter((entry) => (entry.body.visit || entry.body.what) === (one.stop.job?.visit ?? one.stop.kind)).length;
    const open = state.contacts.get(one.stop.job?.visit);
    const shown = { ...one, ...open, shown: Boolean(open) };
    return drawCard(shown, { stage: stages[number], current: number === current, waiting: own, act, contact });
  });
  refill(byId("stops"), cards.length ? cards : h("li", { class: "empty" }, t("noDay")));
  document.documentElement.dataset.ready = "me";
}

const moment = () => new Date().toISOString();

function factOf(one, kind) {
  const { stop } = one;
  const fact = { kind, happened_at: happenedAt(), technician: state.mine.technician };
  if (kind === "part_missing") return { kind, happened_at: fact.happened_at, visit: stop.job.visit, part: stop.job.parts[0][0] };
  if (kind === "customer_absent") return { ...fact, visit: stop.job.visit };
  return stop.job ? { ...fact, what: "visit", visit: stop.job.visit } : { ...fact, what: stop.kind };
}

/** The phone's clock; on a simulated day its own, which runs elsewhere in time. */
function happenedAt() {
  const { base, now } = state.mine;
  const there = base + now * 1000;
  const apart_ms = Math.abs(Date.now() - there);
  return apart_ms > 12 * 3600 * 1000 ? new Date(there).toISOString() : moment();
}

async function act(one, kind) {
  if (kind === "work_finished" && one.stop.job) {
    const report = await askReport(one);
    if (!report) return;
    await put({ what: "report", day: state.mine.day, key: newKey(), body: { day: state.mine.day, visit: one.stop.job.visit, ...report } });
  }
  await put({ what: "event", day: state.mine.day, key: newKey(), body: factOf(one, kind) });
  say(t(`do_${kind}`));
  await draw();
  await sync();
}

async function contact(one) {
  const { visit } = one.stop.job;
  try {
    const found = await api.myContact(state.mine.day, visit, "visit under way");
    state.contacts.set(visit, { customer: found.name, phone: found.phone, address: found.address });
    await draw();
  } catch (fault) {
    toastFault(fault);
  }
}

let syncing = false;
let askedMeanwhile = false;

/** Send what waits, then look at the day again; once more for what was put in line meanwhile. */
async function sync() {
  askedMeanwhile = syncing;
  if (syncing || !navigator.onLine) return;
  syncing = true;
  try {
    const had = (await waiting()).length;
    const refused = await flush();
    for (const { entry, fault } of refused) toast(t("refused", { visit: entry.body.visit || entry.body.what, why: fault.message }), { kind: "bad", lasts_ms: 15000 });
    await load();
    if (had && !refused.length && !(await waiting()).length) say(t("sent"));
  } finally {
    syncing = false;
    await draw();
  }
  if (askedMeanwhile) await sync();
}

function watch() {
  addEventListener("online", sync);
  addEventListener("offline", draw);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
  setInterval(sync, AGAIN_MS);
  byId("lang").addEventListener("click", () => {
    setLanguage(getLanguage() === "zh" ? "en" : "zh");
    forgetClock();
    draw();
  });
}

async function start() {
  translatePage();
  watch();
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/sw.js", { scope: "/me" });
  if (navigator.onLine) await api.session().catch((fault) => fault.status && toastFault(fault));
  await load();
  await draw();
  await sync();
}

start().catch(toastFault);
