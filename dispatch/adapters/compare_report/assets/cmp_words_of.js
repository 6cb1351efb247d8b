// How a change, a time and a difference are written.
const CHANGE_COLORS = { dropped: "--bad", added: "--good", day: "--warn", technician: "--accent", promise: "--warn", late: "--late", eta: "--muted", order: "--muted" };
const CHANGE_TONE = { dropped: "bad", added: "good", day: "warn", technician: "cool", promise: "warn", late: "bad" };

const changeChip = (change) => h("span", { class: `chip ${CHANGE_TONE[change] ?? ""}` }, t(`change_${change}`));

/** "+12 min", "−3 min", "±0". */
function signed(value, text) {
  return value === 0 ? "±0" : `${value > 0 ? "+" : "−"}${text(Math.abs(value))}`;
}

/** Arrival in both plans, seconds apart; null where one of them has none. */
function movedBy(visit) {
  const [a, b] = visit.sides;
  return a?.eta != null && b?.eta != null ? b.eta - a.eta : null;
}

const crewText = (side) => (side ? side.who.map(whoName).join(" + ") : t("nobody"));

function etaText(side) {
  if (!side) return "—";
  return side.eta === null ? t("ownTime") : dayTime(side.eta);
}
