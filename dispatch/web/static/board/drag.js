// Dragging with a pointer: from rows and from the tray, to rows and to the tray. A mouse lifts by
// moving; a finger by resting, because one that moves at once scrolls.
import { byId } from "../shared/dom.js";
import { hideGhost, showGhost } from "./ghost.js";
import { slotAt } from "./hint.js";
import { Trial, drop, together } from "./moves.js";
import { mayDispatch, on, store } from "./store.js";
import { lanes, spotAt } from "./timeline.js";

const FAR_PX = 5;
const EDGE_PX = 36;
const REST_MS = 350;
let drag = null;

function visitOf(target) {
  const bar = target.closest("[data-stop]");
  if (bar) {
    const entry = store.byStop.get(bar.dataset.stop);
    return entry?.stop.job && entry.stop.phase === "ahead" && !entry.row.foreign ? entry.stop.job.visit : null;
  }
  return target.closest("[data-drag]")?.dataset.drag || null;
}

function begin(event) {
  if (drag || event.button !== 0 || !event.isPrimary || !mayDispatch()) return;
  const visit = visitOf(event.target);
  if (!visit) return;
  const point = { x: event.clientX, y: event.clientY };
  drag = { visit, from: point, point, trial: null, pointer: event.pointerId, touch: event.pointerType === "touch", rest: 0 };
  if (!drag.touch) return;
  drag.rest = setTimeout(lift, REST_MS);
  // On the element itself: it may be drawn anew meanwhile, and a finger stays with what it touched.
  event.target.addEventListener("touchmove", holdStill, { passive: false });
}

/** While something is carried the page does not scroll under it. */
function holdStill(event) {
  if (drag?.trial) event.preventDefault();
}

function lift() {
  drag.trial = new Trial(together(drag.visit), (trial) => drag && showGhost(trial, drag.point, drag.touch));
  document.body.classList.add("dragging");
  document.documentElement.setPointerCapture(drag.pointer);
  markLifted();
  aimAt(drag.point);
}

function markLifted() {
  if (!drag?.trial) return;
  for (const bar of lanes().querySelectorAll("[data-stop]")) {
    const visit = store.byStop.get(bar.dataset.stop)?.stop.job?.visit;
    bar.classList.toggle("lifted", drag.trial.visits.includes(visit));
  }
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  drag.point = { x: event.clientX, y: event.clientY };
  if (!drag.trial) {
    if (Math.hypot(drag.point.x - drag.from.x, drag.point.y - drag.from.y) < FAR_PX) return;
    if (drag.touch) {
      cancel();
      return;
    }
    lift();
  }
  event.preventDefault();
  scrollAtEdge(drag.point);
  aimAt(drag.point);
}

function aimAt(point) {
  const { trial } = drag;
  const tray = byId("panel").getBoundingClientRect();
  const spot = spotAt(point.x, point.y);
  if (spot) trial.aim(spot.row, slotAt(spot.row, trial.visits, spot.second));
  else if (point.x > tray.left && trial.visits.some((visit) => store.byVisit.has(visit))) trial.aim(null, 0);
  else {
    trial.stop();
    hideGhost();
    return;
  }
  showGhost(trial, point, drag.touch);
}

function scrollAtEdge({ x, y }) {
  const box = lanes().getBoundingClientRect();
  if (x < box.left || x > box.right) return;
  if (y > box.bottom - EDGE_PX && y < box.bottom) lanes().scrollTop += 14;
  else if (y < box.top + EDGE_PX + 30 && y > box.top) lanes().scrollTop -= 14;
}

async function end(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { trial } = drag;
  cancel();
  if (!trial) return;
  // The click that follows a drag selects nothing.
  const swallow = (click) => click.stopPropagation();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  if (trial.target) await drop(trial);
}

function cancel() {
  clearTimeout(drag.rest);
  drag = null;
  for (const bar of lanes().querySelectorAll(".lifted")) bar.classList.remove("lifted");
  hideGhost();
  document.body.classList.remove("dragging");
}

export function startDrag() {
  addEventListener("pointerdown", begin);
  addEventListener("pointermove", move, { passive: false });
  addEventListener("pointerup", end);
  addEventListener("pointercancel", (event) => drag?.pointer === event.pointerId && cancel());
  addEventListener("contextmenu", (event) => drag?.touch && event.preventDefault());
  addEventListener("keydown", (event) => event.key === "Escape" && drag && cancel(), { capture: true });
  on("drawn", markLifted);
}
