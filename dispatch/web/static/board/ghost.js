// What is carried: a bar where it would stand, and a card with its price and the rules it breaks.
import { byId, fill, h, icon } from "../shared/dom.js";
import { clock, duration, price, toSecond } from "../shared/format.js";
import { t } from "../shared/words.js";
import { percent, width } from "./axis.js";
import { ruleWord } from "./labels.js";
import { personOf } from "./store.js";
import { reveal } from "./timeline.js";

let card = null;
let bar = null;

/** A broken rule in words. */
const MOST_OTHERS = 4;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
const readable = (text) => (MOMENT.test(text) ? clock(toSecond(text)) : text);

export function brokenWord(one) {
  const facts = one.late_s ? t("lateBy", { time: duration(one.late_s) }) : [one.found && readable(one.found), one.expected && t("expected", { what: readable(one.expected) })].filter(Boolean).join(" · ");
  return facts ? `${ruleWord(one.rule)}: ${facts}` : ruleWord(one.rule);
}

/** point: where the hand is; above: it covers what is below it, as a finger does. */
export function showGhost(trial, point = null, above = false) {
  if (!card) {
    card = h("div", { class: "ghost", role: "presentation" });
    byId("overlay").append(card);
  }
  const { answer, target } = trial;
  const hard = answer.broken.some((one) => one.soft === false);
  card.className = `ghost ${hard ? "bad" : answer.broken.length || answer.others?.length ? "warn" : "good"}${answer.rough ? " rough" : ""}`;
  fill(card, ...describe(trial));
  placeBar(trial);
  const box = (point && { left: point.x, bottom: point.y }) || bar?.getBoundingClientRect() || { left: 400, bottom: 300 };
  const left = Math.min(box.left + 14, innerWidth - card.offsetWidth - 12);
  const below = !above && box.bottom + 16 + card.offsetHeight < innerHeight;
  card.style.left = `${Math.max(8, left)}px`;
  card.style.top = `${below ? box.bottom + 16 : Math.max(8, box.bottom - card.offsetHeight - (above ? 56 : 30))}px`;
  card.dataset.state = answer.rough ? "guess" : "exact";
  card.dataset.target = target.key;
}

function describe({ label, answer, target }) {
  const { row, slot } = target;
  const where = row ? (slot.after ? t("behind", { name: personOf(row), visit: slot.after }) : t("firstOf", { name: personOf(row) })) : t("takeOff");
  const arrival = row && answer.arrival !== undefined && t(answer.rough ? "about" : "arrivesAt", { time: clock(answer.arrival) });
  return [
    h("b", null, `${label} → ${where}`),
    h("p", { class: "ghost-facts" }, arrival ? h("span", null, arrival) : null, priceOf(answer)),
    answer.broken.length || answer.others?.length
      ? h("ul", null, answer.broken.map((one) => h("li", { class: one.soft === false ? "bad" : "warn" }, icon("warn"), brokenWord(one), one.soft ? h("em", null, t("waivable")) : null)), drawOthers(answer.others || []))
      : h("p", { class: "ok" }, icon("check"), t(answer.rough ? "nothingSeen" : "nothingBroken")),
  ];
}

/** Whom it makes late, or later: no rule forbids it, but the price is not all there is to say. */
function drawOthers(others) {
  const more = others.length - MOST_OTHERS;
  const lines = others.slice(0, MOST_OTHERS).map((one) => h("li", { class: "warn" }, icon("warn"), `${one.visit}: ${t("lateBy", { time: duration(one.lateness_s) })}`));
  return more > 0 ? [...lines, h("li", null, t("andMore", { n: more }))] : lines;
}

function priceOf(answer) {
  if (answer.rough) return h("span", { class: "asking" }, t("pricing"));
  return answer.total === undefined ? null : h("span", { class: `money ${answer.total > 0 ? "up" : "down"}` }, price(answer.total));
}

function placeBar({ answer, target }) {
  if (bar) bar.remove();
  bar = null;
  if (!target.row || answer.arrival === undefined) return;
  const track = reveal(target.row.id)?.closest(".lane").querySelector(".track");
  if (!track) return;
  bar = h("div", { class: `ghost-bar${answer.broken.length ? " warn" : ""}`, "aria-hidden": "true", css: { left: percent(answer.arrival), width: width(answer.until - answer.arrival) } });
  track.append(bar);
}

export function hideGhost() {
  if (card) card.remove();
  if (bar) bar.remove();
  card = null;
  bar = null;
}

/** The same in one sentence, for screen readers. */
export function ghostSentence(trial) {
  const { answer } = trial;
  const words = describe(trial).map((one) => one.textContent);
  return answer.rough ? `${words[0]}` : words.join(". ");
}
