// Emergencies: running clocks, a short form, the best ways in with what each would change.
import { api, newKey } from "../shared/api.js";
import { byId, fill, h, icon } from "../shared/dom.js";
import { clock, countdown, duration, price, toIso, toSecond } from "../shared/format.js";
import { say, toastFault } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { drawWay, onMapClick } from "./map.js";
import { carry } from "./keys.js";
import { command } from "./moves.js";
import { contractedBy, focusOn, mayDispatch, now, on, outletName, personOf, store } from "./store.js";
import { legsTo } from "./map_ways.js";
import { showTab, shownTab, whenOpened } from "./panel.js";

const form = { lon: "", lat: "", skill: "", minutes: 60, mode: "soonest", id: "" };
const ASK_AGAIN_MS = 700;
const MOST_NAMES = 4;
let found = null; // {id, visit, options, search}
let better = null; // the same, found afterwards and not shown yet
let busy = false;
let aimed = null; // the option whose way is on the map

export function drawClocks() {
  const list = byId("clocks");
  if (!list || !store.view) return;
  byId("tab-emergency-count").textContent = String(store.view.clocks.length);
  fill(list, store.view.clocks.map(drawClock));
  tick();
}

function drawClock(one) {
  const row = one.technician && store.view.rows.find((each) => each.technician === one.technician);
  const outlet = contractedBy(one.visit);
  const who = row ? t("withWhom", { name: personOf(row), time: clock(one.arrival) }) : outlet ? outlet.name || outlet.id : t("nobodyHas");
  return h(
    "li",
    { class: "clock-line", "data-due": one.due, "data-there": one.there ? "yes" : "no" },
    icon("siren"),
    h("button", { type: "button", class: "link", onclick: () => focusOn("visit", one.visit) }, one.visit),
    h("span", { class: "small" }, one.there ? t("isThere") : who),
    h("b", { class: "count-down", role: "timer" }),
    row || outlet || one.there || !mayDispatch() ? null : h("button", { type: "button", class: "button small alarm", id: `ways-${one.visit}`, onclick: () => findWays(one.visit) }, t("bestWays")),
  );
}

function tick() {
  for (const line of byId("clocks")?.children || []) {
    const rest = Number(line.dataset.due) - now();
    const there = line.dataset.there === "yes";
    line.querySelector(".count-down").textContent = there ? "✓" : countdown(rest);
    line.classList.toggle("over", rest < 0 && !there);
    line.classList.toggle("soon", rest >= 0 && rest < 300 && !there);
  }
}

function input(key, props) {
  const field = h("input", { id: `em-${key}`, value: form[key], oninput: (event) => (form[key] = event.target.value), ...props });
  return h("p", { class: "field" }, h("label", { for: `em-${key}` }, t(`em_${key}`)), field);
}

function choose(key, options) {
  const select = h("select", { id: `em-${key}`, onchange: (event) => (form[key] = event.target.value) }, options.map(([value, word]) => h("option", { value }, word)));
  select.value = form[key];
  return h("p", { class: "field" }, h("label", { for: `em-${key}` }, t(`em_${key}`)), select);
}

function drawForm() {
  return h(
    "form",
    { class: "grid-form", onsubmit: submit },
    h("h3", { class: "wide" }, t("em_new")),
    h("p", { class: "muted small wide" }, t("em_where")),
    input("lat", { type: "number", step: "any", required: true, min: -90, max: 90, inputmode: "decimal" }),
    input("lon", { type: "number", step: "any", required: true, min: -180, max: 180, inputmode: "decimal" }),
    choose("skill", [["", t("anySkill")], ...store.view.skills.map((one) => [one, one])]),
    input("minutes", { type: "number", min: 1, max: 600, required: true }),
    choose("mode", [["soonest", t("em_soonest")], ["after_current", t("em_after_current")]]),
    input("id", { type: "text", maxlength: 40, placeholder: t("em_auto") }),
    h("div", { class: "buttons wide" }, h("button", { type: "submit", class: "button alarm", disabled: busy || !mayDispatch() }, icon("siren"), t("findWays"))),
  );
}

async function submit(event) {
  event.preventDefault();
  const id = form.id.trim() || `E-${newKey().slice(0, 6)}`;
  const received = toIso(Math.floor(now()));
  await look({ id, place: { lon: Number(form.lon), lat: Number(form.lat) }, service_s: Number(form.minutes) * 60, priority: "emergency", received_at: received, skills: form.skill ? [{ skill: form.skill }] : [] });
}

/** Show the best ways to serve a visit nobody has. */
export function findWays(visit) {
  showTab("emergency");
  return look(visit);
}

async function look(visit) {
  const job = store.open.get(visit)?.job;
  const place = job ? job.at : [visit.place.lon, visit.place.lat];
  busy = true;
  found = better = null;
  draw();
  try {
    found = { ...(await api.emergency(store.day, visit, form.mode)), place };
    say(t("nOptions", { n: found.options.length }));
    showWay(found.options[0]);
  } catch (fault) {
    toastFault(fault);
  }
  busy = false;
  draw();
  if (found?.search === "running") followSearch(found);
}

/** Show what the search beside the first answer finds, but not under somebody's hands. */
async function followSearch(asked) {
  let now = asked;
  while (now.search === "running") {
    await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    if (found !== asked) return;
    try {
      now = await api.offer(store.day, asked.id);
      if (now.better) better = { ...(await api.offer(store.day, now.better)), place: asked.place };
    } catch (fault) {
      return toastFault(fault);
    }
  }
  if (found !== asked) return;
  asked.search = now.search;
  const ways = byId("ways");
  if (better && !ways?.matches(":hover, :focus-within")) return showBetter();
  draw();
}

