// One visit or one technician, and what a dispatcher may do with it.
import { api } from "../shared/api.js";
import { byId, refill, h, icon } from "../shared/dom.js";
import { clock, duration, span } from "../shared/format.js";
import { toastFault } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { carry, goTo } from "./keys.js";
import { priorityWord, skillsWord } from "./labels.js";
import { command, findJob, lock, takeOff, together } from "./moves.js";
import { showTab } from "./panel.js";
import { contractedBy, focusOn, mayDispatch, now, on, personOf, store } from "./store.js";

const HOLDS = ["none", "technician", "time", "both"];
const shown = new Map(); // visit → customer, after a reason was given

const fact = (name, value) => (value ? [h("dt", null, name), h("dd", null, value)] : []);

export function drawDetails() {
  const place = byId("tabpanel-details");
  const { focus } = store;
  if (store.selection.size > 1) return refill(place, drawMany());
  if (!focus) return refill(place, h("p", { class: "empty" }, t("chooseOne")));
  if (focus.kind === "technician") return refill(place, drawTechnician(store.byRow.get(focus.id)));
  return refill(place, drawVisit(focus.id));
}

function drawMany() {
  const visits = [...store.selection].map((id) => store.byStop.get(id)?.stop.job?.visit).filter(Boolean);
  const all = async (hold) => {
    for (const visit of visits) await lock(visit, hold);
  };
  return [
    h("h2", null, t("nChosen", { n: visits.length })),
    h("p", { class: "facts" }, visits.join(", ")),
    mayDispatch()
      ? h(
          "div",
          { class: "buttons wrap" },
          HOLDS.map((hold) => h("button", { type: "button", class: "button", onclick: () => all(hold) }, t(`doHold_${hold}`))),
          h("button", { type: "button", class: "button main", onclick: () => carry(visits[0]) }, t("moveIt")),
          h("button", { type: "button", class: "button danger", onclick: () => takeOff(together(visits[0])) }, t("takeOff")),
        )
      : null,
  ];
}

function drawVisit(visit) {
  const found = findJob(visit);
  const outlet = contractedBy(visit);
  if (!found && outlet) return drawContracted(visit, outlet);
  if (!found) return [h("h2", null, visit), h("p", { class: "empty" }, t("notOnBoard"))];
  const { job, row, stop } = found;
  const locks = mayDispatch() && stop?.phase === "ahead";
  const moves = mayDispatch() && !row?.foreign && (!stop || stop.phase === "ahead");
  return [
    h("h2", null, job.visit, " ", h("span", { class: `chip ${job.priority === "emergency" ? "bad" : ""}` }, priorityWord(job)), job.vip ? h("span", { class: "chip warn" }, icon("star"), "VIP") : null),
    stop ? drawWhen(row, stop) : h("p", { class: "why" }, t("nobodyHas")),
    row?.foreign ? h("p", { class: "why" }, t("foreignHas", { visit })) : null,
    h(
      "dl",
      { class: "facts-list" },
      fact(t("promise"), job.window && span(...job.window)),
      job.windows.length > 1 ? fact(t("alternatives"), job.windows.map((one) => span(...one)).join(", ")) : [],
      fact(t("work"), duration(job.lasts_s)),
      fact(t("skills"), skillsWord(job.skills)),
      fact(t("parts"), job.parts.map(([part, n]) => (n > 1 ? `${n} × ${part}` : part)).join(", ")),
      fact(t("district"), [job.district, job.zone && t(`zone_${job.zone}`)].filter(Boolean).join(" · ")),
      fact(t("crew"), job.crew > 1 && String(job.crew)),
      fact(t("where"), `${job.at[1].toFixed(5)}, ${job.at[0].toFixed(5)}`),
    ),
    locks ? drawHolds(job) : null,
    moves ? drawMoves(job, stop) : null,
    drawCustomer(visit),
  ];
}

function drawContracted(visit, outlet) {
  const job = outlet.visits.find((one) => one.visit === visit);
  return [
    h("h2", null, visit, job?.priority === "emergency" ? [" ", h("span", { class: "chip bad" }, priorityWord(job))] : null),
    h("p", { class: "why" }, t(job ? "outletHas" : "outletDid", { name: outlet.name || outlet.id })),
    job ? h("dl", { class: "facts-list" }, fact(t("promise"), job.window && span(...job.window)), fact(t("work"), duration(job.lasts_s)), fact(t("skills"), skillsWord(job.skills || []))) : null,
    drawCustomer(visit),
  ];
}

