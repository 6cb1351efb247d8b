// Beside the map: what to do, in the order of building, and why.
function renderPanel() {
  const head = h("div", { class: "panel-head" }, h("div", { class: "row" }, h("h2", {}, t("actions")), h("span", { class: "chip" }, number(DATA.actions.length))));
  const body = h("div", { class: "panel-body" });
  if (!DATA.actions.length) body.append(h("p", { class: "none" }, t("nothing")));
  for (const [rank, step] of DATA.steps.entries()) {
    const action = DATA.actions[step.action];
    const chosen = state.action === step.action;
    body.append(h("button", { type: "button", class: "action", "aria-expanded": String(chosen), onclick: () => select(step.action) },
      h("span", { class: `num ${action.kind}` }, String(rank + 1)),
      h("span", { class: "what" }, actionName(action)),
      h("span", { class: "gain" }, signed(step.gain)),
      h("span", { class: "line" }, h("span", {}, siteById.get(action.opens || action.closes)?.street ?? ""), h("span", {}, moneyWord(action.cost)))));
    if (chosen) body.append(h("div", { class: "why" }, ...action.why[language].map((text) => h("p", {}, text))));
  }
  for (const extra of DATA.staffing) {
    body.append(h("div", { class: "action" }, h("span", { class: `num ${extra.kind}` }, "＋"),
      h("span", { class: "what" }, t(extra.kind, { s: extra.site })), h("span", { class: "gain" }, ""),
      h("span", { class: "line" }, h("span", {}, extra.why[language]), h("span", {}, extra.kind === "overloaded" ? "" : moneyWord(extra.cost)))));
  }
  byId("panel").replaceChildren(head, body);
}

function renderLegend() {
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
