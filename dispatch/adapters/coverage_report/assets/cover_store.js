// The audit as the page uses it, and the one thing that is selected.
const DATA = JSON.parse(byId("data").textContent);
const NET = DATA.network;
const hasRoads = DATA.shares[0][4] !== null;

const outletName = (i) => DATA.outlets[i].name || DATA.outlets[i].id;
const totalWeight = DATA.shares[0][2][1];
const ratio = (part, whole) => (whole ? part / whole : 0);
const measureWord = (m) => t(m);

/** Large numbers in words people use: 1.2 M, 123万. */
function amount(value) {
  if (value < 100000) return number(value);
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", { notation: "compact", maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(value);
}

/** Where a pocket is, in words: district, street, direction from the nearest outlet. */
function pocketName(pocket) {
  const parts = [pocket.district, pocket.street && t("near", { s: pocket.street })].filter(Boolean);
  return parts.length ? parts.join(language === "zh" ? "" : ", ") : pocketWay(pocket);
}

function pocketWay(pocket) {
  if (pocket.outlet === null) return pocket.lonlat.join(", ");
  return t("fromOutlet", { d: distance(pocket.outlet_m), dir: t(pocket.direction), who: outletName(pocket.outlet) });
}

// What the shared map input asks for: there are no technicians here, and a mark's name is "kind:index".
const people = [];
const state = { person: null, visit: null, chosen: null, tab: DATA.pockets.length ? "pockets" : "outlets", query: "",
  layers: { demand: NET.decides, radius: true, iso: false, pockets: true } };
const listeners = [];
const onSelect = (listener) => listeners.push(listener);

function select({ visit = null }, from = "") {
  state.chosen = visit;
  if (visit) state.tab = visit.startsWith("pocket") ? "pockets" : "outlets";
  byId("live").textContent = visit ? t("selected", { what: chosenName() }) : t("cleared");
  for (const listener of listeners) listener(from);
}

/** The chosen pocket or outlet: [kind, index, what the data says], or null. */
function chosen() {
  if (!state.chosen) return null;
  const [kind, index] = state.chosen.split(":");
  return [kind, Number(index), (kind === "pocket" ? DATA.pockets : DATA.outlets)[Number(index)]];
}

const chosenName = () => { const [kind, index, what] = chosen(); return kind === "pocket" ? pocketName(what) : outletName(index); };
