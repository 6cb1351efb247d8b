// Beside the map: gaps and outlets as lists, or one of them.
function renderPanel() {
  const found = chosen();
  if (!found) return renderLists();
  return { pocket: renderPocket, outlet: renderOutlet, cell: renderCell }[found[0]](found[1], found[2]);
}
onSelect(renderPanel);

function renderLists() {
  const tab = (key, word, n) => h("button", { type: "button", "aria-pressed": String(state.tab === key), onclick: () => { state.tab = key; renderPanel(); } }, `${t(word)} ${n}`);
  const search = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search") });
  search.value = state.query;
  search.addEventListener("input", () => {
    state.query = search.value;
    byId("panel").querySelector(".panel-body").replaceChildren(...listPlaces());
  });
  fillPanel([h("div", { class: "row sort" }, tab("pockets", "tabPockets", DATA.pockets.length), tab("outlets", "tabOutlets", DATA.outlets.length)), search], listPlaces());
}

function listPlaces() {
  const query = state.query.trim().toLowerCase();
  const fits = (text) => !query || text.toLowerCase().includes(query);
  const rows = state.tab === "pockets"
    ? DATA.pockets.map((p, i) => fits(pocketName(p)) && placeRow(`pocket:${i}`, String(i + 1), pocketName(p), amount(p.weight), [t("shareOfAll", { p: percent(ratio(p.weight, totalWeight)) }), pocketWay(p) !== pocketName(p) && pocketWay(p), p.people !== null && `${t("people")} ${amount(p.people)}`].filter(Boolean).join(" · ")))
    : DATA.outlets.map((o, i) => fits(`${o.id} ${o.name}`) && placeRow(`outlet:${i}`, "⌂", outletName(i), amount(o.catchment[1]), outletLine(o), "outlet"));
  const found = rows.filter(Boolean);
  return found.length ? found : [h("p", { class: "none" }, t(query || state.tab === "outlets" ? "nothing" : "none"))];
}

function outletLine(outlet) {
  const [days, , daysOk, hoursOk] = outlet.open;
  return [t(outlet.kind), t(outlet.zone), `${percent(ratio(outlet.covered[1], outlet.catchment[1]), 0)} ${t("inRadius")}`,
    days !== null && !(daysOk && hoursOk) && t("short")].filter(Boolean).join(" · ");
}

function placeRow(id, no, who, much, text, cls = "") {
  return h("button", { class: "place", type: "button", onclick: () => select(id) },
    h("span", { class: `no ${cls}` }, no), h("span", { class: "who" }, who), h("span", { class: "much" }, much), h("span", { class: "line" }, text));
}

const panelHead = (title, chip = null) => [h("div", { class: "row" }, backButton(() => select(null)), h("h2", {}, title), chip)];

function renderPocket(index, pocket) {
  fillPanel(panelHead(`${index + 1} · ${pocketName(pocket)}`), [factList([
    [t("weight"), amount(pocket.weight)], [t("weightShare"), percent(ratio(pocket.weight, totalWeight))],
    pocket.people !== null && [t("people"), amount(pocket.people)], [t("points"), number(pocket.points)],
    pocket.district && [t("district"), pocket.district], pocket.street && [t("street"), pocket.street],
    pocket.outlet !== null && [t("nearestOutlet"), pocketWay(pocket)], [t("farthest"), distance(pocket.farthest)],
    [t("position"), pocket.lonlat.join(", ")],
  ])]);
}

function renderOutlet(index, outlet) {
  const [load, capacity, share] = outlet.load;
  fillPanel(panelHead(outletName(index)), [factList([
    ["ID", outlet.id], [t("kind"), t(outlet.kind)], outlet.level && [t("level"), outlet.level], [t("zone"), t(outlet.zone)],
    [t("radius"), distance(outlet.radius)], [t("catchment"), `${amount(outlet.catchment[1])} · ${percent(ratio(outlet.catchment[1], totalWeight))}`],
    [t("inRadius"), percent(ratio(outlet.covered[1], outlet.catchment[1]))],
    outlet.catchment[2] !== null && [t("people"), amount(outlet.catchment[2])], [t("farthest"), distance(outlet.farthest)],
    [t("load"), share === null ? t("noCapacity") : `${t("loadOf", { a: number(load, load < 100 ? 1 : 0), b: number(capacity) })} · ${percent(share, 0)}`],
    [t("opening"), openWords(outlet)],
  ])]);
}

const slackWord = (m) => (m === null ? "—" : t(m < 0 ? "slackShort" : "slackLeft", { d: distance(Math.abs(m)) }));

/** How the worst served point of a square stands by one measure. */
function measureFacts(found, word) {
  const who = (index, m) => (index < 0 ? "—" : `${outletName(index)} · ${distance(m)}`);
  const missed = found.slack === null || found.slack < 0;
  return h("div", { class: "box" }, h("h3", {}, t(`${word}Cap`), " ", h("span", { class: `chip ${missed ? "bad" : "good"}` }, t(missed ? "uncovered" : "covered"))),
    factList([[t("nearestOutlet"), who(found.nearest, found.m)], [t("secondOutlet"), who(found.second, found.second_m)],
      [t("radius"), distance(found.radius)], [t("slack"), slackWord(found.slack)]]));
}

function renderCell(index, square) {
  const point = pointOf(index);
  const covered = NET.decides === "road" ? square[4] : square[3];
  const chip = h("span", { class: `chip ${covered >= square[2] ? "good" : covered > 0 ? "warn" : "bad"}` }, t(covered >= square[2] ? "covered" : covered > 0 ? "partly" : "uncovered"));
  fillPanel(panelHead(cellName(index), chip), [factList([
    [t("weight"), `${amount(square[2])} · ${percent(ratio(square[2], totalWeight), 2)}`],
    [t("zone"), `${t(point.zone)} · ${t("from", { s: t(point.source) })}`], point.district && [t("district"), point.district],
    hasRoads && [t("driveTime"), point.drive === null ? "—" : duration(point.drive)],
  ]), point.points > 1 ? h("p", { class: "small muted note" }, t("worstOf")) : null,
  ...["straight", "road"].filter((word) => point[word]).map((word) => measureFacts(point[word], word))].filter(Boolean));
}

function openWords(outlet) {
  const [days, hours, daysOk, hoursOk] = outlet.open;
  if (days === null) return t("notStated");
  const text = t("openLine", { d: days, h: number(hours, hours % 1 ? 1 : 0) });
  return daysOk && hoursOk ? text : h("span", { class: "lack" }, `${text} ⚠`);
}
