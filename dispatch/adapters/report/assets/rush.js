// Rush hours: bands behind the lanes, speeds over them, and a table of what each state of traffic means.
const rushSpans = DATA.rush.flatMap((state) => state.spans.map(([from, to]) => ({ from, to, percent: state.percent }))).filter((span) => span.percent < 100);

/** 100 % is clear, half the speed is as dark as it gets. */
const rushShade = (percent) => Math.min(0.24, Math.max(0, (100 - percent) / 240));

const bandOf = (person, { from, to, percent }) => bar(person, "band", from, to, { opacity: rushShade(percent).toFixed(2) });

/** Bands where somebody may be on the road; only cars stand in the queue (docs/rush-hours.md). */
function rushBands(person) {
  if (person.profile !== "car") return [];
  const [first, last] = [Math.min(person.shift[0], person.route?.start ?? Infinity), Math.max(person.shift[1], person.route?.end ?? -Infinity)];
  return rushSpans.filter((span) => span.to > first && span.from < last)
    .map((span) => bandOf(person, { ...span, from: Math.max(first, span.from), to: Math.min(last, span.to) }));
}

/** Speeds of the day that is shown; of several days at once the first one's. */
function rushLabels() {
  const zero = 86400 * (state.day ?? 0);
  return rushSpans.map(({ from, to, percent }) => [Math.max(axis.from, from - zero), Math.min(axis.to, to - zero), percent])
    .filter(([from, to]) => to > from)
    .map(([from, to, percent]) => h("span", { class: "speed", css: { left: axis.share(from), width: axis.width(to - from), "--shade": rushShade(percent).toFixed(2) } },
      to - from >= 2400 ? `${number(percent)}%` : ""));
}

/** The spans of a state, hours that several days share written once. */
function spanWords(spans) {
  const days = new Map();
  for (const [from, to] of spans) {
    const day = Math.floor(from / 86400);
    const hours = `${clockTime(from, day * 86400)}–${to === (day + 1) * 86400 ? "24:00" : clockTime(to, day * 86400)}`;
    days.set(hours, [...(days.get(hours) ?? []), day]);
  }
  return [...days].map(([hours, list]) => (severalDays && list.length < DATA.days.length ? `${hours} (${list.map((day) => (DATA.days[day] ? dayName(day) : "")).join(", ")})` : hours)).join(", ");
}

const ROAD_CLASSES = ["motorway", "trunk", "primary", "secondary", "tertiary", "local"];

function renderRush() {
  const states = [...DATA.rush].sort((a, b) => a.spans[0][0] - b.spans[0][0]);
  byId("rush").hidden = states.length < 2;
  const areas = states.some((one) => one.areas.length);
  const heads = [[t("hoursOfDay")], [t("speed"), "n"], [t("kmh"), "n"], [t("timesFree"), "n"], ...ROAD_CLASSES.map((name) => [t(`road_${name}`), "n"]), ...(areas ? [[t("areas")]] : [])];
  const rows = states.map((one) => row([
    [spanWords(one.spans)], [h("b", {}, `${number(one.percent)} %`), "n"], [one.kmh === null ? "—" : number(one.kmh, 1), "n"],
    [one.times === null ? "—" : `× ${number(one.times, 2)}`, "n"], ...ROAD_CLASSES.map((name) => [`${number(one.classes[name])} %`, "n"]),
    ...(areas ? [[one.areas.map(([name, percent]) => `${name} ${number(percent)} %`).join(", ") || "—"]] : []),
  ]));
  byId("rush-body").replaceChildren(h("p", { class: "small muted" }, t("rushLine")), h("div", { class: "wide broad" }, table(heads, rows)));
}
