// One technician's lane: shift, travel, waiting, service, breaks, promises, lateness, overtime.
function bar(person, cls, from, to, css = {}) {
  return h("i", { class: cls, css: { left: axis.share(from - person.zero), width: axis.width(Math.max(0, to - from)), ...css } });
}

/** Seconds of driving end where the walk to the door begins; a stop's leg ends before access. */
function travelOf(person, stop, previousEnd) {
  const access = stop.kind === "visit" ? DATA.visits[stop.visit].access_s : 0;
  const end = stop.t[0] - access;
  return stop.leg[0] > 0 ? bar(person, "travel", Math.max(previousEnd, end - stop.leg[0]), end) : null;
}

function jobButton(person, stop) {
  const late = stop.late > 0;
  const visit = DATA.visits[stop.visit];
  const promise = promiseOf(stop);
  const spoken = [
    `${t("stopN")} ${stop.number}, ${stop.visit}`, `${t("arrival")} ${clockTime(stop.t[1], person.zero)}`,
    promise && `${t("promise")} ${clockTime(promise[1], person.zero)}–${clockTime(promise[2], person.zero)}`,
    stop.crew && t("crewOfN", { n: stop.crew, m: visit.crew }), stop.parts && `${t("parts")} ${partsText(stop.parts)}`,
    late ? t("lateBy", { d: duration(stop.late) }) : t("onTime"),
  ].filter(Boolean).join(", ");
  return h("button", {
    class: `job${late ? " late" : ""}${visit.priority === "emergency" ? " emergency" : ""}${stop.crew ? " crew" : ""}`,
    type: "button", tabindex: "-1", "data-visit": stop.visit, "data-stop": person.stops.indexOf(stop), "aria-label": spoken,
    css: { left: axis.share(stop.t[2] - person.zero), width: axis.width(stop.t[3] - stop.t[2]) },
  }, `${visit.priority === "emergency" ? "◆ " : ""}${stop.number}`, stop.crew ? icon("crew") : null, visit.links ? icon("link") : null);
}

/** Parts are taken at an outlet: a dark box, wide enough to be seen. */
function pickupButton(person, stop) {
  const spoken = `${t("pickup")} ${outletName(stop.outlet)}, ${clockTime(stop.t[2], person.zero)}, ${partsText(stop.parts)}`;
  return h("button", {
    class: "job pickup", type: "button", tabindex: "-1", "data-stop": person.stops.indexOf(stop), "aria-label": spoken,
    css: { left: axis.share(stop.t[2] - person.zero), width: axis.width(stop.t[3] - stop.t[2]) },
  }, icon("box"));
}

function promiseBracket(person, stop, level) {
  const promise = promiseOf(stop);
  if (!promise) return null;
  const mark = bar(person, "window", promise[1], promise[2], { top: `${34 + 5 * level}px` });
  mark.dataset.window = stop.visit;
  return mark;
}

function stopParts(person, stop, previousEnd, level) {
  const parts = [travelOf(person, stop, previousEnd)];
  if (stop.kind === "break") parts.push(bar(person, "rest", stop.t[2], stop.t[3]));
  if (stop.kind === "pickup" && stop.t[2] > stop.t[0]) parts.push(bar(person, "wait", stop.t[0], stop.t[2]));
  if (stop.kind === "pickup") parts.push(pickupButton(person, stop));
  if (stop.kind !== "visit") return parts;
  if (stop.t[1] > stop.t[0]) parts.push(bar(person, "wait", stop.t[0], stop.t[1]));
  if (stop.t[2] > stop.t[1]) parts.push(bar(person, "hold", stop.t[1], stop.t[2]));
  parts.push(promiseBracket(person, stop, level), jobButton(person, stop));
  if (stop.late > 0) {
    parts.push(h("em", { class: "flag", "aria-hidden": "true", css: { left: axis.share(stop.t[2] - person.zero) } }, `⚠ +${shortDuration(stop.late)}`));
  }
  return parts;
}

function laneOf(person, grid) {
  const parts = [bar(person, "shift", ...person.shift), ...rushBands(person), ...grid.map((s) => bar(person, "grid", s + person.zero, s + person.zero, { width: "1px" }))];
  if (person.route?.overtime_s) parts.push(bar(person, "over", person.shift[1], person.route.end));
  let end = -Infinity;
  let level = 0;
  for (const stop of person.stops) {
    parts.push(...stopParts(person, stop, end, level));
    end = stop.t[3];
    if (stop.kind === "visit") level = 1 - level;
  }
  const route = person.route;
  const text = route
    ? [t("visitsN", { n: person.jobs.length }), `${kilometers(route.m)} km`, person.late && t("lateCount", { n: person.late })].filter(Boolean).join(" · ")
    : t("unused");
  return h("div", { class: "lane", "data-person": person.index, css: { "--c": personColor(person.hue) } },
    h("button", { class: "lane-name", type: "button" },
      h("span", { class: "swatch", css: { background: "var(--c)" } }),
      h("b", {}, person.name || person.id, state.day === null && severalDays ? [" ", h("em", {}, dayName(person.day))] : null), h("small", {}, text)),
    h("div", { class: "track" }, ...parts.filter(Boolean)));
}
