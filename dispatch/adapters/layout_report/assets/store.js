// The proposal as the page uses it, and what is selected.
const DATA = JSON.parse(byId("data").textContent);
const siteById = new Map(DATA.sites.map((site) => [site.id, site]));
const state = { action: null, after: true };

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
const signed = (value) => (value > 0 ? t("gain", { n: compact(value) }) : value < 0 ? t("loss", { n: compact(-value) }) : t("none"));
const moneyWord = (value) => (value > 0 ? t("cost", { m: money(value) }) : value < 0 ? t("saves", { m: money(-value) }) : t("free"));

function actionName(action) {
  const shown = action.opens || action.into || action.closes;
  return t(action.kind, { s: shown, a: action.closes ?? "" });
}

/** Select an action, or nothing. */
function select(index) {
  state.action = state.action === index ? null : index;
  const action = DATA.actions[state.action];
  byId("live").textContent = action ? actionName(action) : "";
  if (action) {
    const site = siteById.get(action.opens || action.closes);
    showPlace(site);
  }
  renderPanel();
  requestDraw();
}
