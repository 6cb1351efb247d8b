// Puts the board together: session, day, rows first, the map when they stand.
import { api } from "../shared/api.js";
import { byId, h, icon } from "../shared/dom.js";
import { forgetClock } from "../shared/format.js";
import { switchTheme } from "../shared/theme.js";
import { toastFault } from "../shared/toast.js";
import { getLanguage, setLanguage, t, translatePage } from "../shared/words.js";
import { drawDetails, startDetails } from "./details.js";
import { startDrag } from "./drag.js";
import { drawClocks, startEmergency } from "./emergency.js";
import { applyFilters, startFilters } from "./filters.js";
import { drawHead, startHead } from "./head.js";
import { showHelp } from "./help.js";
import { redrawKeepingFocus, startKeys } from "./keys.js";
import { listen } from "./live.js";
import { drawLog } from "./log.js";
import { startMap } from "./map.js";
import { redoLast, undoLast } from "./moves.js";
import { startPanel } from "./panel.js";
import { startReplan } from "./replan.js";
import { startSplitter } from "./splitter.js";
import { emit, mayDispatch, on, refresh, store } from "./store.js";
import { lanes, showNow, startTimeline, zoom } from "./timeline.js";
import { drawTray, startTray } from "./tray.js";
import "./words_board.js";

const ICONS = { undo: "undo", redo: "redo", theme: "theme", print: "print", help: "help", leave: "out", "map-in": "plus", "map-out": "minus", "map-fit": "fit", "zoom-in": "plus", "zoom-out": "minus" };

function setWords() {
  translatePage();
  byId("lang").textContent = getLanguage() === "zh" ? "EN" : "中文";
  byId("lang").setAttribute("aria-label", getLanguage() === "zh" ? "English" : "中文");
  document.title = store.day ? `${store.day} · servicenet` : "servicenet";
}

function changeLanguage() {
  setLanguage(getLanguage() === "zh" ? "en" : "zh");
  setWords();
  forgetClock();
  drawHead();
  drawTray();
  drawDetails();
  drawLog();
  drawClocks();
  emit("language");
  applyFilters();
}

function wire() {
  for (const [id, name] of Object.entries(ICONS)) byId(id).append(icon(name));
  byId("logo").append(icon("logo"));
  const acts = {
    undo: undoLast,
    redo: redoLast,
    lang: changeLanguage,
    theme: switchTheme,
    print: () => window.open(`/print?day=${encodeURIComponent(store.day)}`, "_blank", "noopener"),
    help: showHelp,
    leave: () => api.signOut().finally(() => location.assign("/login")),
    "to-now": showNow,
    "zoom-in": () => zoom(1),
    "zoom-out": () => zoom(-1),
  };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
  byId("undo").disabled = byId("redo").disabled = !mayDispatch();
  // Wide zoom by wheel with the key held, as maps do.
  lanes().addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1 : -1);
  }, { passive: false });
}

async function chooseDay() {
  const asked = new URLSearchParams(location.search).get("day");
  if (asked) return asked;
  const { items } = await api.days();
  if (!items.length) return "";
  const today = new Date().toISOString().slice(0, 10);
  return (items.find((one) => one.date === today) || items.at(-1)).id;
}

function noDay() {
  byId("day-name").textContent = t("noDay");
  byId("no-rows").hidden = false;
}

async function start() {
  setWords();
  startTimeline();
  startPanel();
  startFilters();
  startHead();
  on("rows", redrawKeepingFocus);
  const [session, day] = await Promise.all([api.session(), chooseDay()]);
  Object.assign(store, { actor: session.actor, role: session.role, regions: session.regions || [], day });
  if (!day) {
    noDay();
    return;
  }
  startTray();
  startDetails();
  await refresh();
  document.documentElement.dataset.ready = "rows";
  // What was drawn is on the screen one frame later.
  requestAnimationFrame(() => setTimeout(() => performance.mark("board-painted"), 0));
  setWords();
  wire();
  startKeys();
  startDrag();
  startEmergency();
  startReplan();
  startSplitter();
  showNow();
  drawLog();
  listen();
  requestAnimationFrame(() => setTimeout(() => startMap().catch(toastFault), 0));
}

start().catch((fault) => {
  byId("day-name").textContent = fault.message;
  byId("overlay").append(h("p", { class: "banner", role: "alert" }, fault.message));
});
