// The audit as the page uses it, and the one thing that is selected.
const DATA = JSON.parse(byId("data").textContent);
const NET = DATA.network;
const hasRoads = DATA.shares[0][4] !== null;

const outletName = (i) => DATA.outlets[i].name || DATA.outlets[i].id;
const totalWeight = DATA.shares[0][2][1];
const measureWord = (m) => t(m);

/** Where a pocket is, in words: district, street, direction from the nearest outlet. */
function pocketName(pocket) {
  const parts = [pocket.district, pocket.street && t("near", { s: pocket.street })].filter(Boolean);
  return parts.length ? parts.join(language === "zh" ? "" : ", ") : pocketWay(pocket);
}

function pocketWay(pocket) {
  if (pocket.outlet === null) return pocket.lonlat.join(", ");
  return t("fromOutlet", { d: distance(pocket.outlet_m), dir: t(pocket.direction), who: outletName(pocket.outlet) });
}

// What is chosen is named "kind:index": a pocket, an outlet or a square of demand.
const state = { chosen: null, tab: DATA.pockets.length ? "pockets" : "outlets", query: "", unit: 1, all: false,
  layers: { demand: NET.decides, radius: true, iso: false, pockets: true } };
const LISTS = { pocket: DATA.pockets, outlet: DATA.outlets, cell: DATA.cells };

function select(id, from = "") {
  state.chosen = id;
  if (id && !id.startsWith("cell")) state.tab = id.startsWith("pocket") ? "pockets" : "outlets";
  announce(id ? chosenName() : "", from);
}

/** What is chosen: [kind, index, what the data says], or null. */
function chosen() {
  if (!state.chosen) return null;
  const [kind, index] = state.chosen.split(":");
  return [kind, Number(index), LISTS[kind][Number(index)]];
}

function chosenName() {
  const [kind, index, what] = chosen();
  return kind === "pocket" ? pocketName(what) : kind === "outlet" ? outletName(index) : cellName(index);
}

/** The worst served point of a square, as named fields; the squares are drawn, the points are judged. */
function pointOf(index) {
  const [points, zone, source, district, drive, straight, road] = DATA.points[index];
  const measure = (row) => row && { nearest: row[0], m: row[1], second: row[2], second_m: row[3], radius: row[4], slack: row[5] };
  return { id: DATA.point_ids?.[index] ?? null, points, zone: ZONE_WORDS[zone] ?? "unknown", source: DATA.sources[source], district: DATA.districts[district] ?? "", drive,
    straight: measure(straight), road: measure(road) };
}

const ZONE_WORDS = ["urban", "suburban", "rural", "unknown"];
const cellName = (index) => {
  const { id, points } = pointOf(index);
  return id !== null && points === 1 ? t("pointOne", { id }) : t("squareOf", { n: number(points) });
};
