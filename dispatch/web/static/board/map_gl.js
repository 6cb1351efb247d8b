// The map on WebGL: MapLibre from our own server, roads from our own tiles, letters from the browser.
import { api } from "../shared/api.js";
import { h, icon } from "../shared/dom.js";
import { color } from "../shared/theme.js";
import { boundsOf, mainLegs } from "./map_data.js";
import { overlay, roadLayers } from "./map_style.js";

const LIBRARY = "/static/maplibre/maplibre-gl";

function load() {
  if (window.maplibregl) return Promise.resolve();
  document.head.append(h("link", { rel: "stylesheet", href: `${LIBRARY}.css` }));
  return new Promise((done, fail) => {
    const script = h("script", { src: `${LIBRARY}.js` });
    script.addEventListener("load", done);
    script.addEventListener("error", () => fail(new Error("maplibre")));
    document.head.append(script);
  });
}

const point = (one) => ({ type: "Feature", geometry: { type: "Point", coordinates: one.at }, properties: { ...one, at: undefined } });
const line = (points, properties) => ({ type: "Feature", geometry: { type: "LineString", coordinates: points }, properties });
const collection = (features) => ({ type: "FeatureCollection", features });

/** Letters are drawn by the browser in its own font, all of them: no font is fetched from anywhere. */
function drawLettersHere(map) {
  const letters = map.style.glyphManager;
  // The library does so for Chinese alone unless it is told; one that cannot be told shows no others.
  if (letters?._doesCharSupportLocalGlyph) letters._doesCharSupportLocalGlyph = () => true;
}

async function styleOf() {
  const sources = { lines: empty(), places: empty(), way: empty() };
  let tiles = null;
  try {
    tiles = await api.tiles();
  } catch (fault) {
    if (fault.status !== 404) throw fault; // no roads: places on plain ground
  }
  if (tiles) sources.roads = { type: "vector", tiles: [`${location.origin}/tiles/{z}/{x}/{y}.mvt`], minzoom: 8, maxzoom: tiles.maxzoom, bounds: tiles.bounds, attribution: tiles.attribution };
  const background = { id: "land", type: "background", paint: { "background-color": color("--land") } };
  return { version: 8, sources, glyphs: "letters://{fontstack}/{range}", layers: [background, ...(tiles ? roadLayers() : []), ...overlay(Boolean(tiles))] };
}

const empty = () => ({ type: "geojson", data: collection([]) });

/** Say on the document since when everything was drawn; nothing while something comes or moves. */
function markIdle(map) {
  const { dataset } = document.documentElement;
  map.on("idle", () => {
    dataset.mapIdle ??= String(Math.round(performance.now()));
  });
  for (const kind of ["dataloading", "movestart"]) map.on(kind, () => delete dataset.mapIdle);
}

export class GlGround {
  kind = "webgl";

  static async open(options) {
    const [style] = await Promise.all([styleOf(), load()]);
    window.maplibregl.addProtocol("letters", async () => ({ data: new ArrayBuffer(0) }));
    const map = new window.maplibregl.Map({ container: options.place, style, center: [114.3, 30.6], zoom: 10, attributionControl: false, fadeDuration: 0, dragRotate: false, pitchWithRotate: false, maxZoom: 18 });
    drawLettersHere(map);
    map.addControl(new window.maplibregl.AttributionControl({ compact: false }));
    map.touchZoomRotate.disableRotation();
    const ground = new GlGround(map, options);
    await new Promise((done, fail) => {
      map.once("load", done);
      map.once("error", ({ error }) => fail(error));
    });
    markIdle(map);
    return ground;
  }

  constructor(map, { onPick, onClick }) {
    this.map = map;
    this.places = [];
    this.markers = [];
    this.outletKey = "";
    map.on("click", (event) => {
      const box = [[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]];
      const found = map.queryRenderedFeatures(box, { layers: ["places"] }).find((one) => one.properties.visit);
      if (found) onPick(found.properties);
      else onClick([event.lngLat.lng, event.lngLat.lat]);
    });
    map.on("mouseenter", "places", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "places", () => (map.getCanvas().style.cursor = ""));
  }

  setPlaces(places) {
    this.places = places;
    this.map.getSource("places")?.setData(collection(places.filter((one) => one.kind !== "outlet").map(point)));
    this.setOutlets(places.filter((one) => one.kind === "outlet"));
  }

  /** Outlets are few: elements with their names, so that no glyphs have to be fetched. */
  setOutlets(outlets) {
    const key = outlets.map((one) => `${one.label}${one.at}`).join();
    if (key === this.outletKey) return;
    this.outletKey = key;
    for (const marker of this.markers) marker.remove();
    this.markers = outlets.map((one) => {
      const element = h("div", { class: "outlet-mark" }, h("span", { class: "outlet-house" }, icon("home")), h("b", null, one.label));
      return new window.maplibregl.Marker({ element, anchor: "center" }).setLngLat(one.at).addTo(this.map);
    });
  }

  setLines(lines) {
    this.map.getSource("lines")?.setData(collection(lines.map(({ points, ...rest }) => line(points, rest))));
  }

  setWay(way) {
    const features = [];
    if (way) {
      features.push(point({ at: way.to, kind: "target" }));
      for (const other of way.others) if (other) features.push(line([other, way.to], { main: false, straight: true }));
      for (const leg of mainLegs(way)) features.push(line(leg.points, { main: true, straight: Boolean(leg.straight) }));
      if (way.from) features.push(point({ at: way.from, kind: "from", label: way.label }));
      this.show([way.to, ...(way.from ? [way.from] : [])]);
    }
    this.map.getSource("way")?.setData(collection(features));
  }

  fit() {
    const bounds = boundsOf(this.places);
    if (bounds) this.map.fitBounds([bounds.slice(0, 2), bounds.slice(2)], { padding: 36, maxZoom: 15, animate: false });
  }

  show(places) {
    const [west, south, east, north] = boundsOf(places.map((at) => ({ at })));
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (places.length === 1) {
      if (!this.map.getBounds().contains(places[0])) this.map.easeTo({ center: places[0], animate: !calm });
    } else this.map.fitBounds([[west, south], [east, north]], { padding: 60, maxZoom: 15, animate: !calm, duration: 400 });
  }

  zoomBy(steps) {
    this.map.zoomTo(this.map.getZoom() + steps);
  }

  restyle() {
    this.map.setPaintProperty("land", "background-color", color("--land"));
    const streets = Boolean(this.map.getSource("roads"));
    for (const layer of [...(streets ? roadLayers() : []), ...overlay(streets)]) {
      for (const [key, value] of Object.entries(layer.paint || {})) this.map.setPaintProperty(layer.id, key, value);
    }
  }
}
