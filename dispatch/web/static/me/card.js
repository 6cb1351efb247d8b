// One stop of the technician's day as a card: when, where, what, and the next thing to report.
import { h, icon } from "../shared/dom.js";
import { clock, duration, span } from "../shared/format.js";
import { t } from "../shared/words.js";

const NEXT = { ahead: "technician_departed", way: "technician_arrived", door: "work_started", work: "work_finished" };

/** Where a stop stands with what waits to be sent: ahead, way, door, work, done. */
export function stageOf(one, waiting) {
  const { stop } = one;
  const order = ["ahead", "way", "door", "work", "done"];
  let stage = stop.phase === "past" ? "done" : stop.at_work ? "work" : stop.at_door ? "door" : stop.phase === "now" ? "way" : "ahead";
  const after = { technician_departed: "way", technician_arrived: "door", work_started: "work", work_finished: "done", customer_absent: "done" };
  for (const entry of waiting) {
    if (entry.what !== "event" || !isAbout(entry.body, stop)) continue;
    const next = after[entry.body.kind];
    if (next && order.indexOf(next) > order.indexOf(stage)) stage = next;
  }
  return stage;
}

function isAbout(fact, stop) {
  return stop.job ? fact.visit === stop.job.visit : fact.what === stop.kind && !fact.visit;
}

export function drawCard(one, { stage, current, waiting, act, contact }) {
  const { stop } = one;
  const title = stop.job ? stop.job.visit : stop.kind === "pickup" ? t("pickup", { outlet: one.outlet }) : t(`kind_${stop.kind}`);
  return h(
    "li",
    { class: `me-stop ${stage === "done" ? "past" : current ? "now" : ""}`, "data-stop": stop.id },
    h("header", null, h("time", null, clock(stop.t[2])), h("h3", null, title), h("span", { class: `chip state ${stage === "work" ? "good" : ""}` }, t(stop.failed ? "notDone" : `stage_${stage}`))),
    facts(one),
    stage === "done" ? null : [links(one), current ? buttons(one, stage, act) : null, stop.job && current ? contactOf(one, contact) : null],
    waiting ? h("p", { class: "waiting" }, t("waits", { n: waiting })) : null,
  );
}

function facts({ stop, address, customer, phone, shown }) {
  const { job } = stop;
  const lines = [];
  if (job) {
    const late = stop.late_s > 0;
    if (job.window) lines.push(h("p", { class: late ? "late-line" : "facts" }, late ? icon("warn") : icon("time"), late ? `${span(...job.window)} · ${t("lateBy", { time: duration(stop.late_s) })}` : span(...job.window)));
    lines.push(h("p", { class: "facts" }, [t(`p_${job.priority}`), duration(job.lasts_s), (job.skills || []).map(([skill]) => skill).join(", "), job.crew > 1 && t("crewOf", { n: job.crew })].filter(Boolean).join(" · ")));
    if (job.parts?.length) lines.push(h("p", { class: "facts" }, icon("box"), ` ${job.parts.map(([part, n]) => `${n} × ${part}`).join(", ")}`));
  }
  if (stop.kind === "pickup" && stop.parts.length) lines.push(h("p", { class: "facts" }, icon("box"), ` ${stop.parts.map(([part, n]) => `${n} × ${part}`).join(", ")}`));
  if (address) lines.push(h("p", { class: "facts" }, address));
  if (customer) lines.push(h("p", { class: "facts" }, customer, phone ? [" · ", shown ? h("a", { href: `tel:${phone}` }, phone) : phone] : null));
  return lines;
}

function links(one) {
  const shifted = Object.entries(one.links || {});
  const plain = one.at ? [["map", `geo:${one.at[1]},${one.at[0]}`]] : [];
  const all = shifted.length ? shifted : plain;
  if (!all.length) return null;
  return h("p", { class: "links" }, all.map(([name, href]) => h("a", { class: "button", href, rel: "noreferrer noopener", target: "_blank" }, icon("go"), t(`nav_${name}`))));
}

function buttons(one, stage, act) {
  const main = h("button", { type: "button", class: "button main", "data-act": NEXT[stage], onclick: () => act(one, NEXT[stage]) }, t(`do_${NEXT[stage]}`));
  const absent = one.stop.job && stage === "door" ? h("button", { type: "button", class: "button", "data-act": "customer_absent", onclick: () => act(one, "customer_absent") }, t("do_customer_absent")) : null;
  const part = one.stop.job?.parts?.length && stage !== "ahead" ? h("button", { type: "button", class: "button", "data-act": "part_missing", onclick: () => act(one, "part_missing") }, t("do_part_missing")) : null;
  return h("div", { class: "thumbs" }, main, absent, part);
}

function contactOf(one, contact) {
  return one.shown ? null : h("div", { class: "thumbs" }, h("button", { type: "button", class: "button wide", onclick: () => contact(one) }, icon("user"), t("callCustomer")));
}
