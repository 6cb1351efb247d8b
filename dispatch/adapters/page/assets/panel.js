// Beside the map: a head that stays and a body that scrolls.
function fillPanel(head, body) {
  byId("panel").replaceChildren(h("div", { class: "panel-head" }, ...head), h("div", { class: "panel-body" }, ...body));
}

function backButton(go) {
  return h("button", { class: "tool", type: "button", "aria-label": t("back"), onclick: go }, icon("back"));
}

/** [[name, value], ...] as a list of facts; what is false is left out. */
function factList(rows) {
  return h("dl", { class: "facts" }, ...rows.filter(Boolean).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
