// The coverage map: squares of demand, gaps, drive times, radii, outlets.
const ringsPath = (rings) => { const path = new Path2D(); for (const ring of rings) { decodeInto(path, ring); path.closePath(); } return path; };
for (const pocket of DATA.pockets) pocket.path = ringsPath(pocket.area);
const isochrones = DATA.isochrones.map(([minutes, rings]) => ({ minutes, path: ringsPath(rings) })).reverse();
const ISO_COLORS = { 5: "#0f766e", 10: "#0891b2", 15: "#4e5ba6", 30: "#98a2b3" };

// Strength by rank, not by amount: a few towers must not fade the rest of the town away.
const strengthOf = (() => {
  const sorted = DATA.cells.map((c) => c[2]).sort((a, b) => a - b);
  const cuts = [0.25, 0.5, 0.75, 0.92].map((q) => sorted[Math.floor(q * (sorted.length - 1))]);
  return (weight) => cuts.filter((cut) => weight > cut).length;
})();
const STRENGTH = [0.26, 0.38, 0.52, 0.66, 0.8];

/** Squares by (color, strength), made once per measure. */
const squares = {};
for (const [measure, column] of [["straight", 3], ["road", 4]]) {
  squares[measure] = new Map();
  for (const cell of DATA.cells) {
    if (cell[column] < 0) continue;
    const share = cell[column] / cell[2];
    const key = `${share >= 0.999 ? "good" : share > 0.001 ? "warn" : "bad"}:${strengthOf(cell[2])}`;
    if (!squares[measure].has(key)) squares[measure].set(key, new Path2D());
    squares[measure].get(key).rect(cell[0], cell[1], DATA.cell_m, DATA.cell_m);
  }
}

const everyPlace = () => [...DATA.outlets.map((o) => o.at), ...DATA.cells.map((c) => [c[0] + DATA.cell_m / 2, c[1] + DATA.cell_m / 2])];

/** Everything, with room for the legend below. */
function fitAll() {
  const places = everyPlace();
  if (!places.length) return;
  const [x0, y0, x1, y1] = extentOf(places);
  fitTo([[x0, y0], [x1, y1 + (y1 - y0) * 0.12]]);
}