function showBetter() {
  found = better;
  better = null;
  say(t("betterFound"));
  showWay(found.options[0]);
  draw();
}

/** Draw the way of an option: straight at once, along the streets as soon as they are known. */
async function showWay(option) {
  const offer = found;
  aimed = option;
  drawWay(option ? wayOf(option) : null);
  if (!option?.technician) return;
  const legs = await legsTo(store.day, offer.id, option.index);
  if (legs && aimed === option && found === offer) drawWay({ ...wayOf(option), legs });
}

function wayOf(option) {
  return { from: startOf(option), to: found.place, label: option.technician, others: found.options.filter((one) => one !== option).map((one) => startOf(one)) };
}

function startOf(option) {
  const row = store.view.rows.find((one) => one.technician === option.technician);
  return row?.here || row?.stops.filter((stop) => stop.phase !== "ahead" && stop.job).at(-1)?.job.at || row?.start || null;
}

function drawOptions() {
  if (!found) return null;
  const visit = found.visit.id || found.visit;
  if (!found.options.length) return h("div", { role: "status" }, h("p", { class: "empty" }, t("noWays")), store.open.has(visit) ? h("button", { type: "button", class: "button", onclick: () => carry(visit) }, t("assign")) : null);
  const again = store.open.has(visit) ? h("button", { type: "button", class: "link small", onclick: () => look(visit) }, t("lookAgain")) : null;
  const more = better ? h("p", { role: "status" }, t("betterFound"), " ", h("button", { type: "button", class: "button small", id: "show-better", onclick: showBetter }, t("showBetter"))) : found.search === "running" ? h("p", { class: "muted small" }, t("searchGoesOn")) : null;
  return [h("h3", null, `${visit}: ${t("nOptions", { n: found.options.length })} `, again), more, h("ol", { class: "ways", id: "ways" }, found.options.map(drawOption))];
}

function drawOption(option, place) {
  const row = store.view.rows.find((one) => one.technician === option.technician);
  const late = option.lateness_s > 0;
  const others = (option.changed || []).filter((one) => one !== option.technician);
  const show = () => aimed !== option && showWay(option);
  const arrival = option.arrival ? toSecond(option.arrival) : null;
  return h(
    "li",
    { class: "way", onpointerenter: show },
    h("span", { class: "rank", "aria-hidden": "true" }, String(place + 1)),
    h(
      "div",
      null,
      h("b", null, nameOf(option)),
      arrival === null ? null : h("p", { class: late ? "late-line" : "ok-line" }, icon(late ? "warn" : "check"), t("thereAt", { time: clock(arrival), wait: duration(Math.max(0, arrival - now())) })),
      h("p", { class: "facts" }, [t(`rung_${option.rung}`), price(option.total)].join(" · "), named("alsoChanges", "who", others.map((one) => nameOf({ technician: one }))), named("displaces", "visits", option.displaced || [])),
      (option.etas || []).filter((one) => one.lateness_s > 0 && one.visit !== (found.visit.id || found.visit)).slice(0, 3).map((one) => h("p", { class: "facts" }, icon("warn"), `${one.visit} +${duration(one.lateness_s)}`)),
    ),
    h("button", { type: "button", class: "button main small", onfocus: show, onclick: () => accept(option) }, t("choose")),
  );
}

/** A few by name; of many how many they are, and who on pointing at it. */
function named(key, slot, names) {
  if (!names.length) return null;
  const all = names.join(", ");
  if (names.length <= MOST_NAMES) return ` · ${t(key, { [slot]: all })}`;
  return [" · ", h("span", { class: "many", title: all }, t(`${key}Many`, { n: names.length }))];
}

function nameOf(option) {
  const row = store.view.rows.find((one) => one.technician === option.technician);
  return row ? personOf(row) : option.technician || (option.outlet ? outletName(option.outlet) : t("contracted"));
}

async function accept(option) {
  const visit = found.visit.id || found.visit;
  const done = await command(() => api.choose(store.day, found.id, option.index), t("emergencyGiven", { visit, name: nameOf(option) }));
  if (!done) {
    // Somebody was faster, or somebody arrived: what is shown does not hold any more.
    if (store.open.has(visit)) await look(visit);
    return;
  }
  found = better = aimed = null;
  drawWay(null);
  draw();
  focusOn("visit", visit);
}

function draw() {
  const list = h("ul", { id: "clocks", class: "clocks" });
  fill(byId("tabpanel-emergency"), h("h2", null, t("tab_emergency")), list, busy ? h("p", { role: "status" }, t("searching")) : drawOptions(), drawForm());
  drawClocks();
}

export function startEmergency() {
  on("view", () => (byId("clocks") && shownTab() === "emergency" && byId("tabpanel-emergency").contains(document.activeElement) ? drawClocks() : draw()));
  on("language", draw);
  whenOpened("emergency", () => {
    draw();
    if (found && aimed) showWay(aimed);
  });
  // Who looks at something else has it on the map alone.
  on("tab", (name) => name !== "emergency" && drawWay(null));
  draw();
  setInterval(tick, 1000);
  onMapClick(([lon, lat]) => {
    if (shownTab() !== "emergency") return;
    form.lon = lon.toFixed(5);
    form.lat = lat.toFixed(5);
    draw();
    drawWay({ from: null, to: [lon, lat], label: "", others: [] });
  });
}
