// The day's map: what is fitted, drawn and explained.
function everyPlace() {
  return [
    ...DATA.outlets.map((o) => o.at), ...Object.values(DATA.visits).map((v) => v.at),
    ...people.flatMap((p) => p.stops.map((s) => s.at)),
  ];
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