function resizeMap() {
  const first = view.width === 1;
  const box = canvas.getBoundingClientRect();
  const scale = window.devicePixelRatio || 1;
  [view.width, view.height] = [box.width, box.height];
  [canvas.width, canvas.height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
  if (first) fitAll();
  requestDraw();
}

function drawMap() {
  const ctx = canvas.getContext("2d");
  const scale = canvas.width / view.width;
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.fillStyle = cssColor("--land");
  ctx.fillRect(0, 0, view.width, view.height);
  ctx.setTransform(scale * view.k, 0, 0, scale * view.k, scale * (view.width / 2 - view.x * view.k), scale * (view.height / 2 - view.y * view.k));
  if (roadPaths.length) drawRoads(ctx, view.k);
  else drawGrid(ctx, view);
  if (state.layers.demand) drawSquares(ctx);
  if (state.layers.iso) drawIsochrones(ctx, view.k);
  if (state.layers.pockets) drawPockets(ctx, view.k);
  if (state.layers.radius) drawRadii(ctx, view.k);
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  drawMarks(ctx);
  drawScale();
}

function drawSquares(ctx) {
  for (const [key, path] of squares[state.layers.demand]) {
    const [color, strength] = key.split(":");
    ctx.globalAlpha = STRENGTH[strength];
    ctx.fillStyle = cssColor(`--${color}`);
    ctx.fill(path);
  }
  ctx.globalAlpha = 1;
}

function drawIsochrones(ctx, k) {
  for (const { minutes, path } of isochrones) {
    const color = ISO_COLORS[minutes] ?? "#98a2b3";
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = color;
    ctx.fill(path, "evenodd");
    ctx.globalAlpha = 0.95;
    ctx.strokeStyle = color;
    ctx.lineWidth = 1.8 / k;
    ctx.stroke(path);
  }
  ctx.globalAlpha = 1;
}

function drawPockets(ctx, k) {
  const [kind, index] = chosen() ?? [];
  DATA.pockets.forEach((pocket, i) => {
    ctx.strokeStyle = cssColor("--bad");
    ctx.lineWidth = (kind === "pocket" && index === i ? 3.6 : 1.6) / k;
    ctx.stroke(pocket.path);
  });
}

function drawRadii(ctx, k) {
  const [kind, index] = chosen() ?? [];
  ctx.strokeStyle = cssColor("--accent");
  DATA.outlets.forEach((outlet, i) => {
    const mine = kind === "outlet" && index === i;
    ctx.globalAlpha = kind === "outlet" && !mine ? 0.25 : 0.8;
    ctx.lineWidth = (mine ? 3 : 1.3) / k;
    ctx.setLineDash(mine ? [] : [6 / k, 4 / k]);
    ctx.beginPath();
    ctx.arc(outlet.at[0], outlet.at[1], outlet.radius, 0, 2 * Math.PI);
    ctx.stroke();
  });
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function drawMarks(ctx) {
  view.marks = [];
  const add = (kind, at, rest) => {
    const [x, y] = toScreen(...at);
    if (x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20) view.marks.push({ kind, x, y, ...rest });
  };
  for (const candidate of DATA.candidates) add("candidate", candidate.at, { candidate });
  if (state.layers.pockets) DATA.pockets.forEach((p, index) => add("pocket", p.at, { index, visit: `pocket:${index}` }));
  DATA.outlets.forEach((o, index) => add("outlet", o.at, { index, visit: `outlet:${index}` }));
  for (const mark of view.marks) drawMark(ctx, mark);
}

function drawMark(ctx, mark) {
  const { x, y } = mark;
  const big = mark.visit && mark.visit === state.chosen;
  ctx.lineWidth = big ? 3 : 1.6;
  ctx.strokeStyle = big ? cssColor("--ink") : cssColor("--halo");
  ctx.beginPath();
  if (mark.kind === "candidate") {
    ctx.arc(x, y, 4, 0, 2 * Math.PI);
    ctx.fillStyle = cssColor("--halo");
    ctx.strokeStyle = cssColor("--accent");
  } else if (mark.kind === "pocket") {
    ctx.arc(x, y, 10, 0, 2 * Math.PI);
    ctx.fillStyle = cssColor("--bad");
  } else {
    const side = DATA.outlets.length > 80 ? 5 : 8;
    ctx.roundRect(x - side, y - side, 2 * side, 2 * side, 3);
    ctx.fillStyle = cssColor("--accent");
  }
  ctx.fill();
  ctx.stroke();
  if (mark.kind === "pocket") {
    ctx.font = "700 11px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = isDark() ? "#111" : "#fff";
    ctx.fillText(String(mark.index + 1), x, y + 0.5);
  }
}

/** Bring the selection into the picture when it was chosen elsewhere. */
onSelect((from) => {
  const found = chosen();
  if (found && from !== "map") {
    const [kind, , what] = found;
    const reach = kind === "outlet" ? what.radius * 1.15 : 4000;
    fitTo([[what.at[0] - reach, what.at[1] - reach], [what.at[0] + reach, what.at[1] + reach]]);
  }
  requestDraw();
});

function layerButton(key, word, on, press) {
  return h("button", { type: "button", "aria-pressed": String(on), onclick: () => { press(); renderLegend(); requestDraw(); } }, word);
}

function renderLayers() {
  const layers = state.layers;
  const toggle = (key, word) => layerButton(key, t(word), Boolean(layers[key]), () => { layers[key] = !layers[key]; });
  const measure = (m) => layerButton("demand", t(`${m}Cap`), layers.demand === m, () => { layers.demand = layers.demand === m ? null : m; });
  byId("layers").replaceChildren(measure("straight"), ...(hasRoads ? [measure("road")] : []), h("span", { class: "gap" }),
    toggle("radius", "layerRadius"), ...(isochrones.length ? [toggle("iso", "layerIso")] : []), ...(DATA.pockets.length ? [toggle("pockets", "layerPockets")] : []));
}

function renderLegend() {
  renderLayers();
  const key = (background, word, extra = {}) => h("li", {}, h("span", { class: `key ${extra.cls ?? ""}`, css: { background, ...extra.css } }), word);
  const rows = [key("var(--accent)", t("outlet"))];
  if (DATA.candidates.length) rows.push(key("var(--halo)", t("candidate"), { cls: "round", css: { border: "2px solid var(--accent)" } }));
  if (state.layers.demand) {
    rows.push(key("color-mix(in srgb, var(--good) 65%, transparent)", t("covered")), key("color-mix(in srgb, var(--warn) 65%, transparent)", t("partly")),
      key("color-mix(in srgb, var(--bad) 65%, transparent)", t("uncovered")), h("li", { class: "muted" }, t("cellsOf", { d: distance(DATA.cell_m) })));
  }
  if (state.layers.iso) for (const { minutes } of [...isochrones].reverse()) rows.push(key(`${ISO_COLORS[minutes] ?? "#98a2b3"}55`, t("minutes", { n: minutes }), { css: { border: `2px solid ${ISO_COLORS[minutes] ?? "#98a2b3"}` } }));
  if (state.layers.pockets && DATA.pockets.length) rows.push(key("var(--bad)", t("pocket"), { cls: "round" }));
  if (state.layers.radius) rows.push(key("transparent", t("circle", { d: distance(NET.radius[0]) }), { cls: "round", css: { border: "2px dashed var(--accent)" } }));
  if (DATA.roads?.left_out.length) rows.push(h("li", { class: "muted" }, t("minorLeftOut")));
  byId("legend").replaceChildren(...rows);
  canvas.setAttribute("aria-label", t("mapLabel", { n: DATA.outlets.length }));
  byId("attribution").textContent = DATA.attribution;
}
