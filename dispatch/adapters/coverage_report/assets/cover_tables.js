// Standard, shares, outlets, gaps, zones: the same facts as tables, for reading aloud and for paper.
function table(heads, rows) {
  return h("table", {}, h("thead", {}, h("tr", {}, ...heads.map(([word, cls]) => h("th", { scope: "col", class: cls }, word)))), h("tbody", {}, ...rows));
}

const cell = (value, cls = "") => h("td", { class: cls }, value);

function pickRow(id, cells) {
  const go = () => { select({ visit: id }); byId("work").scrollIntoView(); };
  return h("tr", { class: "pick", tabindex: "0", onclick: go, onkeydown: (event) => { if (event.key === "Enter") go(); } }, ...cells);
}

function renderStandard() {
  const rows = DATA.clauses.map((c) => {
    const met = c.of ? c.good === c.of : null;
    const word = t(met === null ? "noCase" : met ? "met" : "notMet");
    return h("li", {}, h("span", { class: `verdict ${met === null ? "none" : met ? "good" : "bad"}`, role: "img", "aria-label": word, title: word }, icon(met === null ? "dash" : met ? "check" : "warn")),
      h("div", {}, h("div", { class: "ask" }, c[language]), h("div", { class: "small muted" }, h("span", { class: "id" }, c.clause), ` · ${t(`force_${c.force}`)}`)),
      h("div", { class: "value" }, c.of ? (c.share ? percent(c.good / c.of) : `${number(c.good)} / ${number(c.of)}`) : "—", h("small", {}, t(c.share ? "demandOf" : "outletsOf"))));
  });
  byId("standard-body").replaceChildren(h("ul", { class: "clauses" }, ...rows));
}

function shareCell(row, measure) {
  const share = rowShare(row, measure);
  return share === null ? cell("—", "n") : h("td", { class: "n" }, percent(share), meter(share, share > 0.95 ? "ok" : share < 0.6 ? "no" : ""));
}

function renderPlaces() {
  const decided = (row) => rowShare(row, NET.decides) ?? 0;
  const districts = DATA.shares.filter((row) => row[0] === "district").sort((a, b) => decided(a) - decided(b));
  const rows = [...DATA.shares.filter((row) => row[0] !== "district"), ...districts];
  const name = (row) => (row[0] === "network" ? h("b", {}, t("network")) : row[0] === "zone" ? t(row[1]) : row[1]);
  const withPeople = DATA.shares[0][2][2] !== null;
  byId("places-body").replaceChildren(table(
    [[t("part")], [t("demand"), "n"], ...(withPeople ? [[t("people"), "n"]] : []), [t("byStraight"), "n"], [t("byRoad"), "n"]],
    rows.map((row) => h("tr", {}, cell(name(row)), cell(amount(row[2][1]), "n"), ...(withPeople ? [cell(amount(row[2][2]), "n")] : []), shareCell(row, "straight"), shareCell(row, "road")))));
}

function renderOutlets() {
  const rows = DATA.outlets.map((o, i) => {
    const share = ratio(o.covered[1], o.catchment[1]);
    const over = o.load[2] !== null && o.load[2] > 1;
    return pickRow(`outlet:${i}`, [cell(h("b", {}, outletName(i))), cell(o.id), cell(t(o.kind)), cell(t(o.zone)), cell(amount(o.catchment[1]), "n"),
      h("td", { class: "n" }, percent(share), meter(share)), cell(distance(o.farthest), "n"),
      cell(o.load[2] === null ? "—" : h("span", { class: over ? "lack" : "" }, `${percent(o.load[2], 0)}${over ? ` ${t("overload")}` : ""}`), "n"), cell(openWords(o), "n")]);
  });
  byId("outlets-body").replaceChildren(table([[t("outlet")], ["ID"], [t("kind")], [t("zone")], [t("catchment"), "n"], [t("inRadius"), "n"], [t("farthest"), "n"], [t("load"), "n"], [t("opening"), "n"]], rows));
}

function renderPockets() {
  byId("pockets").hidden = !DATA.pockets.length;
  const rows = DATA.pockets.map((p, i) => pickRow(`pocket:${i}`, [cell(String(i + 1), "n"), cell(h("b", {}, pocketName(p))), cell(p.outlet === null ? "—" : `${outletName(p.outlet)} · ${distance(p.outlet_m)}`), cell(amount(p.weight), "n"),
    cell(percent(ratio(p.weight, totalWeight)), "n"), cell(p.people === null ? "—" : amount(p.people), "n"), cell(distance(p.farthest), "n")]));
  byId("pockets-body").replaceChildren(table([[t("rank"), "n"], [t("where")], [t("nearestOutlet")], [t("weight"), "n"], [t("weightShare"), "n"], [t("people"), "n"], [t("farthest"), "n"]], rows));
}

const ZONE_WORDS = ["urban", "suburban", "rural", "unknown"];

function renderZones() {
  const found = DATA.comparison;
  byId("zones").hidden = !found;
  if (!found) return;
  const [first, second] = found.sources.map((source) => t(source));
  const rows = found.weight.map((row, i) => h("tr", {}, cell(`${first}: ${t(ZONE_WORDS[i])}`), ...row.map((w) => cell(percent(ratio(w, totalWeight)), "n"))));
  byId("zones-body").replaceChildren(table([[""], ...ZONE_WORDS.map((z) => [`${second}: ${t(z)}`, "n"])], rows),
    h("p", { class: "small muted" }, found.agreement === null ? "" : t("agreement", { p: percent(found.agreement) })));
}

function renderFoot() {
  const rural = NET.radius[2] === null ? t("ruralSuburban") : t("ruralOwn", { d: distance(NET.radius[2]) });
  byId("foot").replaceChildren(h("p", {}, t("method", { access: NET.access ? t("accessWords") : "", r: rural })), h("p", {}, [DATA.attribution, t("offline")].filter(Boolean).join(" · ")));
}
