// The board on paper: a table per technician, without customers.
import { api } from "../shared/api.js";
import { byId, fill, h } from "../shared/dom.js";
import { clock, dateOf, duration, setClock, span } from "../shared/format.js";
import { addWords, getLanguage, t } from "../shared/words.js";
import { sentence, skillsWord } from "../board/labels.js";
import { complete } from "../board/store.js";
import "../board/words_board.js";

addWords(
  { no: "No.", visit: "Stop", arrival: "Arrival", until: "Until", note: "Note", printIt: "Print", asOf: "as of {time}", unassignedTitle: "Unassigned" },
  { no: "序号", visit: "停靠", arrival: "到达", until: "结束", note: "备注", printIt: "打印", asOf: "截至 {time}", unassignedTitle: "待派" },
);
document.documentElement.dataset.theme = "light";

function rowOf(stop, count) {
  const { job } = stop;
  const name = job ? job.visit : t(`kind_${stop.kind}`);
  const note = [job && t(`p_${job.priority}`), stop.late_s > 0 && t("lateBy", { time: duration(stop.late_s) }), job?.hold && t(`hold_${job.hold}`), stop.failed && t("notDone")];
  const cells = [job ? String(count) : "", name, clock(stop.t[2]), clock(stop.t[4]), job?.window ? span(...job.window) : "", job ? skillsWord(job.skills) : "", note.filter(Boolean).join(getLanguage() === "zh" ? "，" : ", ")];
  return h("tr", { class: stop.late_s > 0 ? "late" : "" }, cells.map((text) => h("td", null, text)));
}

function sheetOf(row) {
  let count = 0;
  const heads = ["no", "visit", "arrival", "until", "promise", "skills", "note"];
  return h(
    "section",
    { class: "sheet" },
    h("h2", null, row.name || row.technician, h("small", null, [row.foreign && t("anotherRegion"), row.name && row.technician, row.outlet, span(...row.span)].filter(Boolean).join(" · "))),
    h("table", null, h("colgroup", null, heads.map((key) => h("col", { class: `col-${key}` }))), h("thead", null, h("tr", null, heads.map((key) => h("th", { scope: "col" }, t(key))))), h("tbody", null, row.stops.map((stop) => rowOf(stop, stop.job ? (count += 1) : 0)))),
  );
}

function openOf(view) {
  if (!view.open.length) return null;
  return h("section", { class: "sheet" }, h("h2", null, t("unassignedTitle")), h("ul", null, view.open.map((one) => h("li", null, [one.job.visit, t(`p_${one.job.priority}`), one.job.window && span(...one.job.window), sentence(getLanguage() === "zh" ? one.summary_zh : one.summary)].filter(Boolean).join(" · ")))));
}

async function start() {
  const day = new URLSearchParams(location.search).get("day") || (await api.days()).items.at(-1)?.id;
  const { value } = await api.board(day);
  const view = complete(value);
  setClock(view);
  byId("title").textContent = view.day;
  byId("subtitle").textContent = `${dateOf(view.date)} · ${view.zone} · ${t("asOf", { time: clock(view.now) })}`;
  byId("print").textContent = t("printIt");
  byId("print").addEventListener("click", () => window.print());
  fill(byId("sheets"), view.rows.filter((row) => row.stops.length).map(sheetOf), openOf(view));
  document.documentElement.dataset.ready = "print";
}

start().catch((fault) => {
  byId("title").textContent = fault.message;
});
