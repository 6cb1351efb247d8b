// The map: MapLibre on our own tiles where the browser can, a blank grid where it cannot.
import { byId } from "../shared/dom.js";
import { onTheme } from "../shared/theme.js";
import { t } from "../shared/words.js";
import { linesOf, mainLegs, placesOf } from "./map_data.js";
import { focusOn, on, store } from "./store.js";

let ground = null;
let clicked = () => {};
let shownWay = null; // to an emergency

export const onMapClick = (tell) => {
  clicked = tell;
};

/** Draw a way to an emergency; null takes it away. */
export function drawWay(way) {
  shownWay = way;
  if (!ground) return;
  ground.setWay(way);
  byId("map").dataset.way = way ? (mainLegs(way).some((leg) => !leg.straight) ? "streets" : "straight") : "";
  explain(linesOf());
}

/** Nobody is to take a straight line for a street. */
function explain(lines) {
  const others = shownWay?.others.some(Boolean);
  byId("map-legend").hidden = !others && ![...lines, ...mainLegs(shownWay)].some((line) => line.straight);
}

function picked(feature) {
  if (!feature) return;
  if (feature.visit) focusOn("visit", feature.visit);
}

function hasWebGl() {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(gl);
}

function update() {
  if (!ground || !store.view) return;
  ground.setPlaces(placesOf());
  drawLines();
}

function drawLines() {
  const lines = linesOf();
  ground.setLines(lines);
  explain(lines);
  byId("map").dataset.streets = String(lines.filter((line) => !line.straight).length);
}

function focusPlace() {
  if (!ground || !store.focus) return;
  update();
  if (store.focus.kind === "visit") {
    const job = store.byVisit.get(store.focus.id)?.[0]?.stop.job || store.open.get(store.focus.id)?.job;
    if (job) ground.show([job.at]);
    return;
  }
  const row = store.byRow.get(store.focus.id);
  const places = (row?.stops || []).filter((stop) => stop.job).map((stop) => stop.job.at);
  if (places.length) ground.show(places);
}

async function build() {
  const place = byId("map");
  const options = { place, onPick: picked, onClick: (at) => clicked(at) };
  const asked = new URLSearchParams(location.search).get("map");
  if (asked !== "blank" && hasWebGl()) {
    try {
      const { GlGround } = await import("./map_gl.js");
      return await GlGround.open(options);
    } catch (error) {
      byId("map-note").textContent = t("mapFailed", { why: error.message });
    }
  } else byId("map-note").textContent = t("mapBlank");
  const { BlankGround } = await import("./map_blank.js");
  return new BlankGround(options);
}

/** Build the map once the rows are on the screen. */
export async function startMap() {
  ground = await build();
  update();
  ground.fit();
  on("rows", update);
  on("selection", update);
  on("focus", focusPlace);
  on("ways", drawLines);
  onTheme(() => {
    ground.restyle();
    update();
  });
  byId("map-fit").addEventListener("click", () => ground.fit());
  byId("map-in").addEventListener("click", () => ground.zoomBy(1));
  byId("map-out").addEventListener("click", () => ground.zoomBy(-1));
  document.documentElement.dataset.map = ground.kind;
}
