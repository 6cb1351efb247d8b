// How fast a simulated day runs: stand, go on, slower, faster. Nothing of it on a real day.
import { api } from "../shared/api.js";
import { byId, h, icon, refill } from "../shared/dom.js";
import { toastFault } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { mayDispatch, on, setNow, store } from "./store.js";

let told = null; // {rate, rates, set}
let before = 1; // the rate before it stood

async function run(rate) {
  try {
    const found = await api.setClock(told.set, rate);
    setNow((new Date(found.now).getTime() - store.view.base) / 1000, found.rate);
    drawSpeed({ ...told, rate: found.rate });
  } catch (fault) {
    toastFault(fault);
  }
}

const button = (id, pressed, label, act, ...inside) =>
  h("button", { type: "button", class: "tool", id, "aria-pressed": String(pressed), "aria-label": label, title: label, disabled: !mayDispatch(), onclick: act }, ...inside);

/** Draw what the service said about the clock; without rates there is nothing to choose. */
export function drawSpeed(given = told) {
  told = given;
  const place = byId("speed");
  place.hidden = !told?.rates;
  if (place.hidden) return;
  if (told.rate) before = told.rate;
  const held = place.contains(document.activeElement) ? document.activeElement.id : "";
  refill(
    place,
    button("speed-0", !told.rate, told.rate ? t("stand") : t("goOn"), () => run(told.rate ? 0 : before), icon(told.rate ? "pause" : "play")),
    told.rates.filter((rate) => rate > 0).map((rate) => button(`speed-${rate}`, rate === told.rate, t("timesAsFast", { n: rate }), () => run(rate), `${rate}×`)),
  );
  if (held) byId(held)?.focus();
}

on("language", () => drawSpeed());
