// What may be shown or hidden on the map, and what its colors mean.
function renderLayers() {
  const toggle = (key, word) => h("button", { type: "button", "aria-pressed": String(state.layers[key]), "data-layer": key,
    onclick: () => { state.layers[key] = !state.layers[key]; renderLegend(); requestDraw(); } }, t(word));
  const moving = DATA.actions.some((action) => action.closes && (action.opens || action.into));
  byId("layers").replaceChildren(toggle("demand", "demand"), toggle("radius", "radiusWord"), ...(moving ? [toggle("ways", "ways")] : []));
}

function renderLegend() {
  renderLayers();
  const dot = (color) => h("i", { class: "swatch", css: { background: cssColor(color) } });
  const states = state.after ? [["--held", "held"], ["--won", "won"], ["--open", "uncovered"]] : [["--held", "covered"], ["--open", "uncovered"]];
  if (state.after) states.push(["--lost", "lost"]);
  const seen = new Set(DATA.cells.map((cell) => STATE_COLOR[stateOf(cell)]));
  const sites = state.after ? ["kept", "opened", "closed"] : ["kept"];
  const sample = { kept: { today: true, after: true }, opened: { today: false, after: true, step: 1 }, closed: { today: true, after: false } };
  const used = sites.filter((role) => DATA.sites.some((s) => Boolean(s.today) === sample[role].today && Boolean(s.after) === sample[role].after));
  byId("legend").replaceChildren(
    ...states.filter(([color]) => seen.has(color)).map(([color, word]) => h("li", {}, dot(color), t(word))),
    ...used.map((role) => {
      const mark = h("canvas", { class: "mark", width: 28, height: 28, "aria-hidden": "true" });
      drawSite(mark.getContext("2d"), sample[role], 14, 14);
      return h("li", {}, mark, t(state.after ? role : "outlets"));
    }),
    ...(DATA.roads ? (DATA.roads.left_out.length ? [h("li", {}, t("minorLeftOut"))] : []) : [h("li", {}, t("noRoads"))]));
  canvas.setAttribute("aria-label", t("mapLabel", { n: DATA.sites.filter((s) => isOpen(s)).length }));
  byId("attribution").textContent = DATA.attribution;
}
