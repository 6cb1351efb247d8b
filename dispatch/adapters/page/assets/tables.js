// Tables: heads are [word, class], rows are elements made by `row`.
const cell = (value, cls = "") => h("td", { class: cls }, value);

/** One row of [value, class] pairs. */
const row = (cells, props = {}) => h("tr", props, ...cells.map(([value, cls]) => cell(value, cls)));

function table(heads, rows, { cls = "", caption = null } = {}) {
  return h("table", { class: cls }, caption === null ? null : h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map(([word, c]) => h("th", { scope: "col", class: c }, word)))), h("tbody", {}, ...rows));
}
