// The map: visits colored by what becomes of them; a technician's order before (dashed) and after.
const everyPlace = () => [...DATA.outlets.map((o) => o.at), ...DATA.visits.map((v) => v.at)];
const firstLook = () => fitMost(everyPlace(), 0.03);
const drawGround = drawLand;
const chosenPlace = () => state.visit?.at ?? null;
const PAGE_KEYS = { Escape: () => select({}) };

function drawWorld(ctx, k) {
  if (!state.person) return;
  ctx.lineCap = ctx.lineJoin = "round";
  const draw = (ways, color, width, dash) => {
    ctx.strokeStyle = cssColor(color);
    ctx.lineWidth = width / k;
    ctx.setLineDash(dash.map((px) => px / k));
    for (const way of ways) {
      ctx.beginPath();
      for (const [x, y] of way) ctx.lineTo(x, y);
      ctx.stroke();
    }
  };
  const [before, after] = state.person.sides;
  draw(after.ways, "--halo", 6, []);
  draw(after.ways, "--accent", 3, []);
  draw(before.ways, "--ink", 1.8, [6, 5]);
  ctx.setLineDash([]);
}

function drawVisit(ctx, { x, y, visit, pale }) {
  const first = visit.changes[0];
  ctx.globalAlpha = pale ? 0.25 : 1;
  ctx.beginPath();
  ctx.arc(x, y, first ? 6 : 3.6, 0, 2 * Math.PI);
  ctx.fillStyle = cssColor(first ? CHANGE_COLORS[first] : "--rest");
  ctx.fill();
  ctx.lineWidth = visit.tell ? 2.4 : 1.2;
  ctx.strokeStyle = cssColor(visit.tell ? "--ink" : "--halo");
  ctx.stroke();
  if (visit === state.visit) {
    ctx.beginPath();
    ctx.arc(x, y, 12, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.strokeStyle = cssColor("--ink");
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

function drawOutlet(ctx, { x, y }) {
  ctx.beginPath();
  ctx.roundRect(x - 6, y - 6, 12, 12, 3);
  ctx.fillStyle = cssColor("--ink");
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = cssColor("--halo");
  ctx.stroke();
}

const concerns = (visit, person) => visit.sides.some((side) => side?.who.includes(person.id));

function drawScreen(ctx) {
  for (const outlet of DATA.outlets) addMark("outlet", outlet.at, { outlet });
  const shown = new Set(filtered());
  for (const visit of [...DATA.visits].sort((a, b) => a.changes.length - b.changes.length)) {
    const pale = state.person ? !concerns(visit, state.person) : !shown.has(visit);
    addMark("visit", visit.at, { visit, pale });
  }
  for (const mark of view.marks) (mark.visit ? drawVisit : drawOutlet)(ctx, mark);
}

function hitAt(x, y, reach) {
  const mark = markAt(x, y, reach);
  if (!mark) return { tip: null, pick: () => select({}, "map") };
  if (mark.outlet) return { tip: [h("b", {}, mark.outlet.name || mark.outlet.id)], pick: null };
  const [before, after] = mark.visit.sides;
  return {
    tip: [h("b", {}, mark.visit.id), line(`${t("before")}: ${crewText(before)} · ${etaText(before)}`), line(`${t("after")}: ${crewText(after)} · ${etaText(after)}`),
      line(mark.visit.changes.map((change) => t(`change_${change}`)).join(", ") || t("unchanged"))],
    pick: () => select({ visit: mark.visit }, "map"),
  };
}

onSelect((from) => {
  requestDraw();
  if (from === "map") return;
  if (state.visit) showPlace(state.visit.at);
  else if (state.person) fitTo(state.person.sides.flatMap((side) => side.ways.flat()));
});

function renderLegend() {
  const dot = (color) => h("span", { class: "swatch", css: { background: `var(${color})`, "border-radius": "50%" } });
  // A visit has the color of its gravest change; kinds of one color share an entry.
  const words = new Map();
  for (const kind of Object.keys(CHANGE_COLORS).filter((one) => changed.some((visit) => visit.changes[0] === one))) {
    words.set(CHANGE_COLORS[kind], [...(words.get(CHANGE_COLORS[kind]) ?? []), t(`change_${kind}`)]);
  }
  byId("legend").replaceChildren(...[...words].map(([color, names]) => h("li", {}, dot(color), names.join(", "))),
    h("li", {}, dot("--rest"), t("unchanged")), h("li", {}, h("span", { class: "swatch ring" }), t("tellCustomer")));
  canvas.setAttribute("aria-label", t("mapLabel", { n: DATA.visits.length }));
  byId("attribution").textContent = DATA.attribution;
}
