// The map of a proposal: today or after it, what the pointer finds, what the keys do.
[view.least, view.foot] = [2000, 40];
const everyPlace = () => [...DATA.cells, ...DATA.sites.map((s) => s.at)];

/** Where the outlets are: the picture most people want first. */
function firstLook() {
  const far = DATA.sites.filter((s) => s.today || s.after);
  if (!far.length) return fitAll();
  fitTo(far.flatMap(({ at: [x, y] }) => [[x - 4000, y - 4000], [x + 4000, y + 4000]]));
}

function drawGround(ctx, k) {
  drawLand(ctx, k);
  if (!state.layers.demand) return;
  drawDemand(ctx, k);
  drawRoadsOver(ctx, k);
}

function drawWorld(ctx, k) {
  if (state.layers.radius) drawRadii(ctx, k);
  if (state.layers.ways) drawWays(ctx, k);
  drawChosenCell(ctx, k);
}

function drawScreen(ctx) {
  const shown = DATA.sites.filter((s) => s.today || (state.after && s.after) || isReplacement(s))
    .sort((a, b) => Number(a.after && !a.today) - Number(b.after && !b.today));
  for (const site of shown) addMark("site", site.at, { site });
  for (const { site, x, y } of view.marks) drawSite(ctx, site, x, y);
}

/** A frame around the chosen square and a line to the outlet that is nearest in the state shown. */
function drawChosenCell(ctx, k) {
  const [kind, name, cell] = chosen() ?? [];
  if (kind !== "cell") return;
  const side = Math.max(DATA.cell_m, 12 / k);
  ctx.strokeStyle = cssColor("--ink");
  ctx.lineWidth = 2.4 / k;
  ctx.strokeRect(cell[0] - side / 2, cell[1] - side / 2, side, side);
  const site = siteById.get(pointOf(Number(name))?.[state.after ? "after" : "today"].nearest);
  if (!site) return;
  ctx.beginPath();
  ctx.moveTo(cell[0], cell[1]);
  ctx.lineTo(...site.at);
  ctx.stroke();
}

const roleOf = (site) => (site.today ? (site.after ? "kept" : "closed") : site.after ? "opened" : "replaces");

function cellAt(x, y) {
  return DATA.cells.findIndex((c) => Math.abs(c[0] - x) <= DATA.cell_m / 2 && Math.abs(c[1] - y) <= DATA.cell_m / 2);
}

const stateWord = (cell) => (state.after ? STATE_WORD[cell[3]] : stateOf(cell) === 2 ? "uncovered" : "covered");

function hitAt(x, y, reach) {
  const site = markAt(x, y, reach)?.site;
  if (site) {
    const index = DATA.actions.findIndex((a) => [a.opens, a.closes].includes(site.id));
    const tip = [h("b", {}, siteName(site.id)), line(t(roleOf(site))), line(`${t("covers")} ${amount(site.covers)} ${unit()}`)];
    return { tip, pick: () => select(index < 0 ? `site:${site.id}` : `action:${index}`, "map") };
  }
  const index = state.layers.demand ? cellAt(...toWorld(x, y)) : -1;
  if (index < 0) return null;
  const cell = DATA.cells[index];
  return { tip: [h("b", {}, `${number(cell[2])} ${unit()}`), line(t(stateWord(cell)))], pick: () => select(`cell:${index}`, "map") };
}

function chosenPlace() {
  const [kind, , what] = chosen() ?? [];
  if (!kind) return null;
  return kind === "cell" ? what.slice(0, 2) : (kind === "action" ? actionSite(what) : what).at;
}

function setAfter(after) {
  state.after = after;
  byId("show-today").setAttribute("aria-pressed", String(!after));
  byId("show-after").setAttribute("aria-pressed", String(after));
  renderLegend();
  requestDraw();
}

const PAGE_KEYS = {
  t: () => setAfter(!state.after), T: () => setAfter(!state.after), Escape: () => { if (state.chosen) select(state.chosen); },
};

onSelect((from) => {
  const place = chosenPlace();
  if (place && from !== "map") showPlace(place);
  renderPanel();
  requestDraw();
});

onStart(() => {
  byId("show-today").addEventListener("click", () => setAfter(false));
  byId("show-after").addEventListener("click", () => setAfter(true));
});
