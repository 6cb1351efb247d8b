// The keys, on one sheet.
import { byId, h } from "../shared/dom.js";
import { t } from "../shared/words.js";

const KEYS = [
  ["↑ ↓ ← →", "k_arrows"],
  ["Enter", "k_enter"],
  ["M", "k_move"],
  ["L", "k_lock"],
  ["Delete", "k_delete"],
  ["Space", "k_space"],
  ["Ctrl Z", "k_undo"],
  ["Ctrl Shift Z", "k_redo"],
  ["/", "k_search"],
  ["T", "k_timeline"],
  ["U E R D", "k_tabs"],
  ["N + −", "k_zoom"],
];

export function showHelp() {
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "help-title" });
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  dialog.append(
    h("h2", { id: "help-title" }, t("help")),
    h("dl", { class: "keys" }, KEYS.map(([key, word]) => [h("dt", null, key.split(" ").map((one) => h("kbd", null, one))), h("dd", null, t(word))])),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "button main", onclick: close }, t("close"))),
  );
  dialog.addEventListener("cancel", close);
  byId("overlay").append(dialog);
  dialog.showModal();
}
