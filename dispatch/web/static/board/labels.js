// What a stop, a visit or a rule is called: on the page and for screen readers.
import { clock, duration, span } from "../shared/format.js";
import { getLanguage, t, tOr } from "../shared/words.js";
import { personOf, store } from "./store.js";

/** Short, for bars: minutes rounded up, so that a second late is not "+0". */
export const lateWord = (seconds) => `+${Math.ceil(seconds / 60)}′`;
export const priorityWord = (job) => t(`p_${job.priority}`);
export const skillsWord = (skills) => skills.map(([skill, level]) => (level > 1 ? `${skill} ${level}` : skill)).join(", ");
export const ruleWord = (rule) => tOr(`rule_${rule}`, rule);
export const reasonWord = (code) => tOr(`why_${code}`, code);
/** A sentence of the service in the reader's language, with names where it has ids. */
export const textOf = (words) => sentence(typeof words === "string" ? words : words[getLanguage()] || words.en || "");

export function sentence(text) {
  const named = text.replace(/[\w-]+/g, (id) => nameOf(id) || id);
  if (getLanguage() !== "zh") return named;
  // The service writes plain commas; beside Chinese characters they are wide.
  return named.replace(/(?<=[\u4e00-\u9fff])\s*([,;:])\s*|\s*([,;:])\s*(?=[\u4e00-\u9fff])/g, (_, a, b) => ({ ",": "，", ";": "；", ":": "：" })[a || b]);
}

/** The name of a technician or an outlet; undefined for other ids. */
function nameOf(id) {
  const row = store.view?.rows.find((one) => one.technician === id);
  return row ? personOf(row) : store.outlets.get(id)?.name;
}

/** One sentence that says everything a glance at the bar says. */
export function stopLabel(row, stop) {
  const [, , arrival, start, end] = stop.t;
  const when = t("fromTo", { from: clock(start), to: clock(end) });
  const parts = [stop.job ? stop.job.visit : t(`kind_${stop.kind}`), when, personOf(row)];
  if (stop.job) parts.push(...jobFacts(stop));
  parts.push(stop.failed ? t("notDone") : stop.at_work ? t("atWork") : stop.at_door ? t("atDoor") : t(`phase_${stop.phase}`));
  if (stop.kind === "visit" && start - arrival > 60) parts.push(t("arrivesAt", { time: clock(arrival) }));
  return parts.filter(Boolean).join(", ");
}

function jobFacts(stop) {
  const { job } = stop;
  return [
    priorityWord(job),
    job.window && t("promised", { span: span(...job.window) }),
    stop.late_s > 0 && t("lateBy", { time: duration(stop.late_s) }),
    job.hold && t(`hold_${job.hold}`),
    job.vip && "VIP",
    job.crew > 1 && t("crewOf", { n: job.crew }),
  ];
}
