// A soft rule may be broken by somebody who says why; the reason stays with the plan.
import { byId, h, icon } from "../shared/dom.js";
import { price } from "../shared/format.js";
import { t } from "../shared/words.js";
import { brokenWord } from "./ghost.js";
import { personOf } from "./store.js";

/** Ask for a reason; null where the dispatcher thinks better of it. */
export function askWaivers(visit, row, answer) {
  return new Promise((tell) => {
    const why = h("textarea", { id: "waiver-why", required: true, rows: 3, maxlength: 500, minlength: 3 });
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "waiver-title" });
    const end = (value) => {
      dialog.close();
      dialog.remove();
      tell(value);
    };
    const form = h(
      "form",
      {
        method: "dialog",
        onsubmit: (event) => {
          event.preventDefault();
          end(answer.broken.map((one) => ({ rule: one.rule, why: why.value.trim() })));
        },
      },
      h("h2", { id: "waiver-title" }, t("waiverTitle", { visit, name: row ? personOf(row) : t("nobody") })),
      h("ul", { class: "broken" }, answer.broken.map((one) => h("li", null, icon("warn"), brokenWord(one)))),
      answer.total === undefined ? null : h("p", { class: "small" }, t("priceChange", { price: price(answer.total) })),
      h("label", { for: "waiver-why" }, t("waiverWhy")),
      why,
      h("p", { class: "muted small" }, t("waiverStays")),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "button", onclick: () => end(null) }, t("cancel")),
        h("button", { type: "submit", class: "button main" }, t("waiveAndMove")),
      ),
    );
    dialog.append(form);
    dialog.addEventListener("cancel", () => end(null));
    byId("overlay").append(dialog);
    dialog.showModal();
    why.focus();
  });
}
