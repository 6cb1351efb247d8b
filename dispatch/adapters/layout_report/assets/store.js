// The proposal as the page uses it, and what is selected.
const DATA = JSON.parse(byId("data").textContent);
const siteById = new Map(DATA.sites.map((site) => [site.id, site]));
// What is chosen is named "action:2", "site:N1" or "cell:17".
const state = { chosen: null, after: true, layers: { demand: true, radius: true, ways: true } };

/** Money is short: ¥1.4M. */
const compact = (value) => new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
  notation: "compact", maximumSignificantDigits: 3,
}).format(value);
const money = (value) => {
  const sign = value < 0 ? "−" : "";
  const symbol = { CNY: "¥", EUR: "€", USD: "$", GBP: "£" }[DATA.currency];
  return symbol ? `${sign}${symbol}${compact(Math.abs(value))}` : `${sign}${compact(Math.abs(value))} ${DATA.currency}`;
};
const unit = () => t(`unit_${DATA.unit}`);
const share = (covered) => (DATA.total ? covered / DATA.total : 1);
/** Enough digits that a small gap does not read as none. */
const tinyPercent = (value) => percent(value, value > 0 && value < 0.001 ? 3 : value < 0.01 ? 2 : 1);
const period = () => (DATA.years === 1 ? t("year") : t("years", { y: number(DATA.years, Number.isInteger(DATA.years) ? 0 : 1) }));
const signed = (value) => (value > 0 ? t("gain", { n: amount(value) }) : value < 0 ? t("loss", { n: amount(-value) }) : t("none"));
const moneyWord = (value) => (value > 0 ? t("cost", { m: money(value) }) : value < 0 ? t("saves", { m: money(-value) }) : t("free"));

function actionName(action) {
  const shown = action.opens || action.into || action.closes;
  return t(action.kind, { s: shown, a: action.closes ?? "" });
}

/** What is chosen: [kind, name, what the data says], or null. */
function chosen() {
  if (!state.chosen) return null;
  const [kind, ...rest] = state.chosen.split(":");
  const name = rest.join(":");
  return [kind, name, kind === "site" ? siteById.get(name) : { action: DATA.actions, cell: DATA.cells }[kind][Number(name)]];
}

const chosenAction = () => { const [kind, , what] = chosen() ?? []; return kind === "action" ? what : null; };
const actionSite = (action) => siteById.get(action.opens || action.closes || action.into);
const siteName = (id) => { const site = siteById.get(id); return site && site.name && site.name !== id ? `${id} · ${site.name}` : id; };

/** Select an action, a site or a square; what is chosen already is given up. */
function select(id, from = "") {
  state.chosen = state.chosen === id ? null : id;
  const [kind, , what] = chosen() ?? [];
  announce({ action: () => actionName(what), site: () => siteName(what.id), cell: () => t("square") }[kind]?.() ?? "", from);
}
