// The ground of every map: roads, or a grid where there are none. World units are meters; y grows to the south.
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

/** What lies below everything: roads, or the grid where there are none. */
function drawLand(ctx, k) {
  if (roadPaths.length) drawRoads(ctx, k);
  else drawGrid(ctx, view);
}

/** Roads as thin light lines over colored squares, so that a place is still found by its streets. */
function drawRoadsOver(ctx, k) {
  const grow = Math.min(2.2, Math.max(0.5, Math.sqrt(k / 0.045)));
  ctx.lineCap = ctx.lineJoin = "round";
  for (const { group, path } of roadPaths) {
    if ((group === "minor" && k < 0.06) || (group === "tertiary" && k < 0.02)) continue;
    ctx.globalAlpha = group === "motorway" ? 0.85 : 0.6;
    ctx.strokeStyle = cssColor(group === "motorway" ? "--major" : "--road");
    ctx.lineWidth = (ROAD_PX[group] * 0.55 * grow) / k;
    ctx.stroke(path);
  }
  ctx.globalAlpha = 1;
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
