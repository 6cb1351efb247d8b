// Mouse, touch and keyboard on the map. A page answers hitAt(x, y, reach) with { tip, pick } or null.
const pointers = new Map();
let moved = 0;
let pinch = 0;

/** The nearest mark to a place on the screen. */
function markAt(x, y, reach) {
  let best = null;
  let bestDistance = reach;
  for (const mark of view.marks) {
    const d = Math.hypot(mark.x - x, mark.y - y);
    if (d <= bestDistance) [best, bestDistance] = [mark, d];
  }
  return best;
}

const onCanvas = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

function spread() {
  const [a, b] = [...pointers.values()];
  return { d: Math.hypot(a[0] - b[0], a[1] - b[1]), x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2 };
}

function pointerMove(event) {
  const at = onCanvas(event);
  const before = pointers.get(event.pointerId);
  if (!before) {
    const hit = hitAt(...at, 12);
    canvas.classList.toggle("pick", Boolean(hit?.tip && hit.pick));
    return hit?.tip ? showTip(event.clientX, event.clientY, hit.tip) : hideTip();
  }
  pointers.set(event.pointerId, at);
  moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
  if (pointers.size === 2) {
    const now = spread();
    if (pinch) zoomAt(now.d / pinch, now.x, now.y);
    pinch = now.d;
  } else if (moved > 4) {
    canvas.classList.add("drag");
    hideTip();
    pan(at[0] - before[0], at[1] - before[1]);
  }
}

function pointerUp(event) {
  const single = pointers.size === 1;
  if (!pointers.delete(event.pointerId)) return;
  pinch = 0;
  canvas.classList.remove("drag");
  if (!single || moved > 6 || event.type === "pointercancel") return;
  hitAt(...onCanvas(event), event.pointerType === "touch" ? 22 : 12)?.pick?.();
}

/** Zoom around what is chosen where it is in the picture, else around the middle. */
function zoomIn(factor) {
  const place = chosenPlace();
  const [x, y] = place ? toScreen(...place) : [-1, -1];
  if (x > 0 && y > 0 && x < view.width && y < view.height) zoomAt(factor, x, y);
  else zoomAt(factor);
}

const MAP_KEYS = {
  ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60),
  ArrowDown: () => pan(0, -60), "+": () => zoomIn(1.4), "=": () => zoomIn(1.4),
  "-": () => zoomIn(1 / 1.4), 0: fitAll, ...PAGE_KEYS,
};

function wheel(event) {
  if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) {
    // The page scrolls on; the map only takes the wheel when it was asked to.
    byId("map-hint").classList.add("on");
    clearTimeout(wheel.timer);
    wheel.timer = setTimeout(() => byId("map-hint").classList.remove("on"), 900);
    return;
  }
  event.preventDefault();
  zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...onCanvas(event));
}

onStart(() => {
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, onCanvas(event));
    pinch = 0;
  });
  canvas.addEventListener("pointermove", pointerMove);
  canvas.addEventListener("pointerup", pointerUp);
  canvas.addEventListener("pointercancel", pointerUp);
  canvas.addEventListener("pointerleave", hideTip);
  canvas.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const action = MAP_KEYS[event.key];
    if (!action || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    action();
  });
  byId("zoom-in").addEventListener("click", () => zoomIn(1.5));
  byId("zoom-out").addEventListener("click", () => zoomIn(1 / 1.5));
  byId("zoom-fit").addEventListener("click", fitAll);
  new ResizeObserver(resizeMap).observe(canvas);
});
