// The day's map: what is fitted, drawn and explained.
function everyPlace() {
  return [
    ...DATA.outlets.map((o) => o.at), ...Object.values(DATA.visits).map((v) => v.at),
    ...people.flatMap((p) => p.stops.map((s) => s.at)),
  ];
}

/** Where the day happens: the places without the farthest three in a hundred on each side. */
function firstLook() {
  fitMost(everyPlace(), 0.03);
  // Numbers appear when marks have room: at the start on a small day, after zooming on a large one.
  view.numberedFrom = view.k * Math.max(0.99, Math.sqrt(servedBy.size / 45));
}

const drawGround = drawLand;
const drawWorld = (ctx, k) => drawRoutes(ctx, k);

function drawScreen(ctx) {
  drawArrows(ctx, toScreen);
  for (const [kind, at, rest] of listMarks()) addMark(kind, at, rest);
  for (const mark of view.marks) drawMark(ctx, mark, view);
}

/** The technician whose line runs under a point, for clicks. */
function routeAt(x, y) {
  const ctx = canvas.getContext("2d");
  const ratio = canvas.width / view.width;
  ctx.save();
  ctx.setTransform(ratio * view.k, 0, 0, ratio * view.k,
    ratio * (view.width / 2 - view.x * view.k), ratio * (view.height / 2 - view.y * view.k));
  ctx.lineWidth = 10 / view.k;
  const found = shownPeople().find((p) => p.route && ctx.isPointInStroke(p.path, x * ratio, y * ratio));
  ctx.restore();
  return found ?? null;
}

function hitAt(x, y, reach) {
  const mark = markAt(x, y, reach);
  if (!mark) return { tip: null, pick: () => select({ person: routeAt(x, y) }, "map") };
  const pick = mark.visit ? () => select({ person: mark.person, visit: mark.visit }, "map") : mark.person ? () => select({ person: mark.person }, "map") : null;
  return { tip: markTip(mark), pick };
}

const chosenPlace = () => (state.visit ? DATA.visits[state.visit].at : null);

/** Select the next or previous visit of the chosen technician. */
function step(by) {
  const jobs = state.person?.jobs ?? [];
  if (!jobs.length) return;
  const here = jobs.findIndex((stop) => stop.visit === state.visit);
  const next = here < 0 ? (by > 0 ? 0 : jobs.length - 1) : (here + by + jobs.length) % jobs.length;
  select({ person: state.person, visit: jobs[next].visit });
}

const PAGE_KEYS = { n: () => step(1), p: () => step(-1), Escape: () => select({}) };

/** Bring the selection into the picture when it was chosen elsewhere. */
function showSelection(from) {
  requestDraw();
  if (from === "map") return;
  if (state.visit) showPlace(DATA.visits[state.visit].at);
  else if (state.person?.stops.length) fitTo(state.person.stops.map((s) => s.at));
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
  if (DATA.figures.pickups) rows.push(item(sample("pickup"), "pickup"));
  if (DATA.figures.crews) rows.push(h("li", {}, icon("crew", "mark"), t("crew")));
  for (const area of DATA.areas) rows.push(h("li", {}, h("span", { class: "swatch", css: { background: "var(--warn-soft)", outline: "1px dashed var(--warn)" } }), `${area.name || t("areas")} ${number(area.percent)} %`));
  if (DATA.figures.contracted) rows.push(item(sample("contracted"), "contracted"));
  if (DATA.figures.unassigned) rows.push(item(sample("unassigned"), "unassignedOne"));
  if (DATA.plan.estimated) rows.push(h("li", {}, t("estimatedLines")));
  if (DATA.roads?.left_out.length) rows.push(h("li", {}, t("minorLeftOut")));
  byId("legend").replaceChildren(...rows);
  canvas.setAttribute("aria-label", t("mapLabel", { n: people.filter((p) => p.route).length }));
  byId("attribution").textContent = [DATA.attribution, DATA.plan.estimated && t("estimatedTag")].filter(Boolean).join(" · ");
}
