// The buttons of the layers, and what the colors mean.
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
