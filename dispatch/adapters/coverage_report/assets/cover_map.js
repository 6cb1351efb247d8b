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

[view.least, view.foot] = [1500, 66];
const middle = (cell) => [cell[0] + DATA.cell_m / 2, cell[1] + DATA.cell_m / 2];
const everyPlace = () => [...DATA.outlets.map((o) => o.at), ...DATA.cells.map(middle)];

/** Where nearly all demand is; a hamlet at the rim must not make the town small. */
function firstLook() {
  if (!DATA.cells.length) return fitAll();
  fitMost(DATA.cells.map((c) => [...middle(c), c[2]]), 0.01, { weightOf: (place) => place[2], always: DATA.outlets.map((o) => o.at) });
}

/** The square under a place of the world, by row and column. */
const cellAt = (() => {
  const key = (x, y) => `${Math.floor(x / DATA.cell_m)}:${Math.floor(y / DATA.cell_m)}`;
  const bins = new Map();
  DATA.cells.forEach(([x, y], i) => {
    const k = key(x, y);
    if (!bins.has(k)) bins.set(k, []);
    bins.get(k).push(i);
  });
  return (x, y) => {
    let found = -1;
    for (const [dx, dy] of [[0, 0], [-1, 0], [0, -1], [-1, -1]]) {
      for (const i of bins.get(key(x + dx * DATA.cell_m, y + dy * DATA.cell_m)) ?? []) {
        const [west, north] = DATA.cells[i];
        if (x >= west && x < west + DATA.cell_m && y >= north && y < north + DATA.cell_m) found = Math.max(found, i);
      }
    }
    return found;
  };
})();

function hitAt(x, y, reach) {
  const mark = markAt(x, y, reach);
  if (mark) return { tip: markTip(mark), pick: mark.id ? () => select(mark.id, "map") : null };
  const index = state.layers.demand ? cellAt(...toWorld(x, y)) : -1;
  if (index < 0) return { tip: null, pick: () => select(null, "map") };
  return { tip: cellTip(index), pick: () => select(`cell:${index}`, "map") };
}

const placeOf = (kind, what) => (kind === "cell" ? middle(what) : what.at);
const chosenPlace = () => { const found = chosen(); return found ? placeOf(found[0], found[2]) : null; };
const PAGE_KEYS = { Escape: () => select(null) };

function drawGround(ctx, k) {
  drawLand(ctx, k);
  if (!state.layers.demand) return;
  drawSquares(ctx);
  drawRoadsOver(ctx, k);
}

function drawWorld(ctx, k) {
  if (state.layers.iso) drawIsochrones(ctx, k);
  if (state.layers.pockets) drawPockets(ctx, k);
  if (state.layers.radius) drawRadii(ctx, k);
  drawChosenCell(ctx, k);
}

/** A frame around the chosen square and lines to its nearest and second nearest outlet. */
function drawChosenCell(ctx, k) {
  const [kind, index, cell] = chosen() ?? [];
  if (kind !== "cell") return;
  const at = middle(cell);
  const { nearest, second } = pointOf(index)[NET.decides === "road" && hasRoads ? "road" : "straight"];
  ctx.strokeStyle = cssColor("--ink");
  for (const [outlet, dash, width] of [[second, [5 / k, 5 / k], 1.4], [nearest, [], 2.4]]) {
    if (outlet < 0) continue;
    ctx.setLineDash(dash);
    ctx.lineWidth = width / k;
    ctx.beginPath();
    ctx.moveTo(...at);
    ctx.lineTo(...DATA.outlets[outlet].at);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 2.4 / k;
  const grown = Math.max(0, 6 / k - DATA.cell_m / 2);
  ctx.strokeRect(cell[0] - grown, cell[1] - grown, DATA.cell_m + 2 * grown, DATA.cell_m + 2 * grown);
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

function drawScreen(ctx) {
  for (const candidate of DATA.candidates) addMark("candidate", candidate.at, { candidate });
  if (state.layers.pockets) DATA.pockets.forEach((p, index) => addMark("pocket", p.at, { index, id: `pocket:${index}` }));
  DATA.outlets.forEach((o, index) => addMark("outlet", o.at, { index, id: `outlet:${index}` }));
  for (const mark of view.marks) drawMark(ctx, mark);
}

function drawMark(ctx, mark) {
  const { x, y } = mark;
  const big = mark.id && mark.id === state.chosen;
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
    const [x, y] = placeOf(kind, what);
    fitTo([[x - reach, y - reach], [x + reach, y + reach]]);
  }
  requestDraw();
});
