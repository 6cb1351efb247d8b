// Parts and where they come from; shares of work and kilometers.
function renderParts() {
  const parts = DATA.parts;
  byId("parts").hidden = !parts;
  if (!parts) return;
  const stat = (value, name) => h("div", {}, h("b", {}, number(value)), h("span", {}, name));
  const rest = parts.needed - parts.from_van - parts.picked_up - parts.missing;
  const rows = parts.stock.map(([outlet, part, stock, given, stops, due]) => row([
    [outletName(outlet)], [part], [number(stock), "n"], [given ? h("b", {}, number(given)) : "—", "n"], [stops ? number(stops) : "—", "n"],
    [due ? t("onOrder", { d: dateWords(due, { month: "short", day: "numeric" }) }) : number(stock - given), "n"],
  ]));
  const heads = [[t("outlet")], [t("part")], [t("stock"), "n"], [t("given"), "n"], [t("pickups"), "n"], [t("left"), "n"]];
  byId("parts-body").replaceChildren(
    h("div", { class: "stats apart" }, stat(parts.needed, t("needed")), stat(parts.from_van, t("fromVanName")), stat(parts.picked_up, t("pickedUpName")), stat(parts.missing, t("missing")), rest > 0 && stat(rest, t("byOutlets"))),
    h("p", { class: "small muted" }, t("missingLine")),
    rows.length ? h("div", { class: "wide" }, table(heads, rows)) : null);
}

function fairRow(fair, person) {
  const work = person.work_s + person.carried_s;
  const meters = person.m + person.carried_m;
  const over = fair.work_s !== null && work > fair.work_s;
  const far = fair.m !== null && meters > fair.m;
  return row([
    [personName(person.id)], [duration(person.work_s), "n"], [person.carried_s ? duration(person.carried_s) : "—", "n"],
    [[h("span", { class: over ? "lack" : "" }, duration(work)), fair.work_s ? meter(work / fair.work_s / 1.5, { goal: 1 / 1.5, tone: over ? "no" : "" }) : null], "n"],
    [[h("span", { class: far ? "lack" : "" }, `${kilometers(meters)} km`), fair.m ? meter(meters / fair.m / 1.5, { goal: 1 / 1.5, tone: far ? "no" : "" }) : null], "n"],
  ]);
}

function renderFair() {
  const fair = DATA.fair;
  byId("fair").hidden = !fair;
  if (!fair) return;
  const share = join(fair.work_s !== null && duration(fair.work_s), fair.m !== null && `${kilometers(fair.m)} km`);
  const heads = [[t("technician")], [t("worked"), "n"], [t("carried"), "n"], [t("together"), "n"], [t("distance"), "n"]];
  byId("fair-body").replaceChildren(
    h("p", { class: "small muted" }, t("fairLine", { x: share, y: yuan(fair.price) })),
    h("div", { class: "wide" }, table(heads, [...fair.people].sort((a, b) => b.work_s + b.carried_s - a.work_s - a.carried_s).map((one) => fairRow(fair, one)))));
}
