// The head of the page and its figures; everything a proposal shows, in reading order.
/** Whether a point of the curve misses its targets, proven or for want of time. */
const isShort = (status) => status === "infeasible" || status === "has_unassigned";

const gapOf = () => Math.max(0, share(DATA.bound) - share(DATA.covered));

/** What was asked for besides covering: the worst area, or service within capacities. */
function goalLine({ kind, by, today, value, bound }) {
  const write = kind === "worst" ? (millionths) => percent(millionths / 1e6, 2) : amount;
  return t(kind === "worst" ? `goal_${by}` : "goal_served", { a: write(today), b: write(value), c: write(bound), unit: unit() });
}

function renderHead() {
  const gap = gapOf();
  const best = DATA.status === "optimal";
  const broken = isShort(DATA.status);
  fillHead({
    title: DATA.title, line: DATA.subtitle[language], tone: broken ? "bad" : gap > 0.02 ? "warn" : "good",
    status: broken ? t("partly") : best ? t("opt") : t("near", { p: tinyPercent(gap) }),
    links: [["map", "map"], ["curve", "navCurve"], ["order", "navOrder"], DATA.days && ["days", "navDays"], DATA.robustness && ["robust", "navRobust"], ["table", "navTable"]],
  });
  const values = { m: money(DATA.spent), y: period(), a: percent(share(DATA.today)), b: percent(share(DATA.covered)), n: amount(DATA.covered - DATA.today), unit: unit() };
  const key = DATA.covered <= DATA.today ? "leadSame" : DATA.spent > 0 ? "leads" : "leadFree";
  byId("goal").hidden = !DATA.goal;
  byId("goal").textContent = DATA.goal ? goalLine(DATA.goal) : "";
  byId("lead").textContent = t(key, values) + (best || DATA.bound >= DATA.total ? "" : t("leadProof", { u: percent(share(DATA.bound), 2) }));
}

function renderFigures() {
  const open = DATA.sites.filter((x) => x.after);
  const [kept, fresh] = [open.filter((x) => x.today).length, open.filter((x) => !x.today).length];
  const closed = DATA.sites.filter((x) => x.today && !x.after).length;
  const both = (pair) => (pair ? [percent(pair[1])] : ["—"]);
  const before = (pair) => (pair ? t("fromTo", { p: percent(pair[0]) }) : t("noRoads"));
  const gap = gapOf();
  byId("kpis").replaceChildren(
    kpi(t("byStraight"), both(DATA.straight), before(DATA.straight), meter(DATA.straight?.[1] ?? 0, { tone: DATA.measure === "straight" ? "ok" : "" })),
    kpi(t("byRoad"), both(DATA.road), before(DATA.road), meter(DATA.road?.[1] ?? 0, { tone: DATA.measure === "road" ? "ok" : "" })),
    kpi(t("newly"), [amount(DATA.covered - DATA.today), small(unit())], t("fromTo", { p: amount(DATA.today) }), meter(DATA.total > DATA.today ? (DATA.covered - DATA.today) / (DATA.total - DATA.today) : 1)),
    kpi(t("spent"), [money(DATA.spent)], DATA.spent < 0 ? t("saved", { y: period() }) : t("ofBudget", { b: money(DATA.budget), y: period() }), meter(DATA.budget ? DATA.spent / DATA.budget : 0)),
    kpi(t("outlets"), [number(open.length)], t("outletsLine", { k: kept, o: fresh, c: closed }), meter(open.length ? kept / open.length : 0)),
    kpi(t("proof"), [tinyPercent(gap)], gap > 0 ? t("proofLine") : t("proven"), meter(1 - gap, { tone: "ok" })));
}

function renderFoot() {
  const km = (m) => distance(m);
  byId("foot").replaceChildren(
    h("p", {}, t("foot1", { u: km(DATA.rule.urban_m), s: km(DATA.rule.suburban_m), r: km(DATA.rule.rural_m), m: t(DATA.measure) })),
    h("p", {}, t("foot2", { n: number(DATA.candidates), seed: DATA.seed })), h("p", {}, join(DATA.attribution, t("offline"))));
}

function renderPage() {
  renderHead();
  renderFigures();
  renderPanel();
  renderCurve();
  renderAreas();
  renderOrder();
  renderDays();
  renderRobustness();
  renderTable();
  renderFoot();
  setAfter(state.after);
}
