// Who changed what, newest first, as the log of the day tells it.
import { byId, fill, h } from "../shared/dom.js";
import { clock, toSecond } from "../shared/format.js";
import { t, tOr } from "../shared/words.js";
import { focusOn, personOf, store } from "./store.js";

const MOST = 100;
const entries = [];

function nameOf(technician) {
  const row = store.view?.rows.find((one) => one.technician === technician);
  return row ? personOf(row) : technician;
}

/** What happened, in one line. */
export function eventWord(event) {
  const word = tOr(`event_${event.kind}`, event.kind.replaceAll("_", " "));
  const who = [event.technician, ...(event.technicians || [])].filter(Boolean).map(nameOf).join(", ");
  const undone = event.undoes && entries.find((one) => one.sequence === event.undoes);
  return [word, event.visit, who, event.reason, undone && `“${eventWord(undone)}”`].filter(Boolean).join(" · ");
}

export function addToLog(event) {
  entries.unshift(event);
  entries.length = Math.min(entries.length, MOST);
  drawLog();
}

export function drawLog() {
  const line = (event) => {
    const { visit } = event;
    const text = eventWord(event);
    return h("li", null, h("time", null, clock(toSecond(event.at))), h("b", null, event.by), visit ? h("button", { type: "button", class: "link", onclick: () => focusOn("visit", visit) }, text) : h("span", null, text));
  };
  if (!store.view) return;
  fill(byId("tabpanel-log"), h("h2", { class: "visually-hidden" }, t("tab_log")), entries.length ? h("ol", { class: "log" }, entries.map(line)) : h("p", { class: "empty" }, t("noNews")));
}
