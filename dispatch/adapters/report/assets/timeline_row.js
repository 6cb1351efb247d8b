// One technician's lane: shift, travel, waiting, service, breaks, promises, lateness, overtime.
function bar(cls, from, to, css = {}) {
  return h("i", { class: cls, css: { left: axis.share(from), width: axis.width(Math.max(0, to - from)), ...css } });
}

/** Seconds of driving end where the walk to the door begins; a stop's leg ends before access. */
function travelOf(stop, previousEnd) {
  const access = stop.kind === "visit" ? DATA.visits[stop.visit].access_s : 0;
  const end = stop.t[0] - access;
  return stop.leg[0] > 0 ? bar("travel", Math.max(previousEnd, end - stop.leg[0]), end) : null;
}

function jobButton(person, stop) {
  const late = stop.late > 0;
  const visit = DATA.visits[stop.visit];
  const promise = promiseOf(stop);
  const spoken = [
    `${t("stopN")} ${stop.number}, ${stop.visit}`, `${t("arrival")} ${clockTime(stop.t[1])}`,
    promise && `${t("promise")} ${clockTime(promise[1])}–${clockTime(promise[2])}`,
    late ? t("lateBy", { d: duration(stop.late) }) : t("onTime"),
  ].filter(Boolean).join(", ");
  return h("button", {
    class: `job${late ? " late" : ""}${visit.priority === "emergency" ? " emergency" : ""}`,
    type: "button", tabindex: "-1", "data-visit": stop.visit, "aria-label": spoken,
    css: { left: axis.share(stop.t[2]), width: axis.width(stop.t[3] - stop.t[2]) },
  }, `${visit.priority === "emergency" ? "◆ " : ""}${stop.number}`);
}

function promiseBracket(stop, level) {
  const promise = promiseOf(stop);
  if (!promise) return null;
  const mark = bar("window", promise[1], promise[2], { top: `${34 + 5 * level}px` });
  mark.dataset.window = stop.visit;
  return mark;
}

function stopParts(person, stop, previousEnd, level) {
  const parts = [travelOf(stop, previousEnd)];
  if (stop.kind === "break") parts.push(bar("rest", stop.t[2], stop.t[3]));
  if (stop.kind !== "visit") return parts;
  if (stop.t[2] > stop.t[0]) parts.push(bar("wait", stop.t[0], stop.t[2]));
  parts.push(promiseBracket(stop, level), jobButton(person, stop));
  if (stop.late > 0) {
    parts.push(h("em", { class: "flag", "aria-hidden": "true", css: { left: axis.share(stop.t[2]) } }, `⚠ +${shortDuration(stop.late)}`));
  }
  return parts;
}

function laneOf(person, grid) {
  const parts = [bar("shift", ...person.shift), ...grid.map((s) => bar("grid", s, s, { width: "1px" }))];
  if (person.route?.overtime_s) parts.push(bar("over", person.shift[1], person.route.end));
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
  return h("div", { class: "lane", "data-person": person.index, css: { "--c": personColor(person.index) } },
    h("button", { class: "lane-name", type: "button" },
      h("span", { class: "swatch", css: { background: "var(--c)" } }),
      h("b", {}, person.name || person.id), h("small", {}, text)),
    h("div", { class: "track" }, ...parts.filter(Boolean)));
}
