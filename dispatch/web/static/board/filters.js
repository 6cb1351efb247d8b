// Search and filters; they live in the address of the page, so a link shows what I see.
import { byId, refill, h, later } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { emit, on, store } from "./store.js";

export const filters = { q: "", only: "", outlet: "", skill: "", sort: "name" };
const DEFAULTS = { ...filters };
const ONLY = ["late", "overtime", "free", "away"];
const SORTS = ["name", "late", "load", "outlet"];

function read() {
  const asked = new URLSearchParams(location.search);
  for (const key of Object.keys(filters)) filters[key] = asked.get(key) ?? DEFAULTS[key];
}

function write() {
  const address = new URL(location.href);
  for (const [key, value] of Object.entries(filters)) {
    if (value && value !== DEFAULTS[key]) address.searchParams.set(key, value);
    else address.searchParams.delete(key);
  }
  history.replaceState(null, "", address);
}

const lateStops = (row) => row.stops.filter((stop) => stop.late_s > 0 && stop.phase !== "past").length;
const load = (row) => row.stops.filter((stop) => stop.job).length;

const KEEPS = {
  late: (row) => lateStops(row) > 0,
  overtime: (row) => row.overtime_s > 0,
  free: (row) => !row.away && !row.over && !row.foreign && !row.stops.some((stop) => (stop.job || stop.kind === "other") && stop.phase !== "past"),
  away: (row) => row.away,
};

function matches(row, words) {
  if (!words.length) return true;
  const text = [row.technician, row.name, row.outlet, ...row.stops.map((stop) => stop.job?.visit)].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

const ORDERS = {
  name: () => 0,
  late: (a, b) => lateStops(b) - lateStops(a),
  load: (a, b) => load(b) - load(a),
  outlet: (a, b) => String(a.outlet).localeCompare(String(b.outlet)),
};

/** Choose the rows that are shown, and say so. */
export function applyFilters() {
  const words = filters.q.toLowerCase().split(/\s+/).filter(Boolean);
  store.rows = store.view.rows
    .filter((row) => matches(row, words))
    .filter((row) => !KEEPS[filters.only] || KEEPS[filters.only](row))
    .filter((row) => !filters.outlet || row.outlet === filters.outlet)
    .filter((row) => !filters.skill || row.skills.some(([skill]) => skill === filters.skill))
    // Rows of others are there for single visits: below the own ones.
    .sort((a, b) => a.foreign - b.foreign || (ORDERS[filters.sort] || ORDERS.name)(a, b));
  emit("rows");
}

function change(key, value) {
  filters[key] = filters[key] === value && key === "only" ? "" : value;
  write();
  draw();
  applyFilters();
}

function choice(key, name, options) {
  const select = h("select", { id: `f-${key}`, "aria-label": name, onchange: (event) => change(key, event.target.value) }, options.map(([value, word]) => h("option", { value }, word)));
  select.value = filters[key];
  return select;
}

/** The bar of filters; counts are of all rows. */
export function draw() {
  if (!store.view) return;
  const chips = ONLY.map((one) => {
    const count = store.view.rows.filter(KEEPS[one]).length;
    const pressed = filters.only === one;
    return h("button", { type: "button", class: "filter", "aria-pressed": String(pressed), onclick: () => change("only", one) }, t(`f_${one}`), h("b", null, String(count)));
  });
  const outlets = store.view.outlets.filter((one) => one.kind !== "contracted").map((one) => [one.id, one.name || one.id]);
  refill(
    byId("filters"),
    chips,
    choice("outlet", t("outlet"), [["", t("allOutlets")], ...outlets]),
    choice("skill", t("skill"), [["", t("allSkills")], ...store.view.skills.map((one) => [one, one])]),
    choice("sort", t("sortBy"), SORTS.map((one) => [one, t(`sort_${one}`)])),
    h("span", { class: "muted small", role: "status" }, t("nRows", { n: store.rows.length, all: store.view.rows.length })),
  );
}

export function startFilters() {
  read();
  const search = byId("search");
  search.value = filters.q;
  const soon = later(120, () => change("q", search.value.trim()));
  search.addEventListener("input", soon);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = "";
      change("q", "");
    }
  });
  on("view", applyFilters);
  on("rows", draw);
}
