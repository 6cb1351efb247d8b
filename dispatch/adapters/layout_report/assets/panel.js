// Beside the map: what to do, in the order of building, and why; or one site, or one square of demand.
const BADGE = { add_technicians: "＋", upgrade: "↑", overloaded: "!" };

function renderPanel() {
  const [kind, name, what] = chosen() ?? [];
  if (kind === "site") return renderSite(what);
  if (kind === "cell") return renderCell(Number(name), what);
  const count = DATA.actions.length + DATA.staffing.length;
  const rows = DATA.steps.flatMap((step, rank) => actionRow(step, rank));
  if (DATA.staffing.length) rows.push(h("h3", { class: "group" }, t("staffing")), ...DATA.staffing.map(staffRow));
  fillPanel([h("div", { class: "row" }, h("h2", {}, t("actions")), h("span", { class: "chip" }, number(count)))],
    rows.length ? rows : [h("p", { class: "none" }, t("nothing"))]);
}

const whereOf = (site) => (site ? site.street || `${site.lat.toFixed(4)}, ${site.lon.toFixed(4)}` : "");

function actionRow(step, rank) {
  const action = DATA.actions[step.action];
  const id = `action:${step.action}`;
  const open = state.chosen === id;
  const head = h("button", { type: "button", class: "action", "data-id": id, "aria-expanded": String(open), onclick: () => select(id) },
    h("span", { class: `num ${action.kind}` }, String(rank + 1)),
    h("span", { class: "what" }, actionName(action)),
    h("span", { class: "gain" }, signed(step.gain)),
    h("span", { class: "line" }, h("span", {}, whereOf(actionSite(action))), h("span", {}, moneyWord(action.cost))));
  return open ? [head, h("div", { class: "why" }, ...action.why[language].map((text) => h("p", {}, text)))] : [head];
}

/** More technicians or a higher level where the load is more than the outlet can serve. */
function staffRow(extra) {
  const load = h("span", { class: "small muted" }, t("loadOf", { a: number(extra.load), b: number(extra.capacity) }));
  return h("div", { class: "action staff" }, h("span", { class: `num ${extra.kind}` }, BADGE[extra.kind] ?? "＋"),
    h("span", { class: "what" }, t(extra.kind, { s: siteName(extra.site), n: number(extra.technicians), l: extra.level })),
    h("span", { class: "gain" }, extra.kind === "overloaded" ? "" : money(extra.cost)),
    h("span", { class: "line" }, load), h("span", { class: "line" }, extra.why[language]));
}

const siteHead = (title, word, tone) => [h("div", { class: "row" }, backButton(() => select(state.chosen)), h("h2", {}, title), h("span", { class: `chip ${tone}` }, t(word)))];

function renderSite(site) {
  const role = roleOf(site);
  fillPanel(siteHead(siteName(site.id), role, role === "opened" ? "cool" : ""), [factList([
    [t("covers"), `${amount(site.covers)} ${unit()}`], [t("radiusWord"), distance(site.radius_m)], site.street && [t("place"), site.street],
    [t("position"), `${site.lat.toFixed(5)}, ${site.lon.toFixed(5)}`], !site.today && [t("opening"), money(site.opening)], [t("running"), money(site.running)],
  ])]);
}

/** The worst served point of a square today and after. */
function pointOf(index) {
  const point = DATA.points?.[index];
  if (!point) return null;
  const [points, today, after] = point;
  const state = ([nearest, m, slack]) => ({ nearest, m, slack });
  return { points, today: state(today), after: state(after) };
}

function reachFacts(word, found) {
  const missed = found.slack === null || found.slack < 0;
  return h("div", { class: "box" }, h("h3", {}, t(word), " ", h("span", { class: `chip ${missed ? "bad" : "good"}` }, t(missed ? "uncovered" : "covered"))), factList([
    [t("nearestOutlet"), found.nearest === null ? "—" : `${siteName(found.nearest)} · ${distance(found.m)}`],
    [t("slack"), found.slack === null ? "—" : t(missed ? "slackShort" : "slackLeft", { d: distance(Math.abs(found.slack)) })],
  ]));
}

function renderCell(index, cell) {
  const word = stateWord(cell);
  const tone = { held: "good", covered: "good", won: "cool", uncovered: "bad", lost: "warn" }[word];
  const point = pointOf(index);
  fillPanel(siteHead(t("square"), word, tone), [
    factList([[t("demand"), `${number(cell[2])} ${unit()}`], [t("shareWord"), percent(share(cell[2]), 2)], point && [t("points"), number(point.points)]]),
    ...(point ? [h("p", { class: "small muted note" }, t("worstOf", { m: t(DATA.measure) })), reachFacts("today", point.today), reachFacts("after", point.after)] : []),
  ]);
}
