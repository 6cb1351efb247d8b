// What a stop, a visit or a rule is called: on the page and for screen readers.
import { clock, duration, span } from "../shared/format.js";
import { getLanguage, t, tOr } from "../shared/words.js";
import { personOf } from "./store.js";

/** Short, for bars: minutes rounded up, so that a second late is not "+0". */
export const lateWord = (seconds) => `+${Math.ceil(seconds / 60)}′`;
export const priorityWord = (job) => t(`p_${job.priority}`);
export const skillsWord = (skills) => skills.map(([skill, level]) => (level > 1 ? `${skill} ${level}` : skill)).join(", ");
export const ruleWord = (rule) => tOr(`rule_${rule}`, rule);
export const reasonWord = (code) => tOr(`why_${code}`, code);
export const textOf = (words) => (typeof words === "string" ? words : words[getLanguage()] || words.en || "");

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
