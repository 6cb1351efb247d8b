// The head of the page and its figures; puts everything there, again whenever language or theme change.
function meter(value, tone = "") {
  return h("div", { class: `meter ${tone}`, "aria-hidden": "true" }, h("i", { css: { width: `${100 * Math.min(1, Math.max(0, value))}%` } }));
}

function kpi(name, big, sub, extra) {
  return h("div", { class: "card kpi" }, h("div", { class: "name" }, name), h("div", { class: "big" }, ...big), extra, h("div", { class: "sub" }, sub));
}

const small = (text) => h("small", {}, ` ${text}`);
const gapOf = () => Math.max(0, share(DATA.bound) - share(DATA.covered));

function renderHead() {
  byId("title").textContent = DATA.title;
  byId("subtitle").textContent = DATA.subtitle[language];
  const gap = gapOf();
  const pill = byId("status");
  const best = DATA.status === "optimal";
  const tone = DATA.status === "infeasible" ? "bad" : gap > 0.02 ? "warn" : "good";
  pill.className = `pill ${tone}`;
  pill.replaceChildren(icon(tone === "good" ? "check" : "warn"),
    DATA.status === "infeasible" ? t("partly") : best ? t("opt") : t("near", { p: tinyPercent(gap) }));
  const links = [["map", "map"], ["curve", "navCurve"], ["order", "navOrder"], DATA.robustness && ["robust", "navRobust"], ["table", "navTable"]].filter(Boolean);
  byId("nav").replaceChildren(...links.map(([id, word]) => h("a", { href: `#${id}` }, t(word))));
  const values = { m: money(DATA.spent), y: period(), a: percent(share(DATA.today)), b: percent(share(DATA.covered)), n: compact(DATA.covered - DATA.today), unit: unit() };
  const key = DATA.covered <= DATA.today ? "leadSame" : DATA.spent > 0 ? "leads" : "leadFree";
  byId("lead").textContent = t(key, values) + (best ? "" : t("leadProof", { u: percent(share(DATA.bound), 2) }));
}

function renderFigures() {
  const open = DATA.sites.filter((x) => x.after);
  const [kept, fresh] = [open.filter((x) => x.today).length, open.filter((x) => !x.today).length];
  const closed = DATA.sites.filter((x) => x.today && !x.after).length;
  const both = (pair) => (pair ? [percent(pair[1])] : ["—"]);
  const before = (pair) => (pair ? t("fromTo", { p: percent(pair[0]) }) : t("noRoads"));
  const gap = gapOf();
  byId("kpis").replaceChildren(
    kpi(t("byStraight"), both(DATA.straight), before(DATA.straight), meter(DATA.straight?.[1] ?? 0, DATA.measure === "straight" ? "ok" : "")),
    kpi(t("byRoad"), both(DATA.road), before(DATA.road), meter(DATA.road?.[1] ?? 0, DATA.measure === "road" ? "ok" : "")),
    kpi(t("newly"), [compact(DATA.covered - DATA.today), small(unit())], t("fromTo", { p: compact(DATA.today) }), meter(DATA.total > DATA.today ? (DATA.covered - DATA.today) / (DATA.total - DATA.today) : 1)),
    kpi(t("spent"), [money(DATA.spent)], DATA.spent < 0 ? t("saved", { y: period() }) : t("ofBudget", { b: money(DATA.budget), y: period() }), meter(DATA.budget ? DATA.spent / DATA.budget : 0)),
    kpi(t("outlets"), [number(open.length)], t("outletsLine", { k: kept, o: fresh, c: closed }), meter(open.length ? kept / open.length : 0)),
    kpi(t("proof"), [tinyPercent(gap)], gap > 0 ? t("proofLine") : t("proven"), meter(1 - gap, "ok")));
}

function renderFoot() {
  const km = (m) => distance(m);
  byId("foot").replaceChildren(
    h("p", {}, t("foot1", { u: km(DATA.rule.urban_m), s: km(DATA.rule.suburban_m), r: km(DATA.rule.rural_m), m: t(DATA.measure) })),
    h("p", {}, t("foot2", { n: number(DATA.candidates), seed: DATA.seed })), h("p", {}, DATA.attribution));
}

function renderAll() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
    if (element.tagName === "BUTTON") element.title = t(element.dataset.tLabel);
  }
  byId("lang").textContent = t("other");
  byId("lang").lang = language === "zh" ? "en" : "zh-CN";
  renderHead();
  renderFigures();
  renderPanel();
  renderCurve();
  renderOrder();
  renderRobustness();
  renderTable();
  renderFoot();
  setAfter(state.after);
}

byId("lang").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  renderAll();
});
byId("theme").addEventListener("click", () => {
  setTheme(isDark() ? "light" : "dark");
  renderAll();
});
byId("print").addEventListener("click", () => window.print());
window.addEventListener("beforeprint", () => {
  setTheme("light");
  byId("table-details").open = true;
  renderAll();
  drawMap();
});

followSystemTheme();
listenToMap();
renderAll();
