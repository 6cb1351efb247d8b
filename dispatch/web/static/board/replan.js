// Planning the rest of the day anew: what may change, what would change, accepted one by one.
import { api } from "../shared/api.js";
import { byId, fill, h, icon } from "../shared/dom.js";
import { clock, duration, price, toIso, toSecond } from "../shared/format.js";
import { say, toastFault } from "../shared/toast.js";
import { t, tOr } from "../shared/words.js";
import { command } from "./moves.js";
import { mayDispatch, now, on, outletName, personOf, store } from "./store.js";
import { whenOpened } from "./panel.js";

const MODES = ["fill_gaps", "keep_technicians", "all"];
const ASK_MS = 400;
const form = { mode: "fill_gaps", minutes: 30, next: 1, seconds: 10, chosen: false };
let running = null; // {id, since}
let proposal = null;
const taken = new Set();

function field(key, props) {
  const set = (event) => (form[key] = Number(event.target.value));
  return h("p", { class: "field" }, h("label", { for: `re-${key}` }, t(`re_${key}`)), h("input", { id: `re-${key}`, type: "number", value: form[key], oninput: set, ...props }));
}

function drawForm() {
  const radio = (mode) =>
    h("label", { class: "radio" }, h("input", { type: "radio", name: "mode", value: mode, ...(mode === form.mode ? { checked: true } : {}), onchange: () => (form.mode = mode) }), h("span", null, h("b", null, t(`mode_${mode}`)), h("small", null, t(`mode_${mode}_more`))));
  return h(
    "form",
    { class: "grid-form", onsubmit: start },
    h("fieldset", { class: "wide" }, h("legend", null, t("re_what")), MODES.map(radio)),
    field("minutes", { min: 0, max: 600 }),
    field("next", { min: 0, max: 20 }),
    field("seconds", { min: 1, max: 300 }),
    h("div", { class: "buttons wide" }, h("button", { type: "submit", class: "button main", disabled: Boolean(running) || !mayDispatch() }, icon("plan"), t("replan"))),
  );
}

async function start(event) {
  event.preventDefault();
  const until = toIso(Math.floor(now()) + form.minutes * 60);
  const freeze = { until, next_visits: form.next, technicians: [], visits: [] };
  proposal = null;
  try {
    running = await api.replan(store.day, { mode: form.mode, freeze, seconds: form.seconds });
    draw();
    await wait();
  } catch (fault) {
    toastFault(fault);
  }
  running = null;
  draw();
}

async function wait() {
  for (;;) {
    const state = await api.proposal(store.day, running.id);
    if (state.status === "done") {
      show(state);
      return;
    }
    if (state.status === "failed" || state.status === "cancelled" || state.status === "canceled") throw Object.assign(new Error(state.detail || t("replanFailed")), { problem: state });
    await new Promise((go) => setTimeout(go, ASK_MS));
  }
}

function show(state) {
  proposal = state;
  taken.clear();
  for (const one of state.diff.changes) taken.add(one.id);
  say(t("nChanges", { n: state.diff.changes.length }));
}

const changeOf = (id) => proposal.diff.changes.find((one) => one.id === id);

/** A change brings those it needs; dropping one drops those that need it. */
function toggle(id, keep) {
  const todo = [id];
  while (todo.length) {
    const one = todo.pop();
    if (keep === taken.has(one)) continue;
    if (keep) taken.add(one);
    else taken.delete(one);
    if (keep) todo.push(...changeOf(one).needs);
    else todo.push(...proposal.diff.changes.filter((other) => other.needs.includes(one)).map((other) => other.id));
  }
  draw();
  byId(`change-${id}`)?.focus();
}

function nameOf(technician) {
  const row = store.view.rows.find((one) => one.technician === technician);
  return row ? personOf(row) : outletName(technician);
}

function placeWord(one) {
  if (!one) return t("nobody");
  return [one.technician && nameOf(one.technician), one.outlet, one.arrival && clock(toSecond(one.arrival))].filter(Boolean).join(" ");
}

function drawChange(one) {
  const moved = one.moved_s ? `${one.moved_s > 0 ? "+" : "−"}${duration(Math.abs(one.moved_s))}` : "";
  const told = (one.tell || []).map((who) => (who === "customer" ? t("theCustomer") : nameOf(who.split(":")[1]))).join(", ");
  const box = { type: "checkbox", id: `change-${one.id}`, onchange: (event) => toggle(one.id, event.target.checked), ...(taken.has(one.id) ? { checked: true } : {}) };
  return h(
    "li",
    { class: `change ${one.kind}` },
    h("label", null, h("input", box), h("span", null, h("b", null, one.visit), ` ${tOr(`change_${one.kind}`, one.kind)}`, moved ? h("em", null, ` ${moved}`) : null, h("small", null, `${placeWord(one.before)} → ${placeWord(one.after)}`, one.after?.lateness_s ? h("span", { class: "late-line" }, " ", icon("warn"), t("lateBy", { time: duration(one.after.lateness_s) })) : null), told ? h("small", { class: "tell" }, t("tell", { who: told })) : null)),
  );
}

function drawDiff() {
  const { diff } = proposal;
  if (!diff.changes.length) return h("p", { class: "empty", role: "status" }, icon("check"), t("nothingBetter"));
  const parts = Object.entries(diff.price || {}).filter(([key, value]) => value && key !== "total");
  const total = diff.price?.total ?? parts.reduce((sum, [, value]) => sum + value, 0);
  return [
    h("h3", null, t("nChanges", { n: diff.changes.length })),
    h("p", { class: "total" }, h("b", null, price(total)), h("span", { class: "facts" }, parts.map(([key, value]) => `${t(`cost_${key}`)} ${price(value)}`).join(" · "))),
    total > 0 ? h("p", { class: "why", role: "note" }, whyDearer(diff)) : null,
    h("ul", { class: "changes" }, diff.changes.map(drawChange)),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "button", onclick: discard }, t("discard")), h("button", { type: "button", class: "button main", disabled: taken.size === 0, onclick: accept }, t("acceptN", { n: taken.size }))),
  ];
}

/** What is bought where a proposal is dearer than what stands. */
function whyDearer({ served = [], mended = [] }) {
  if (served.length) return t("dearerServed", { n: served.length, visits: served.join(", ") });
  return mended.length ? t("dearerKept", { visits: mended.join(", ") }) : t("dearerRules");
}

function discard() {
  proposal = null;
  draw();
}

async function accept() {
  const all = taken.size === proposal.diff.changes.length;
  const done = await command(() => api.accept(store.day, proposal.id, all ? null : [...taken]), t("accepted", { n: taken.size }));
  if (done) discard();
}

function draw() {
  fill(byId("tabpanel-replan"), h("h2", null, t("tab_replan")), drawForm(), running ? h("p", { role: "status", class: "running" }, t("planning")) : null, proposal ? drawDiff() : null);
}

export function startReplan() {
  whenOpened("replan", draw);
  on("language", draw);
  on("view", () => !byId("tabpanel-replan").contains(document.activeElement) && draw());
}
