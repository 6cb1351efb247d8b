// Standard, shares, outlets, gaps, zones: the same facts as tables, for reading aloud and for paper.
function pickRow(id, cells) {
  const go = () => { select(id); byId("work").scrollIntoView(); };
  return h("tr", { class: "go", "data-id": id, tabindex: "0", onclick: go, onkeydown: (event) => { if (event.key === "Enter") go(); } }, ...cells);
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

// Amounts of a row are [points, weight, people].
const UNITS = [[1, "demand"], [2, "people"], [0, "points"]];
const FEW = 8;

function shareCell(parts, measure) {
  const part = parts[measure === "road" ? 4 : 3];
  if (!part) return cell("—", "n");
  const share = ratio(part[state.unit], parts[2][state.unit]);
  return h("td", { class: "n" }, percent(share), meter(share, { tone: share > 0.95 ? "ok" : share < 0.6 ? "no" : "" }));
}

function renderPlaces() {
  const decided = (parts) => rowShare(parts, NET.decides) ?? 0;
  const lost = (parts) => parts[2][1] * (1 - decided(parts));
  const districts = DATA.shares.filter((parts) => parts[0] === "district").sort((a, b) => lost(b) - lost(a));
  const shown = state.all ? districts : districts.slice(0, FEW);
  const name = (parts) => (parts[0] === "network" ? h("b", {}, t("network")) : parts[0] === "zone" ? t(parts[1]) : parts[0] === "growth" ? t("ifGrowth", { s: parts[1] }) : parts[1]);
  const units = UNITS.filter(([unit]) => DATA.shares[0][2][unit] !== null);
  const chooser = units.map(([unit, word]) => h("button", { type: "button", "aria-pressed": String(state.unit === unit), onclick: () => { state.unit = unit; renderPlaces(); } }, t(word)));
  const unit = t(units.find(([index]) => index === state.unit)[1]);
  const more = districts.length > FEW && h("button", { type: "button", class: "link more", onclick: () => { state.all = !state.all; renderPlaces(); } }, state.all ? t("fewer") : t("allDistricts", { n: number(districts.length) }));
  const body = [h("div", { class: "sort", role: "group", "aria-label": t("part") }, ...chooser), table(
    [[t("part")], [unit, "n"], [t("byStraight"), "n"], [t("byRoad"), "n"]],
    [...DATA.shares.filter((parts) => parts[0] !== "district"), ...shown].map((parts) => h("tr", {}, cell(name(parts)), cell(amount(parts[2][state.unit]), "n"), shareCell(parts, "straight"), shareCell(parts, "road")))), more];
  byId("places-body").replaceChildren(...body.filter(Boolean));
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

/** Which classifier gave each zone, and two of them side by side. */
function renderZones() {
  const sources = DATA.sources.filter((_, code) => DATA.zone_sources.some((line) => line[code] > 0));
  const byZone = table([[t("zone")], ...sources.map((source) => [t(source), "n"])], ZONE_WORDS.slice(0, 3).map((zone, i) =>
    row([[t(zone)], ...sources.map((source) => [percent(ratio(DATA.zone_sources[i][DATA.sources.indexOf(source)], totalWeight)), "n"])])));
  const found = DATA.comparison;
  byId("zones-body").replaceChildren(...[h("p", { class: "small muted" }, t("zoneSource")), byZone, ...(found ? compareZones(found) : [])]);
}

function compareZones(found) {
  const [first, second] = found.sources.map((source) => t(source));
  const rows = ZONE_WORDS.map((_, i) => i).filter((i) => found.weight[i].some((w) => w > 0));
  const columns = ZONE_WORDS.map((_, j) => j).filter((j) => found.weight.some((line) => line[j] > 0));
  return [h("h3", { class: "apart" }, t("sideBySide", { a: first, b: second })),
    table([[""], ...columns.map((j) => [t(ZONE_WORDS[j]), "n"])], rows.map((i) =>
      row([[t(ZONE_WORDS[i])], ...columns.map((j) => [percent(ratio(found.weight[i][j], totalWeight)), `n ${i === j ? "same" : ""}`])]))),
    h("p", { class: "small muted" }, found.agreement === null ? "" : t("agreement", { p: percent(found.agreement) }))];
}

/** How much of the demand lies within so many minutes of an outlet. */
function renderReach() {
  byId("reach").hidden = !DATA.reach.length;
  byId("reach-body").replaceChildren(...DATA.reach.map(([minutes, part]) => h("div", { class: "reach-row" },
    h("span", { class: "key", css: { background: `${ISO_COLORS[minutes] ?? "#98a2b3"}55`, border: `2px solid ${ISO_COLORS[minutes] ?? "#98a2b3"}` } }), h("span", {}, t("minutes", { n: minutes })),
    meter(ratio(part[1], totalWeight)), h("b", {}, percent(ratio(part[1], totalWeight))))));
}

function renderFoot() {
  const rural = NET.radius[2] === null ? t("ruralSuburban") : t("ruralOwn", { d: distance(NET.radius[2]) });
  byId("foot").replaceChildren(h("p", {}, t("method", { access: NET.access ? t("accessWords") : "", r: rural })), h("p", {}, [DATA.attribution, t("offline")].filter(Boolean).join(" · ")));
}
