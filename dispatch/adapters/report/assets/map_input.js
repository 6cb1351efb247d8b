// Mouse, touch and keyboard on the map.
const pointers = new Map();
let moved = 0;
let pinch = 0;

function markAt(x, y, reach = 12) {
  let best = null;
  let bestDistance = reach;
  for (const mark of view.marks) {
    const d = Math.hypot(mark.x - x, mark.y - y);
    if (d <= bestDistance) [best, bestDistance] = [mark, d];
  }
  return best;
}

/** The technician whose line runs under a point, for clicks. */
function routeAt(x, y) {
  const ctx = canvas.getContext("2d");
  const ratio = canvas.width / view.width;
  ctx.save();
  ctx.setTransform(ratio * view.k, 0, 0, ratio * view.k,
    ratio * (view.width / 2 - view.x * view.k), ratio * (view.height / 2 - view.y * view.k));
  ctx.lineWidth = 10 / view.k;
  const found = people.find((p) => p.route && ctx.isPointInStroke(p.path, x * ratio, y * ratio));
  ctx.restore();
  return found ?? null;
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
    const mark = markAt(...at);
    canvas.classList.toggle("pick", Boolean(mark));
    return mark ? showTip(event.clientX, event.clientY, markTip(mark)) : hideTip();
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
  const at = onCanvas(event);
  const mark = markAt(...at, event.pointerType === "touch" ? 22 : 12);
  if (mark?.visit) select({ visit: mark.visit }, "map");
  else if (!mark) select({ person: routeAt(...at) }, "map");
}

const MAP_KEYS = {
  ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60),
  ArrowDown: () => pan(0, -60), "+": () => zoomIn(1.4), "=": () => zoomIn(1.4),
  "-": () => zoomIn(1 / 1.4), 0: fitAll, n: () => step(1), p: () => step(-1), Escape: () => select({}),
};

/** Zoom around the chosen visit where it is in the picture, else around the middle. */
function zoomIn(factor) {
  const [x, y] = state.visit ? toScreen(...DATA.visits[state.visit].at) : [-1, -1];
  if (x > 0 && y > 0 && x < view.width && y < view.height) zoomAt(factor, x, y);
  else zoomAt(factor);
}

/** Select the next or previous visit of the chosen technician. */
function step(by) {
  const jobs = state.person?.jobs ?? [];
  if (!jobs.length) return;
  const here = jobs.findIndex((stop) => stop.visit === state.visit);
  const next = here < 0 ? (by > 0 ? 0 : jobs.length - 1) : (here + by + jobs.length) % jobs.length;
  select({ visit: jobs[next].visit });
}

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

function listenToMap() {
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
}
