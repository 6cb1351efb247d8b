// The axis of time: seconds to shares of its width, hour marks, zoom.
import { clock } from "../shared/format.js";
import { h } from "../shared/dom.js";
import { store } from "./store.js";

export const axis = { from: 0, to: 1, zoom: 1 };
const ZOOMS = [1, 1.4, 2, 3, 4.5, 7, 10, 15];
const HALF_HOUR_S = 1800;

/** Stretch the axis over everything that has a time. */
export function fitAxis() {
  let [low, high] = [Infinity, -Infinity];
  for (const row of store.view.rows) {
    low = Math.min(low, row.span[0], row.stops[0]?.t[0] ?? row.stops[0]?.t[2] ?? Infinity);
    high = Math.max(high, row.span[1], row.stops.at(-1)?.t[4] ?? 0);
  }
  if (!Number.isFinite(low)) [low, high] = [0, store.view.last];
  axis.from = Math.floor((low - 600) / HALF_HOUR_S) * HALF_HOUR_S;
  axis.to = Math.ceil((high + 600) / HALF_HOUR_S) * HALF_HOUR_S;
}

export const share = (second) => (second - axis.from) / (axis.to - axis.from);
export const percent = (second) => `${(share(second) * 100).toFixed(3)}%`;
export const width = (seconds) => `${((seconds / (axis.to - axis.from)) * 100).toFixed(3)}%`;
export const secondAt = (part) => axis.from + part * (axis.to - axis.from);

export function zoomBy(steps) {
  const place = ZOOMS.findIndex((one) => one >= axis.zoom);
  axis.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, place + steps))];
}

/** Hour marks, as close as they can be read. */
export function hourMarks(width_px) {
  const hours = (axis.to - axis.from) / 3600;
  const step = [0.5, 1, 2, 3, 6, 12, 24].find((one) => (width_px / hours) * one > 62) || 24;
  const marks = [];
  for (let s = Math.ceil(axis.from / (step * 3600)) * step * 3600; s <= axis.to; s += step * 3600) marks.push(s);
  return marks;
}

export function drawAxis(place, width_px) {
  place.replaceChildren(...hourMarks(width_px).map((s) => h("span", { class: "hour", css: { left: percent(s) } }, clock(s))));
}
