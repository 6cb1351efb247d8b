// One row: a technician's shift with its stops, drawn by shares of the axis.
import { h, icon } from "../shared/dom.js";
import { clock, duration } from "../shared/format.js";
import { rowColor } from "../shared/theme.js";
import { t } from "../shared/words.js";
import { percent, width } from "./axis.js";
import { lateWord, stopLabel } from "./labels.js";
import { personOf, store } from "./store.js";

export const ROW_PX = 46;

const line = (cls, from, lasts, more = {}) =>
  h("i", { class: cls, css: { left: percent(from), width: width(Math.max(0, lasts)), ...more } });

/** The element of a row; place is its position among those shown. */
export function drawRow(row, place) {
  const track = h("div", { class: "track", role: "gridcell", "aria-label": t("stopsOf", { name: personOf(row) }) });
  const element = h(
    "div",
    {
      class: `lane${row.away ? " away" : ""}${row.over ? " back" : ""}${row.foreign ? " foreign" : ""}`,
      role: "row",
      "aria-rowindex": place + 1,
      "data-row": row.id,
      css: { "--c": rowColor(store.colors.get(row.id)), top: `${place * ROW_PX}px` },
    },
    drawName(row),
    track,
  );
  track.append(...drawTrack(row));
  return element;
}

function drawName(row) {
  const visits = row.stops.filter((stop) => stop.job).length;
  const late = row.stops.filter((stop) => stop.late_s > 0 && stop.phase !== "past").length;
  const facts = [row.away ? t("away") : row.over ? t("isBack") : t("nVisits", { n: visits }), row.outlet];
  if (row.foreign) facts.unshift(t("anotherRegion"));
  if (row.overtime_s) facts.unshift(t("overtimeOf", { time: duration(row.overtime_s) }));
  return h(
    "div",
    { class: "lane-head", role: "rowheader" },
    h(
      "button",
      { type: "button", class: "lane-name", tabindex: -1, "data-technician": row.technician },
      h("span", { class: "swatch" }),
      h("b", null, personOf(row), row.name ? h("em", null, ` ${row.technician}`) : null),
      h("small", null, late ? h("span", { class: "late-count" }, icon("warn"), t("nLate", { n: late })) : null, facts.filter(Boolean).join(" · ")),
    ),
  );
}

function drawTrack(row) {
  const parts = [line("shift", row.span[0], row.span[1] - row.span[0])];
  const end = row.stops.at(-1)?.t[4] ?? 0;
  if (row.overtime_s > 0) parts.push(line("over", row.span[1], end - row.span[1]));
  for (const [opens, closes, lasts] of row.breaks) parts.push(line("rest-window", opens, closes + lasts - opens));
  let count = 0;
  for (const stop of row.stops) {
    if (stop.job) count += 1;
    parts.push(...drawStop(row, stop, count));
  }
  return parts;
}

function drawStop(row, stop, count) {
  const [leaves, reached, arrival, start, end] = stop.t;
  const parts = [];
  if (leaves !== null && reached > leaves) parts.push(line(`travel ${stop.phase}`, leaves, reached - leaves));
  if (start - reached > 60 && stop.phase !== "past") parts.push(line("wait", reached, start - reached));
  if (stop.job?.window) {
    const [opens, closes] = stop.job.window;
    parts.push(line(`window ${stop.phase}${count % 2 ? " odd" : ""}${stop.late_s ? " missed" : ""}`, opens, closes - opens));
  }
  if (stop.kind === "end") return [...parts, drawEnd(row, stop)];
  parts.push(drawBar(row, stop, count, [arrival, start, end]));
  return parts;
}

function drawEnd(row, stop) {
  const cls = `home-mark${row.overtime_s ? " late" : ""}`;
  const place = { left: percent(stop.t[2]) };
  const mark = h("span", { class: cls, css: place, title: `${t("backAt")} ${clock(stop.t[2])}` }, icon("home"));
  mark.append(h("span", { class: "visually-hidden" }, `${t("backAt")} ${clock(stop.t[2])}`));
  return mark;
}

const classesOf = (stop) =>
  [
    "stop",
    stop.kind,
    stop.phase,
    stop.late_s > 0 && "late",
    stop.failed && "failed",
    stop.at_door && "door",
    stop.at_work && "work",
    stop.job && `p-${stop.job.priority}`,
    store.selection.has(stop.id) && "sel",
    store.changed.has(stop.id) && "fresh",
  ]
    .filter(Boolean)
    .join(" ");

function drawBar(row, stop, count, [, start, end]) {
  const label = stopLabel(row, stop);
  return h(
    "button",
    {
      type: "button",
      class: classesOf(stop),
      tabindex: -1,
      "data-stop": stop.id,
      "aria-label": label,
      title: stop.kind === "other" ? label : null,
      "aria-pressed": store.selection.has(stop.id) ? "true" : "false",
      css: { left: percent(start), width: width(end - start) },
    },
    ...barContent(stop, count),
  );
}

function barContent(stop, count) {
  if (stop.kind === "break") return [icon("rest")];
  if (stop.kind === "pickup") return [icon("box")];
  if (!stop.job) return [h("span", { class: "name" }, t("anotherRegion"))];
  const { job } = stop;
  return [
    stop.late_s > 0 ? [icon("warn"), h("span", { class: "late-word" }, lateWord(stop.late_s))] : null,
    h("span", { class: "n" }, String(count)),
    job.priority === "emergency" ? icon("siren") : null,
    job.hold ? icon(job.hold === "time" ? "time" : "lock") : null,
    job.vip ? icon("star") : null,
    job.crew > 1 ? icon("crew") : null,
    stop.failed ? icon("cross") : null,
    h("span", { class: "name" }, job.visit),
  ]
    .flat()
    .filter(Boolean);
}
