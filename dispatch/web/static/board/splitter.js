// The line between map and timeline: by pointer or arrow keys; remembered.
import { byId } from "../shared/dom.js";

const KEY = "servicenet.map-share";
const [LEAST, MOST] = [0, 70];

function set(percent) {
  const share = Math.max(LEAST, Math.min(MOST, Math.round(percent)));
  document.querySelector(".work").style.setProperty("--map-share", `${share}%`);
  byId("map-card").classList.toggle("folded", share < 6);
  byId("splitter").setAttribute("aria-valuenow", share);
  try {
    localStorage.setItem(KEY, String(share));
  } catch {
    return; // storage is switched off: it holds for this page
  }
}

function remembered() {
  try {
    return Number(localStorage.getItem(KEY) ?? NaN);
  } catch {
    return NaN; // storage is switched off
  }
}

export function startSplitter() {
  const line = byId("splitter");
  const work = document.querySelector(".work");
  if (remembered() >= 0) set(remembered());
  line.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -4, ArrowDown: 4, Home: -100, End: 100 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(Number(line.getAttribute("aria-valuenow")) + step);
  });
  line.addEventListener("pointerdown", (event) => {
    line.setPointerCapture(event.pointerId);
    const box = work.getBoundingClientRect();
    const move = (at) => set(((at.clientY - box.top) / box.height) * 100);
    line.addEventListener("pointermove", move);
    line.addEventListener("pointerup", () => line.removeEventListener("pointermove", move), { once: true });
  });
}