function drawWhen(row, stop) {
  const [leaves, , arrival, start, end] = stop.t;
  const late = stop.late_s > 0;
  return h(
    "div",
    { class: "when" },
    h("button", { type: "button", class: "link", onclick: () => goTo(row.id, stop.id) }, personOf(row)),
    h("p", null, [leaves !== null && t("leavesAt", { time: clock(leaves) }), t("arrivesAt", { time: clock(arrival) }), t("fromTo", { from: clock(start), to: clock(end) })].filter(Boolean).join(" · ")),
    h("p", { class: late ? "late-line" : "ok-line" }, icon(late ? "warn" : "check"), late ? t("lateBy", { time: duration(stop.late_s) }) : stop.job.window ? t("inPromise") : t("nothingOwed")),
    stop.dangers.length ? h("ul", { class: "reasons" }, stop.dangers.map((kind) => h("li", { class: "chip bad" }, t(`danger_${kind}`)))) : null,
  );
}

function drawHolds(job) {
  const current = job.hold || "none";
  return h(
    "fieldset",
    { class: "holds" },
    h("legend", null, t("lock")),
    HOLDS.map((hold) =>
      h("button", { type: "button", class: "button small", "aria-pressed": String(hold === current), "data-hold": hold, onclick: () => hold !== current && lock(job.visit, hold) }, hold === "none" ? null : icon(hold === "time" ? "time" : "lock"), t(`doHold_${hold}`)),
    ),
  );
}

function drawMoves(job, stop) {
  return h(
    "div",
    { class: "buttons" },
    h("button", { type: "button", class: "button main", onclick: () => carry(job.visit) }, stop ? t("moveIt") : t("assign")),
    stop ? h("button", { type: "button", class: "button danger", onclick: () => takeOff([job.visit]) }, t("takeOff")) : null,
  );
}

function drawCustomer(visit) {
  const known = shown.get(visit);
  if (known) return h("dl", { class: "facts-list customer" }, fact(t("customer"), known.name), fact(t("phone"), known.phone), fact(t("address"), known.address));
  const why = h("input", { id: "unmask-why", type: "text", maxlength: 200, required: true, minlength: 3 });
  const ask = async (event) => {
    event.preventDefault();
    try {
      const found = await api.contact(store.day, visit, why.value.trim());
      shown.set(visit, found);
      drawDetails();
    } catch (fault) {
      toastFault(fault);
    }
  };
  return h("details", { class: "unmask" }, h("summary", null, t("showCustomer")), h("form", { onsubmit: ask }, h("label", { for: "unmask-why" }, t("unmaskWhy")), why, h("button", { type: "submit", class: "button small" }, t("show"))));
}

function drawTechnician(row) {
  if (!row) return h("p", { class: "empty" }, t("notOnBoard"));
  const visits = row.stops.filter((stop) => stop.job);
  const outlet = store.outlets.get(row.outlet);
  const report = (kind, more = {}) => command(() => api.record(store.day, { kind, technician: row.technician, happened_at: new Date(store.view.base + Math.floor(now()) * 1000).toISOString(), ...more }), t("recorded"));
  return [
    h("h2", null, personOf(row), row.foreign ? [" ", h("span", { class: "chip" }, t("anotherRegion"))] : null),
    h(
      "dl",
      { class: "facts-list" },
      fact(t("shift"), span(...row.span)),
      fact(t("outlet"), outlet && [outlet.name || outlet.id, outlet.zone && t(`zone_${outlet.zone}`)].filter(Boolean).join(" · ")),
      fact(t("skills"), skillsWord(row.skills)),
      fact(t("overtime"), row.overtime_s && duration(row.overtime_s)),
      fact(t("travelsBy"), !row.foreign && t(`by_${row.profile}`)),
    ),
    h("ol", { class: "stops-list" }, visits.map((stop) => h("li", { class: stop.phase }, h("button", { type: "button", class: "link", onclick: () => focusOn("visit", stop.job.visit) }, stop.job.visit), h("span", null, span(stop.t[3], stop.t[4])), stop.late_s ? h("span", { class: "chip bad" }, icon("warn"), `+${duration(stop.late_s)}`) : null))),
    mayDispatch() && !row.foreign ? h("div", { class: "buttons" }, row.away ? h("button", { type: "button", class: "button", onclick: () => report("technician_back") }, t("reportBack")) : h("button", { type: "button", class: "button danger", onclick: () => report("technician_sick") }, t("reportSick"))) : null,
  ];
}

/** On a phone the panel lies below the rows: who chose something sees it without looking for it. */
function bringUp() {
  const { top } = byId("panel").getBoundingClientRect();
  if (!matchMedia("(max-width: 820px)").matches || top < innerHeight * 0.7) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: top - innerHeight * 0.6, behavior: calm ? "auto" : "smooth" });
}

export function startDetails() {
  on("focus", () => {
    drawDetails();
    if (!store.focus) return;
    showTab("details");
    bringUp();
  });
  on("selection", drawDetails);
  on("view", drawDetails);
}
