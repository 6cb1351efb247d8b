// Simulated days of dispatch: the same visits planned from today's outlets and from those of the proposal.
const BETTER = { served: 1, kept: 1, late_min: -1, leg_min: -1, km: -1, price: -1 };
const DAY_VALUE = {
  visits: (value) => number(value, 1), min: (value) => `${number(value, 1)} min`, km: (value) => number(value, 0), money: (value) => `¥${number(value, 0)}`,
};

const signOf = (value) => (value < 0 ? "−" : value > 0 ? "+" : "±");
const signedValue = (value, unit) => `${signOf(value)}${DAY_VALUE[unit](Math.abs(value))}`;

/** good or bad where the interval leaves zero out, plain where chance may have done it. */
function toneOf({ key, low, high }) {
  if (low === null || (low <= 0 && high >= 0)) return "";
  return Math.sign(low + high) === BETTER[key] ? "good" : "bad";
}

/** The interval as a bar against zero, in the middle. */
function intervalBar(measure) {
  const { low, high, difference } = measure;
  if (low === null) return "";
  const most = Math.max(Math.abs(low), Math.abs(high), 1e-9) * 1.1;
  const at = (value) => 50 + (50 * value) / most;
  return h("span", { class: `interval ${toneOf(measure)}`, "aria-hidden": "true" }, h("b"),
    h("i", { css: { left: `${at(low)}%`, width: `${Math.max(1, at(high) - at(low))}%` } }), h("u", { css: { left: `${at(difference)}%` } }));
}

function measureRow(measure) {
  const { key, unit, today, after, difference, low, high } = measure;
  const tone = toneOf(measure);
  const verdict = low === null ? "" : low === 0 && high === 0 ? t("daySame") : t(tone === "good" ? "dayBetter" : tone === "bad" ? "dayWorse" : "dayOpen");
  return row([[t(`day_${key}`)], [DAY_VALUE[unit](today), "n"], [DAY_VALUE[unit](after), "n"], [signedValue(difference, unit), "n strong"],
    [low === null ? "—" : `${signedValue(low, unit)} … ${signedValue(high, unit)}`, "n"], [intervalBar(measure)],
    [verdict && h("span", { class: `chip ${tone}` }, verdict)]], { "data-measure": key });
}

function renderDays() {
  const days = DATA.days;
  byId("days").hidden = !days;
  if (!days) return;
  byId("days-line").textContent = join(t("daysLine", { n: number(days.count), v: number(days.visits), p: number(days.technicians) }), days.estimated_travel && t("daysEstimated"));
  byId("days-body").replaceChildren(table([[t("dayMeasure")], [t("today"), "n"], [t("after"), "n"], [t("change"), "n"],
    [t("interval", { p: percent(days.confidence, 0) }), "n"], [""], [""]], days.measures.map(measureRow)));
}
