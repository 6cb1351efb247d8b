// News from the service: what others did appears here within a moment, with their name.
import { api } from "../shared/api.js";
import { byId, later } from "../shared/dom.js";
import { say, toast, toastFault } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { findWays } from "./emergency.js";
import { addToLog, eventWord } from "./log.js";
import { mayDispatch, on, refresh, setNow, store } from "./store.js";
import { drawSpeed } from "./speed.js";
import { EN } from "./words_en.js";

const PAUSE_MS = 120;
const KINDS = Object.keys(EN).filter((key) => key.startsWith("event_")).map((key) => key.slice(6));
const REPORTS = new Set(["work_order_opened", "work_step_taken", "technician_seen", "technician_departed", "technician_arrived", "work_started", "work_finished"]);
let stream = null;
let newest = 0;
// What I did myself is on the board already when its news arrives.
const again = later(PAUSE_MS, () => {
  if (newest > store.view.sequence) refresh().catch(toastFault);
});

function take(message) {
  const event = JSON.parse(message.data);
  if (event.day !== store.day) return;
  addToLog(event);
  newest = Math.max(newest, event.sequence);
  again();
  if (event.by === store.actor || REPORTS.has(event.kind)) return;
  const text = t("byWhom", { by: event.by, what: eventWord(event) });
  const urgent = event.kind === "emergency_raised";
  toast(text, urgent && mayDispatch() ? { kind: "bad", label: t("bestWays"), action: () => findWays(event.visit) } : { kind: urgent ? "bad" : "" });
  say(text);
}

let shown = "";

function show(state) {
  shown = state;
  const sign = byId("link-state");
  sign.className = `link-state ${state}`;
  sign.textContent = t(`link_${state}`);
}

/** Listen; the browser connects again by itself and the service sends what was missed. */
export function listen() {
  stream?.close();
  // From the view's last event on: nothing between the view and the stream is lost.
  stream = api.events(store.day, store.view.sequence);
  let lost = false;
  for (const kind of KINDS) stream.addEventListener(kind, take);
  stream.addEventListener("clock", (message) => {
    const told = JSON.parse(message.data);
    setNow((new Date(told.now).getTime() - store.view.base) / 1000, told.rate);
    drawSpeed(told);
  });
  stream.addEventListener("open", () => {
    show("live");
    if (lost) refresh().catch(toastFault);
    lost = false;
  });
  stream.addEventListener("error", () => {
    lost = true;
    show("lost");
  });
}

on("language", () => shown && show(shown));
