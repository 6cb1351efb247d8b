// What the map of a proposal draws over the ground.
// Demand: one square per cell. State: 0 covered before and after, 1 won, 2 open, 3 lost.
const STATE_COLOR = ["--held", "--won", "--open", "--lost"];
const STATE_WORD = ["held", "won", "uncovered", "lost"];
const heaviest = DATA.cells.reduce((most, [, , weight]) => Math.max(most, weight), 1);

function stateOf(cell) {
  if (state.after) return cell[3];
  return cell[3] === 1 || cell[3] === 2 ? 2 : 0;
}

function drawDemand(ctx, k) {
  // Never smaller than the eye can tell apart.
  const side = Math.max(DATA.cell_m * 0.92, 3.4 / k);
  for (const cell of DATA.cells) {
    const kind = stateOf(cell);
    const strong = Math.sqrt(cell[2] / heaviest);
    ctx.globalAlpha = (kind === 0 ? 0.16 : 0.34) + strong * (kind === 0 ? 0.42 : 0.6);
    ctx.fillStyle = cssColor(STATE_COLOR[kind]);
    ctx.fillRect(cell[0] - side / 2, cell[1] - side / 2, side, side);
  }
  ctx.globalAlpha = 1;
}

const isOpen = (site) => (state.after ? site.after : site.today);

function drawRadii(ctx, k) {
  for (const site of DATA.sites) {
    if (!isOpen(site) || !site.radius_m) continue;
    const chosen = isChosen(site);
    ctx.globalAlpha = chosen ? 1 : site.today ? 0.28 : 0.7;
    ctx.lineWidth = (chosen ? 2.4 : 1.3) / k;
    ctx.setLineDash(site.today && !chosen ? [5 / k, 5 / k] : []);
    ctx.strokeStyle = cssColor(site.today ? "--ink" : "--new");
    ctx.beginPath();
    ctx.arc(...site.at, site.radius_m, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** From where to where outlets move or merge. */
function drawWays(ctx, k) {
  if (!state.after) return;
  for (const action of DATA.actions) {
    const [from, to] = [siteById.get(action.closes), siteById.get(action.opens || action.into)];
    if (!from || !to) continue;
    ctx.strokeStyle = cssColor("--ink");
    ctx.lineWidth = 2 / k;
    ctx.setLineDash([3 / k, 4 / k]);
    ctx.beginPath();
    ctx.moveTo(...from.at);
    ctx.lineTo(...to.at);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

function isChosen(site) {
  const [kind, name] = chosen() ?? [];
  const action = chosenAction();
  return (kind === "site" && name === site.id) || (Boolean(action) && [action.opens, action.closes, action.into].includes(site.id));
}

/** The place that would stand in for the chosen one, shown only beside it. */
function isReplacement(site) {
  return !site.today && !site.after && chosenAction()?.reason.replacement === site.id;
}

function drawGhost(ctx, site, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 11, 0, 2 * Math.PI);
  ctx.fillStyle = cssColor("--card");
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.setLineDash([3, 3]);
  ctx.strokeStyle = cssColor("--new");
  ctx.stroke();
  ctx.setLineDash([]);
  glyph(ctx, site.id, x, y - 20, cssColor("--ink"));
}

function drawSite(ctx, site, x, y) {
  if (!site.today && !site.after) return drawGhost(ctx, site, x, y);
  const gone = state.after && site.today && !site.after;
  const fresh = !site.today;
  const half = fresh ? 12 : 9;
  ctx.beginPath();
  ctx.roundRect(x - half, y - half, 2 * half, 2 * half, fresh ? half : 5);
  ctx.fillStyle = gone ? cssColor("--card") : cssColor(fresh ? "--new" : "--ink");
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = cssColor(gone ? "--gone" : "--halo");
  ctx.stroke();
  if (gone) cross(ctx, x, y, 4, cssColor("--muted"));
  else if (fresh) glyph(ctx, String(site.step ?? "+"), x, y, isDark() ? "#0c1117" : "#fff");
  else house(ctx, x, y, cssColor("--card"));
  if (isChosen(site)) {
    ctx.beginPath();
    ctx.arc(x, y, 18, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.strokeStyle = cssColor("--ink");
    ctx.stroke();
  }
}

function cross(ctx, x, y, r, color) {
  ctx.beginPath();
  ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r);
  ctx.lineWidth = 2.2;
  ctx.strokeStyle = color;
  ctx.stroke();
}

function house(ctx, x, y, color) {
  ctx.beginPath();
  ctx.moveTo(x - 5, y); ctx.lineTo(x, y - 5); ctx.lineTo(x + 5, y);
  ctx.moveTo(x - 3.4, y - 1); ctx.lineTo(x - 3.4, y + 4.4); ctx.lineTo(x + 3.4, y + 4.4); ctx.lineTo(x + 3.4, y - 1);
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = color;
  ctx.stroke();
}

function glyph(ctx, text, x, y, color, size = 11.5) {
  ctx.font = `700 ${size}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = color;
  ctx.fillText(text, x, y + 0.5);
}
