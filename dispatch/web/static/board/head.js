// The bar at the top: which day, what time it is there, how the day stands.
import { byId, refill, h, icon } from "../shared/dom.js";
import { clock, dateOf } from "../shared/format.js";
import { t } from "../shared/words.js";
import { now, on, store } from "./store.js";

const PILLS = [
  ["emergencies", "siren", "bad"],
  ["open", "list", "warn"],
  ["late", "warn", "bad"],
  ["overtime", "time", "warn"],
  ["away", "user", "warn"],
];

export function drawHead() {
  const { view } = store;
  if (!view) return;
  const counts = { late: 0, open: 0, emergencies: 0, overtime: 0, away: 0, done: 0, under_way: 0, ahead: 0, visits: 0, promised: 0, kept: 0, ...view.counts };
  byId("day-name").textContent = view.day;
  const own = store.regions.length ? t("yourRegions", { n: store.regions.length, names: store.regions.join(", ") }) : "";
  byId("day-date").textContent = [dateOf(view.date), view.zone, own].filter(Boolean).join(" · ");
  const share = counts.promised ? Math.floor((1000 * counts.kept) / counts.promised) / 10 : 100;
  refill(
    byId("counts"),
    h("li", { class: "count wide" }, h("b", null, `${counts.done}`), h("span", null, t("doneOf", { n: counts.visits })), meter(counts)),
    h("li", { class: "count" }, h("b", null, `${share}\u00a0%`), h("span", null, t("keptShare"))),
    PILLS.map(([key, name, kind]) =>
      h("li", { class: `count${counts[key] ? ` ${kind}` : " calm"}` }, icon(name), h("b", null, String(counts[key])), h("span", null, t(`c_${key}`, { n: counts[key] }))),
    ),
  );
  drawClock();
}

function meter(counts) {
  const part = (value) => `${(100 * value) / Math.max(1, counts.visits)}%`;
  const bar = (cls, value) => h("i", { class: cls, css: { width: part(value) } });
  return h("span", { class: "progress", "aria-hidden": "true" }, bar("done", counts.done), bar("going", counts.under_way));
}

function drawClock() {
  if (store.view) byId("clock").textContent = clock(now());
}

export function startHead() {
  on("view", drawHead);
  on("now", drawClock);
  setInterval(drawClock, 1000);
}
