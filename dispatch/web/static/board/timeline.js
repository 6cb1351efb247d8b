// The rows on the screen and nothing else: as many elements as fit, whatever the day's size.
import { byId, eachFrame, h } from "../shared/dom.js";
import { onTheme } from "../shared/theme.js";
import { t } from "../shared/words.js";
import { axis, drawAxis, fitAxis, hourMarks, percent, share, zoomBy } from "./axis.js";
import { ROW_PX, drawRow } from "./row.js";
import { emit, now, on, store } from "./store.js";

const AROUND = 4; // rows drawn beyond the edges
const drawn = new Map(); // row id → {element, row, place}
let place, sheet, hours, nowLine, nowText;

export const nameWidth = () => place.querySelector(".axis .corner").offsetWidth;
export const lanes = () => place;

/** Build the frame once. */
export function startTimeline() {
  place = byId("lanes");
  hours = h("div", { class: "hours" });
  sheet = h("div", { class: "sheet", role: "rowgroup" });
  nowText = h("span", null);
  nowLine = h("div", { class: "now", "aria-hidden": "true" }, nowText);
  const corner = h("div", { class: "corner" });
  place.append(h("div", { class: "axis", "aria-hidden": "true" }, corner, hours), sheet, nowLine);
  const again = eachFrame(drawVisible);
  place.addEventListener("scroll", again, { passive: true });
  new ResizeObserver(() => {
    drawHours();
    again();
  }).observe(place);
  on("selection", markSelection);
  on("now", drawNow);
  onTheme(() => store.view && redraw());
  setInterval(drawNow, 1000);
}

/** Everything anew: another view, other filters, another language. */
export function redraw() {
  fitAxis();
  for (const { element } of drawn.values()) element.remove();
  drawn.clear();
  sheet.style.height = `${store.rows.length * ROW_PX}px`;
  place.setAttribute("aria-rowcount", store.rows.length);
  place.setAttribute("aria-label", t("timeline"));
  byId("no-rows").hidden = store.rows.length > 0;
  setWidth();
  drawVisible();
  drawNow();
}

function setWidth() {
  place.style.setProperty("--zoom", axis.zoom);
  drawHours();
}

function drawHours() {
  if (!store.view) return;
  drawAxis(hours, hours.offsetWidth);
  const marks = hourMarks(hours.offsetWidth);
  const lines = sheet.querySelector(".grid-lines") || sheet.insertBefore(h("div", { class: "grid-lines", "aria-hidden": "true" }), sheet.firstChild);
  lines.replaceChildren(...marks.map((s) => h("i", { css: { left: percent(s) } })));
}

/** Draw rows that came into sight, drop those that left it. */
export function drawVisible() {
  const first = Math.max(0, Math.floor(place.scrollTop / ROW_PX) - AROUND);
  const last = Math.min(store.rows.length, Math.ceil((place.scrollTop + place.clientHeight) / ROW_PX) + AROUND);
  const wanted = new Set(store.rows.slice(first, last).map((row) => row.id));
  for (const [id, { element }] of drawn) {
    if (wanted.has(id) || element.contains(document.activeElement)) continue;
    element.remove();
    drawn.delete(id);
  }
  for (let number = first; number < last; number += 1) ensure(number);
  emit("drawn");
}

function ensure(number) {
  const row = store.rows[number];
  if (drawn.has(row.id)) return;
  const element = drawRow(row, number);
  drawn.set(row.id, { element, row });
  sheet.append(element);
}

/** The element of a stop; scrolls until it is there. */
export function reveal(rowId, stopId = null) {
  const number = store.rows.findIndex((row) => row.id === rowId);
  if (number < 0) return null;
  const top = number * ROW_PX;
  const room = place.clientHeight - 34;
  if (top < place.scrollTop) place.scrollTop = top;
  else if (top + ROW_PX > place.scrollTop + room) place.scrollTop = top + ROW_PX - room;
  if (stopId) scrollToTime(store.byStop.get(stopId)?.stop.t[3]);
  drawVisible();
  const selector = stopId ? `[data-stop="${CSS.escape(stopId)}"]` : ".lane-name";
  return drawn.get(rowId)?.element.querySelector(selector) || null;
}

function scrollToTime(second) {
  if (second === undefined) return;
  const left = share(second) * hours.offsetWidth;
  const room = place.clientWidth - nameWidth();
  if (left < place.scrollLeft + 20 || left > place.scrollLeft + room - 60) place.scrollLeft = left - room / 3;
}

export function zoom(steps) {
  const middle = (place.scrollLeft + (place.clientWidth - nameWidth()) / 2) / hours.offsetWidth;
  if (steps === 0) axis.zoom = 1;
  else zoomBy(steps);
  setWidth();
  place.scrollLeft = middle * hours.offsetWidth - (place.clientWidth - nameWidth()) / 2;
  emit("zoom");
}

export function showNow() {
  place.scrollLeft = share(now()) * hours.offsetWidth - (place.clientWidth - nameWidth()) / 3;
}

function drawNow() {
  if (!store.view) return;
  const part = share(now());
  nowLine.hidden = part < 0 || part > 1;
  nowLine.style.setProperty("--at", part);
}

function markSelection() {
  for (const { element } of drawn.values()) {
    for (const one of element.querySelectorAll("[data-stop]")) {
      const chosen = store.selection.has(one.dataset.stop);
      one.classList.toggle("sel", chosen);
      one.setAttribute("aria-pressed", chosen ? "true" : "false");
    }
  }
}

/** Row and second under a point of the screen; null outside. */
export function spotAt(x, y) {
  const box = sheet.getBoundingClientRect();
  const track = hours.getBoundingClientRect();
  const frame = place.getBoundingClientRect();
  if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) return null;
  const number = Math.floor((y - box.top) / ROW_PX);
  if (number < 0 || number >= store.rows.length) return null;
  const second = axis.from + ((x - track.left) / track.width) * (axis.to - axis.from);
  return { row: store.rows[number], number, second };
}
