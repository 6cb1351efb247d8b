// Short messages at the lower edge, read out by screen readers; one may carry an action.
import { byId, h, icon } from "./dom.js";
import { t, tOr } from "./words.js";

const LASTS_MS = 7000;

/** Show a message; kind is "good", "warn", "bad" or "". An action that is about the last thing done
 *  (last) goes when something else was done. */
export function toast(text, { kind = "", action = null, label = "", last = false, lasts_ms = LASTS_MS } = {}) {
  const close = () => box.remove();
  const act = () => {
    close();
    action();
  };
  const box = h(
    "div",
    { class: `toast ${kind}` },
    kind === "bad" || kind === "warn" ? icon("warn") : kind === "good" ? icon("check") : null,
    h("p", null, text),
    action && h("button", { type: "button", class: last ? "link last" : "link", onclick: act }, label),
    h("button", { type: "button", class: "close", onclick: close, "aria-label": t("close") }, icon("cross")),
  );
  const place = byId("toasts");
  place.append(box);
  while (place.children.length > 4) place.firstElementChild.remove();
  let timer = setTimeout(close, lasts_ms);
  // Who reads or aims at it has time.
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("focusin", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => {
    timer = setTimeout(close, lasts_ms);
  });
}

/** Something else was done: what is shown about the last thing does not hold any more. */
export function forgetLast() {
  for (const one of byId("toasts").querySelectorAll("button.last")) one.remove();
}

/** What went wrong: in words of the page where it has them for the code, else in the service's. */
export const faultWord = (fault) => tOr(`fault_${fault.problem?.faults?.[0]?.code}`, fault.message);

/** Say what went wrong. */
export function toastFault(fault) {
  if (fault.name === "AbortError") return;
  const problem = fault.problem || {};
  const word = faultWord(fault);
  if (word !== fault.message) {
    toast(word, { kind: "bad", lasts_ms: 12000 });
    return;
  }
  // The first one's finding is the message itself.
  const faults = (problem.faults || problem.errors || []).map((one, number) => one.hint || (number ? one.found || one.msg : ""));
  toast([fault.message, ...faults.slice(0, 2)].filter(Boolean).join(" · "), { kind: "bad", lasts_ms: 12000 });
}

/** Tell screen readers. */
export function say(text) {
  const live = byId("live");
  live.textContent = "";
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}
