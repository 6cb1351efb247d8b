// The map's view, the pointer and the keys.
const canvas = byId("canvas");
const view = { x: 0, y: 0, k: 0.01, width: 1, height: 1, marks: [] };
const toScreen = ([x, y]) => [(x - view.x) * view.k + view.width / 2, (y - view.y) * view.k + view.height / 2];

function fitTo(points) {
  if (!points.length) return;
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  view.x = (x0 + x1) / 2;
  view.y = (y0 + y1) / 2;
  view.k = Math.min((view.width - 60) / Math.max(x1 - x0, 2000), (view.height - 90) / Math.max(y1 - y0, 2000));
  requestDraw();
}

const fitAll = () => fitTo([...DATA.cells, ...DATA.sites.map((s) => s.at)]);

/** Where the outlets are: the picture most people want first. */
function fitSites() {
  const far = DATA.sites.filter((s) => s.today || s.after);
  if (!far.length) return fitAll();
  fitTo(far.flatMap(({ at: [x, y] }) => [[x - 4000, y - 4000], [x + 4000, y + 4000]]));
}

function resizeMap() {
  const first = view.width === 1;
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  [view.width, view.height] = [box.width, box.height];
  [canvas.width, canvas.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  if (first) fitSites();
  requestDraw();
}

let waiting = false;
function requestDraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    drawMap();
  });
}

function drawMap() {
  const ctx = canvas.getContext("2d");
  const ratio = canvas.width / view.width;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = cssColor("--land");
  ctx.fillRect(0, 0, view.width, view.height);
  ctx.setTransform(ratio * view.k, 0, 0, ratio * view.k,
    ratio * (view.width / 2 - view.x * view.k), ratio * (view.height / 2 - view.y * view.k));
  drawRoads(ctx, view.k);
  drawDemand(ctx);
  drawRadii(ctx, view.k);
  drawWays(ctx, view.k);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  view.marks = DATA.sites.filter((s) => s.today || (state.after && s.after) || isReplacement(s))
    .sort((a, b) => Number(a.after && !a.today) - Number(b.after && !b.today))
    .map((site) => ({ site, at: toScreen(site.at) }));
  for (const { site, at } of view.marks) drawSite(ctx, site, ...at);
  drawScale();
}

function drawScale() {
  const target = 110 / view.k;
  const power = 10 ** Math.floor(Math.log10(target));
  const length = [5, 2, 1].find((m) => m * power <= target) * power;
  byId("scale").textContent = length < 1000 ? `${length} m` : `${length / 1000} km`;
  byId("scale").style.width = `${length * view.k}px`;
}

function zoomAt(factor, x = view.width / 2, y = view.height / 2) {
  const k = Math.min(1, Math.max(0.0005, view.k * factor));
  view.x += (x - view.width / 2) * (1 / view.k - 1 / k);
  view.y += (y - view.height / 2) * (1 / view.k - 1 / k);
  view.k = k;
  requestDraw();
}

function pan(dx, dy) {
  view.x -= dx / view.k;
  view.y -= dy / view.k;
  requestDraw();
}

function showPlace(site) {
  const [x, y] = toScreen(site.at);
  if (x < 60 || y < 60 || x > view.width - 60 || y > view.height - 60) [view.x, view.y] = site.at;
}

function setAfter(after) {
  state.after = after;
  byId("show-today").setAttribute("aria-pressed", String(!after));
  byId("show-after").setAttribute("aria-pressed", String(after));
  renderLegend();
  requestDraw();
}

function showTip(x, y, children) {
  const tip = byId("tip");
  tip.replaceChildren(...children);
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(6, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18}px`;
}

const hideTip = () => { byId("tip").hidden = true; };

function tipOf(x, y) {
  const near = view.marks.findLast(({ at }) => Math.hypot(at[0] - x, at[1] - y) < 14);
  if (near) {
    const { site } = near;
    const role = site.today ? (site.after ? "kept" : "closed") : site.after ? "opened" : "replaces";
    return { site, lines: [h("b", {}, site.name || site.id), h("div", {}, `${site.id} · ${t(role)}`), h("div", {}, `${t("covers")} ${compact(site.covers)} ${unit()}`)] };
  }
  const [wx, wy] = [(x - view.width / 2) / view.k + view.x, (y - view.height / 2) / view.k + view.y];
  const cell = DATA.cells.find((c) => Math.abs(c[0] - wx) <= DATA.cell_m / 2 && Math.abs(c[1] - wy) <= DATA.cell_m / 2);
  if (!cell) return null;
  const word = state.after ? STATE_WORD[cell[3]] : stateOf(cell) === 2 ? "uncovered" : "covered";
  return { lines: [h("b", {}, `${number(cell[2])} ${unit()}`), h("div", {}, t(word))] };
}

const pointers = new Map();
let moved = 0;
let pinch = 0;
const onCanvas = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

function pointerMove(event) {
  const at = onCanvas(event);
  const before = pointers.get(event.pointerId);
  if (!before) {
    const tip = tipOf(...at);
    canvas.classList.toggle("pick", Boolean(tip?.site));
    return tip ? showTip(event.clientX, event.clientY, tip.lines) : hideTip();
  }
  pointers.set(event.pointerId, at);
  moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
  if (pointers.size === 2) {
    const [a, b] = [...pointers.values()];
    const d = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (pinch) zoomAt(d / pinch, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    pinch = d;
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
  const site = tipOf(...onCanvas(event))?.site;
  const index = site ? DATA.actions.findIndex((a) => [a.opens, a.closes].includes(site.id)) : -1;
  if (index >= 0 && index !== state.action) select(index);
}

function wheel(event) {
  if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) {
    byId("map-hint").classList.add("on");
    clearTimeout(wheel.timer);
    wheel.timer = setTimeout(() => byId("map-hint").classList.remove("on"), 900);
    return;
  }
  event.preventDefault();
  zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...onCanvas(event));
}

const MAP_KEYS = {
  ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
  "+": () => zoomAt(1.4), "=": () => zoomAt(1.4), "-": () => zoomAt(1 / 1.4), 0: fitAll,
  t: () => setAfter(!state.after), T: () => setAfter(!state.after),
};

function listenToMap() {
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, onCanvas(event));
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
  byId("zoom-in").addEventListener("click", () => zoomAt(1.5));
  byId("zoom-out").addEventListener("click", () => zoomAt(1 / 1.5));
  byId("zoom-fit").addEventListener("click", fitAll);
  byId("show-today").addEventListener("click", () => setAfter(false));
  byId("show-after").addEventListener("click", () => setAfter(true));
  new ResizeObserver(resizeMap).observe(canvas);
}
