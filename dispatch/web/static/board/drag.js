// Dragging with a pointer: from rows and from the tray, to rows and to the tray.
import { byId } from "../shared/dom.js";
import { hideGhost, showGhost } from "./ghost.js";
import { slotAt } from "./hint.js";
import { Trial, drop } from "./moves.js";
import { emit, mayDispatch, store } from "./store.js";
import { lanes, spotAt } from "./timeline.js";

const FAR_PX = 5;
const EDGE_PX = 36;
let drag = null;

export const isDragging = () => drag !== null && drag.moved;

function visitOf(target) {
  const bar = target.closest("[data-stop]");
  if (bar) {
    const entry = store.byStop.get(bar.dataset.stop);
    return entry?.stop.job && entry.stop.phase === "ahead" ? entry.stop.job.visit : null;
  }
  return target.closest("[data-drag]")?.dataset.drag || null;
}

function begin(event) {
  if (event.button !== 0 || !mayDispatch()) return;
  const visit = visitOf(event.target);
  if (!visit) return;
  drag = { visit, x: event.clientX, y: event.clientY, moved: false, trial: null, pointer: event.pointerId, bar: event.target.closest("[data-stop]") };
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const point = { x: event.clientX, y: event.clientY };
  if (!drag.moved) {
    if (Math.hypot(point.x - drag.x, point.y - drag.y) < FAR_PX) return;
    drag.moved = true;
    drag.bar?.classList.add("lifted");
    drag.trial = new Trial(drag.visit, (trial) => drag && showGhost(trial, drag.point));
    document.body.classList.add("dragging");
  }
  event.preventDefault();
  drag.point = point;
  scrollAtEdge(point);
  aimAt(point);
}

function aimAt(point) {
  const { trial } = drag;
  const tray = byId("panel").getBoundingClientRect();
  const spot = spotAt(point.x, point.y);
  if (spot) trial.aim(spot.row, slotAt(spot.row, drag.visit, spot.second));
  else if (point.x > tray.left && store.byVisit.has(drag.visit)) trial.aim(null, 0);
  else {
    trial.stop();
    hideGhost();
    return;
  }
  showGhost(trial, point);
}

function scrollAtEdge({ x, y }) {
  const box = lanes().getBoundingClientRect();
  if (x < box.left || x > box.right) return;
  if (y > box.bottom - EDGE_PX && y < box.bottom) lanes().scrollTop += 14;
  else if (y < box.top + EDGE_PX + 30 && y > box.top) lanes().scrollTop -= 14;
}

async function end(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { trial, moved } = drag;
  cancel();
  if (!moved) return;
  // The click that follows a drag selects nothing.
  const swallow = (click) => click.stopPropagation();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  if (trial.target) await drop(trial);
}

function cancel() {
  drag.bar?.classList.remove("lifted");
  drag = null;
  hideGhost();
  document.body.classList.remove("dragging");
  emit("dropped");
}

export function startDrag() {
  addEventListener("pointerdown", begin);
  addEventListener("pointermove", move, { passive: false });
  addEventListener("pointerup", end);
  addEventListener("pointercancel", () => drag && cancel());
  addEventListener("keydown", (event) => event.key === "Escape" && drag && cancel(), { capture: true });
}
