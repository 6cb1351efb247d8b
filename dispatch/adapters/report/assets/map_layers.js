// What the map draws, from the ground up. World units are meters; y grows to the south.
function decodeInto(path, coded) {
  let [x, y] = coded;
  path.moveTo(x, y);
  for (let i = 2; i < coded.length; i += 2) path.lineTo((x += coded[i]), (y += coded[i + 1]));
}

const roadPaths = Object.entries(DATA.roads?.groups ?? {}).map(([group, lines]) => {
  const path = new Path2D();
  for (const line of lines) decodeInto(path, line);
  return { group, path };
}).reverse();

for (const person of people) {
  person.path = new Path2D();
  for (const stop of person.stops) if (stop.way) decodeInto(person.path, stop.way);
}

const ROAD_PX = { motorway: 4.6, primary: 3.6, secondary: 2.8, tertiary: 2, minor: 1.1 };

/** Roads: first every casing, then every filling, so that crossings join. */
function drawRoads(ctx, k) {
  const grow = Math.min(2.6, Math.max(0.55, Math.sqrt(k / 0.045)));
  ctx.lineCap = ctx.lineJoin = "round";
  for (const cased of [true, false]) {
    for (const { group, path } of roadPaths) {
      const major = group === "motorway";
      if (cased && group === "minor" && k < 0.06) continue;
      ctx.strokeStyle = cssColor(cased ? (major ? "--major-casing" : "--casing") : major ? "--major" : "--road");
      ctx.lineWidth = (ROAD_PX[group] * grow + (cased ? 1.5 : 0)) / k;
      ctx.stroke(path);
    }
  }
}

/** Without roads: a square grid, so that nobody takes the ground for a map. */
function drawGrid(ctx, view) {
  const step = 10 ** Math.ceil(Math.log10(24 / view.k));
  const [w, hgt] = [view.width / view.k / 2, view.height / view.k / 2];
  ctx.strokeStyle = cssColor("--casing");
  ctx.lineWidth = 1 / view.k;
  ctx.beginPath();
  for (let x = Math.ceil((view.x - w) / step) * step; x < view.x + w; x += step) {
    ctx.moveTo(x, view.y - hgt); ctx.lineTo(x, view.y + hgt);
  }
  for (let y = Math.ceil((view.y - hgt) / step) * step; y < view.y + hgt; y += step) {
    ctx.moveTo(view.x - w, y); ctx.lineTo(view.x + w, y);
  }
  ctx.stroke();
}

function drawRoutes(ctx, k) {
  ctx.lineCap = ctx.lineJoin = "round";
  const dashed = DATA.plan.estimated ? [6 / k, 5 / k] : [];
  for (const person of people) {
    if (person === state.person) continue;
    ctx.globalAlpha = state.person || state.visit ? 0.16 : 0.8;
    ctx.strokeStyle = personColor(person.index);
    ctx.lineWidth = 2.2 / k;
    ctx.setLineDash(dashed);
    ctx.stroke(person.path);
  }
  ctx.globalAlpha = 1;
  if (state.person) {
    ctx.setLineDash([]);
    ctx.strokeStyle = cssColor("--halo");
    ctx.lineWidth = 7.5 / k;
    ctx.stroke(state.person.path);
    ctx.setLineDash(dashed);
    ctx.strokeStyle = personColor(state.person.index);
    ctx.lineWidth = 4 / k;
    ctx.stroke(state.person.path);
  }
  ctx.setLineDash([]);
}

/** Arrowheads along the chosen route, in screen pixels. */
function drawArrows(ctx, toScreen) {
  ctx.fillStyle = cssColor("--halo");
  for (const stop of state.person?.stops ?? []) {
    if (!stop.way || stop.way.length < 4) continue;
    let [x, y] = stop.way;
    let [px, py] = toScreen(x, y);
    let since = 30;
    for (let i = 2; i < stop.way.length; i += 2) {
      const [qx, qy] = toScreen((x += stop.way[i]), (y += stop.way[i + 1]));
      const length = Math.hypot(qx - px, qy - py);
      since += length;
      if (since > 60 && length > 5) {
        since = 0;
        arrow(ctx, (px + qx) / 2, (py + qy) / 2, Math.atan2(qy - py, qx - px));
      }
      [px, py] = [qx, qy];
    }
  }
}

function arrow(ctx, x, y, angle) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.beginPath();
  ctx.moveTo(3.4, 0); ctx.lineTo(-2, -2.7); ctx.lineTo(-2, 2.7);
  ctx.fill();
  ctx.restore();
}
