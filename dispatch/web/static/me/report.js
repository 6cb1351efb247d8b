// The service report of a visit: what was done, parts used, who signed.
import { byId, h } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { signaturePad } from "./signature.js";

/** Items of T259-8.3-b that are done or not. */
const ITEMS = ["id_shown", "content_explained", "price_explained", "site_clean", "waste_handled"];
const TESTS = ["passed", "failed", "not_possible"];

/** Ask for the report; null where the technician goes back. */
export function askReport(stop) {
  return new Promise((tell) => {
    const { job } = stop.stop;
    const dialog = h("dialog", { class: "dialog report", "aria-labelledby": "report-title" });
    const end = (value) => {
      dialog.close();
      dialog.remove();
      tell(value);
    };
    const text = h("textarea", { id: "rep-text", rows: 4, maxlength: 2000, required: true });
    const name = h("input", { id: "rep-name", type: "text", maxlength: 100, required: true, autocomplete: "off" });
    const parts = (job.parts || []).map(([part, quantity]) => ({ part, field: h("input", { id: `rep-${part}`, type: "number", min: 0, max: 1000, value: quantity }) }));
    const items = ITEMS.map((item) => ({ item, field: h("input", { id: `rep-${item}`, type: "checkbox" }) }));
    const cause = h("textarea", { id: "rep-cause", rows: 2, maxlength: 2000 });
    const price = h("input", { id: "rep-price", type: "number", min: 0, max: 1000000, step: "0.01", value: 0 });
    const test = h("select", { id: "rep-test" }, TESTS.map((one) => h("option", { value: one }, t(`test_${one}`))));
    const pad = signaturePad(t("signature"));
    const form = h(
      "form",
      {
        class: "report",
        onsubmit: (event) => {
          event.preventDefault();
          const used = parts.map((one) => ({ part: one.part, quantity: Number(one.field.value) })).filter((one) => one.quantity > 0);
          const done = Object.fromEntries(items.map((one) => [one.item, one.field.checked]));
          const more = { ...done, cause: cause.value.trim(), price_fen: Math.round(100 * Number(price.value)), test: test.value };
          end({ ...more, text: text.value.trim(), parts: used, signed_by: name.value.trim(), signature: pad.image() });
        },
      },
      h("h2", { id: "report-title" }, t("reportOf", { visit: job.visit })),
      h("label", { for: "rep-text" }, t("whatDone")),
      text,
      h("label", { for: "rep-cause" }, t("cause")),
      cause,
      h("label", { for: "rep-test" }, t("tested")),
      test,
      h("label", { for: "rep-price" }, t("priceYuan")),
      price,
      items.map((one) => h("label", { class: "check", for: one.field.id }, one.field, " ", t(`item_${one.item}`))),
      parts.map((one) => [h("label", { for: one.field.id }, t("usedOf", { part: one.part })), one.field]),
      h("label", { for: "rep-name" }, t("signedBy")),
      name,
      h("div", { class: "row" }, h("span", { class: "small" }, t("signature")), h("button", { type: "button", class: "link", onclick: pad.clear }, t("clear"))),
      pad.canvas,
      h("div", { class: "buttons" }, h("button", { type: "button", class: "button", onclick: () => end(null) }, t("cancel")), h("button", { type: "submit", class: "button main" }, t("finish"))),
    );
    dialog.append(form);
    dialog.addEventListener("cancel", () => end(null));
    byId("overlay").append(dialog);
    dialog.showModal();
    text.focus();
  });
}
