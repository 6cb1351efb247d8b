// What nobody has: why, and what would help, each remedy one click away.
import { api } from "../shared/api.js";
import { byId, refill, h, icon } from "../shared/dom.js";
import { duration, price, span } from "../shared/format.js";
import { toastFault } from "../shared/toast.js";
import { getLanguage, t } from "../shared/words.js";
import { findWays } from "./emergency.js";
import { priorityWord, reasonWord, sentence, skillsWord, textOf } from "./labels.js";
import { carry } from "./keys.js";
import { command } from "./moves.js";
import { focusOn, mayDispatch, on, store } from "./store.js";

const asked = new Map(); // visit → what the service answered
const unfolded = new Set();

export function drawTray() {
  const open = [...store.open.values()];
  byId("tab-open-count").textContent = String(open.length);
  const place = byId("tabpanel-open");
  const held = place.contains(document.activeElement) ? document.activeElement.id : "";
  refill(
    place,
    h("h2", { class: "visually-hidden" }, t("tab_open")),
    open.length ? h("ul", { class: "tray" }, open.map(drawOne)) : h("p", { class: "empty" }, icon("check"), t("allHave")),
    drawContracted(),
  );
  if (held) byId(held)?.focus();
}

function drawOne(one) {
  const { job } = one;
  const folded = !unfolded.has(job.visit);
  return h(
    "li",
    { class: `open-visit p-${job.priority}`, "data-drag": job.visit },
    h(
      "div",
      { class: "open-head" },
      h("button", { type: "button", class: "link name", id: `open-${job.visit}`, onclick: () => focusOn("visit", job.visit) }, job.priority === "emergency" ? icon("siren") : null, job.visit),
      h("span", { class: `chip ${job.priority === "general" ? "" : job.priority === "emergency" ? "bad" : "warn"}` }, priorityWord(job)),
      mayDispatch() && job.crew === 1 ? h("button", { type: "button", class: `button small ${job.priority === "emergency" ? "alarm" : ""}`, id: `find-${job.visit}`, onclick: () => findWays(job.visit) }, t("bestWays")) : null,
      mayDispatch() ? h("button", { type: "button", class: "button small", id: `carry-${job.visit}`, onclick: () => carry(job.visit) }, t("assign")) : null,
    ),
    h("p", { class: "facts" }, [job.window && span(...job.window), duration(job.lasts_s), skillsWord(job.skills), job.crew > 1 && t("crewOf", { n: job.crew })].filter(Boolean).join(" · ")),
    drawReasons(one),
    h("button", { type: "button", class: "link small", id: `help-${job.visit}`, "aria-expanded": String(!folded), onclick: () => unfold(job.visit) }, t("whatHelps")),
    folded ? null : drawRemedies(one),
  );
}

function drawReasons(one) {
  const summary = sentence((getLanguage() === "zh" ? one.summary_zh : one.summary) || "");
  const found = asked.get(one.job.visit)?.reasons;
  const reasons = found ? grouped(found) : one.reasons;
  if (!reasons.length && !summary) return h("p", { class: "why muted" }, t("newVisit"));
  const chips = reasons.slice(0, 4).map((reason) => h("li", { class: "chip" }, `${reason.count} × ${reasonWord(reason.code)}`));
  return [summary ? h("p", { class: "why" }, summary) : null, h("ul", { class: "reasons" }, chips)];
}

function grouped(reasons) {
  const counts = new Map();
  for (const one of reasons) counts.set(one.code, (counts.get(one.code) || 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

async function unfold(visit) {
  if (unfolded.delete(visit)) {
    drawTray();
    return;
  }
  unfolded.add(visit);
  drawTray();
  try {
    asked.set(visit, await api.remedies(store.day, visit));
  } catch (fault) {
    asked.set(visit, { reasons: null, remedies: [] });
    toastFault(fault);
  }
  drawTray();
}

function drawRemedies(one) {
  const { visit } = one.job;
  const found = asked.get(visit);
  if (!found) return h("p", { class: "muted", role: "status" }, t("asking"));
  if (!found.remedies.length) return h("ul", { class: "remedies" }, one.remedies.length ? one.remedies.map((text) => h("li", { class: "why" }, text)) : h("li", { class: "muted" }, t("nothingHelps")));
  const apply = (remedy) => command(() => api.remedy(store.day, visit, remedy.id), t("remedied", { visit }));
  return h(
    "ul",
    { class: "remedies" },
    found.remedies.map((remedy) =>
      h("li", null, h("button", { type: "button", class: "remedy", disabled: !mayDispatch() || Boolean(remedy.by_hand), onclick: () => apply(remedy) }, icon("check"), h("span", null, helpOf(remedy), remedy.by_hand ? h("em", null, t("byHand")) : null), remedy.price === undefined || remedy.price === null ? null : h("b", null, price(remedy.price)))),
    ),
  );
}

/** What a remedy says; its price stands beside it, once. */
const helpOf = (remedy) => textOf(remedy.text).replace(remedy.price === undefined || remedy.price === null ? "" : /\s*\([^()]*(yuan|元)\)$/, "");

function drawContracted() {
  const outlets = store.view.outlets.filter((one) => one.kind === "contracted" && one.visits.length);
  if (!outlets.length) return null;
  return h(
    "section",
    { class: "contracted" },
    h("h3", null, t("contracted")),
    outlets.map((one) => h("p", { class: "facts" }, h("b", null, one.name || one.id), ` · ${one.visits.map((job) => job.visit).join(", ")}`)),
  );
}

export function startTray() {
  on("view", () => {
    // Answers stay while the visit is open: on a day that lives, every second brings another view.
    for (const visit of asked.keys()) if (!store.open.has(visit)) asked.delete(visit);
    drawTray();
  });
}
