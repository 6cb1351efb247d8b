// The map's view: what part of the world is on the canvas, and when it is drawn again.
const canvas = byId("canvas");
const view = { x: 0, y: 0, k: 0.05, width: 1, height: 1, numberedFrom: 0.1, marks: [] };

const toScreen = (x, y) => [(x - view.x) * view.k + view.width / 2, (y - view.y) * view.k + view.height / 2];

function extentOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  }
  return box;
}

function everyPlace() {
  return [
    ...DATA.outlets.map((o) => o.at), ...Object.values(DATA.visits).map((v) => v.at),
    ...people.flatMap((p) => p.stops.map((s) => s.at)),
  ];
}

function fitTo(points) {
  if (!points.length) return;
  const [x0, y0, x1, y1] = extentOf(points);
  const margin = view.width < 500 ? 26 : 44;
  view.x = (x0 + x1) / 2;
  // The legend covers the top: the picture starts below it.
  const top = margin + 24;
  view.k = Math.min((view.width - 2 * margin) / Math.max(x1 - x0, 400), (view.height - margin - top) / Math.max(y1 - y0, 400));
  view.y = (y0 + y1) / 2 - (top - margin) / 2 / view.k;
  requestDraw();
}

const fitAll = () => fitTo(everyPlace());

/** Where the day happens: the places without the farthest three in a hundred on each side. */
function fitCore() {
  const places = everyPlace();
  const cut = (i) => {
    const sorted = places.map((place) => place[i]).sort((a, b) => a - b);
    const skip = Math.floor(sorted.length * 0.03);
    return [sorted[skip], sorted[sorted.length - 1 - skip]];
  };
  const [xs, ys] = [cut(0), cut(1)];
  fitTo(places.length ? [[xs[0], ys[0]], [xs[1], ys[1]]] : []);
}

function resizeMap() {
  const first = view.width === 1;
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  [view.width, view.height] = [box.width, box.height];
  [canvas.width, canvas.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  if (first) {
    fitCore();
    // Numbers appear when marks have room: at the start on a small day, after zooming on a large one.
    view.numberedFrom = view.k * Math.max(0.99, Math.sqrt(servedBy.size / 45));
  }
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
  if (roadPaths.length) drawRoads(ctx, view.k);
  else drawGrid(ctx, view);
  drawRoutes(ctx, view.k);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawArrows(ctx, toScreen);
  view.marks = collectMarks(toScreen, (x, y) => x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20);
  for (const mark of view.marks) drawMark(ctx, mark, view);
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
  const k = Math.min(4, Math.max(0.001, view.k * factor));
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

/** Bring the selection into the picture when it was chosen elsewhere. */
function showSelection(from) {
  requestDraw();
  if (from === "map") return;
  if (state.visit) {
    const [x, y] = toScreen(...DATA.visits[state.visit].at);
    const outside = x < 40 || y < 40 || x > view.width - 40 || y > view.height - 40;
    if (outside) [view.x, view.y] = DATA.visits[state.visit].at;
  } else if (state.person?.stops.length) fitTo(state.person.stops.map((s) => s.at));
}
onSelect(showSelection);

function renderLegend() {
  const sample = (kind, extra) => {
    const mark = h("canvas", { class: "mark", width: 28, height: 28, "aria-hidden": "true" });
    const ctx = mark.getContext("2d");
    ctx.scale(28 / 30, 28 / 30);
    if (kind === "outlet") { ctx.scale(1.2, 1.2); MARKS.outlet(ctx, { x: 12.5, y: 12.5, outlet: {} }, { width: 0 }); }
    else if (kind === "stop") disc(ctx, 15, 15, 9, extra.fill, extra.rim, 4);
    else if (kind === "diamond") { diamond(ctx, 15, 15, 13); ctx.fillStyle = extra.fill; ctx.fill(); }
    else { ctx.scale(1.4, 1.4); MARKS[kind](ctx, { x: 10.7, y: 10.7 }); }
    return mark;
  };
  const fill = cssColor("--accent");
  const item = (mark, word) => h("li", {}, mark, t(word));
  const rows = [item(sample("outlet"), "outlet"), item(sample("stop", { fill, rim: fill }), "visit")];
  if (DATA.figures.late) rows.push(item(sample("stop", { fill, rim: cssColor("--bad") }), "late"));
  if (DATA.figures.emergencies) rows.push(item(sample("diamond", { fill }), "emergency"));
  if (DATA.figures.contracted) rows.push(item(sample("contracted"), "contracted"));
  if (DATA.figures.unassigned) rows.push(item(sample("unassigned"), "unassignedOne"));
  if (DATA.plan.estimated) rows.push(h("li", {}, t("estimatedLines")));
  if (DATA.roads?.left_out.length) rows.push(h("li", {}, t("minorLeftOut")));
  byId("legend").replaceChildren(...rows);
  canvas.setAttribute("aria-label", t("mapLabel", { n: people.filter((p) => p.route).length }));
  byId("attribution").textContent = [DATA.attribution, DATA.plan.estimated && t("estimatedTag")].filter(Boolean).join(" · ");
}
