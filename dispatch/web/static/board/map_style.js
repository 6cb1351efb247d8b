// How roads, ways and places are drawn; colors come from the style sheet of the theme.
import { color } from "../shared/theme.js";

const WIDTHS = { motorway: [2, 9], primary: [1.7, 8], secondary: [1.3, 7], tertiary: [1, 6], minor: [0.7, 4.5] };
const DASHES = [2, 1.6]; // in widths of the line
const grow = ([low, high], more = 0) => ["interpolate", ["exponential", 1.5], ["zoom"], 9, low + more * 0.6, 16, high + more];

function road(cls, casing) {
  const major = cls === "motorway" || cls === "primary";
  const paint = {
    "line-color": color(casing ? (major ? "--major-casing" : "--casing") : major ? "--major" : "--road"),
    "line-width": grow(WIDTHS[cls], casing ? 1.6 : 0),
  };
  return { id: `${casing ? "casing" : "road"}-${cls}`, type: "line", source: "roads", "source-layer": "roads", filter: ["==", ["get", "class"], cls], layout: { "line-cap": "round", "line-join": "round" }, paint };
}

export function roadLayers() {
  const order = ["minor", "tertiary", "secondary", "primary", "motorway"];
  return [...order.map((cls) => road(cls, true)), ...order.map((cls) => road(cls, false))];
}

/** Names along their streets, those of larger streets first where there is no room for all. */
function streetNames() {
  const large = ["match", ["get", "class"], ["motorway", "primary"], 13, ["secondary"], 12, 11];
  return {
    id: "street-names",
    type: "symbol",
    source: "roads",
    "source-layer": "roads",
    filter: ["has", "name"],
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 320,
      "symbol-sort-key": ["match", ["get", "class"], "motorway", 0, "primary", 1, "secondary", 2, "tertiary", 3, 4],
      "text-field": ["get", "name"],
      "text-font": ["local"],
      "text-size": ["interpolate", ["linear"], ["zoom"], 12, ["-", large, 1.5], 17, ["+", large, 1.5]],
      "text-max-angle": 30,
      "text-padding": 4,
    },
    paint: { "text-color": color("--muted"), "text-halo-color": color("--land"), "text-halo-width": 1.6 },
  };
}

/** Lines of rows, street names, places, the way to an emergency; as they lie on each other. */
export function overlay(streets) {
  return [...lineLayers(), ...(streets ? [streetNames()] : []), ...placeLayers(), ...wayLayers()];
}

/** Streets as lines, straight ways dashed; what is behind somebody steps back. */
function lineLayers() {
  const opacity = ["*", ["case", ["get", "past"], 0.4, 1], ["case", ["get", "strong"], 0.9, 0.55]];
  const paint = { "line-color": ["get", "color"], "line-width": ["case", ["get", "strong"], 3.5, 1.8], "line-opacity": opacity };
  const layout = { "line-cap": "round", "line-join": "round" };
  return [
    { id: "lines", type: "line", source: "lines", filter: ["!", ["get", "straight"]], layout, paint },
    { id: "lines-straight", type: "line", source: "lines", filter: ["get", "straight"], layout: { "line-join": "round" }, paint: { ...paint, "line-dasharray": DASHES } },
  ];
}

function placeLayers() {
  const size = ["match", ["get", "kind"], "emergency", 9, "open", 7, "outlet", 8, "person", 7, 5.5];
  const edge = ["case", ["get", "chosen"], color("--ink"), ["==", ["get", "kind"], "late"], color("--bad"), color("--halo")];
  return [
    {
      id: "places",
      type: "circle",
      source: "places",
      layout: { "circle-sort-key": ["match", ["get", "kind"], "past", 0, "ahead", 1, "now", 2, "late", 3, "outlet", 4, "open", 5, "person", 6, 7] },
      paint: {
        "circle-color": ["get", "color"],
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, ["*", 0.55, size], 13, size],
        "circle-opacity": ["case", ["get", "dim"], 0.3, 1],
        "circle-stroke-opacity": ["case", ["get", "dim"], 0.3, 1],
        "circle-stroke-color": edge,
        "circle-stroke-width": ["case", ["any", ["get", "chosen"], ["==", ["get", "kind"], "late"]], 2.2, 1.2],
      },
    },
  ];
}

function wayLayers() {
  const [main, straight] = ["main", "straight"].map((key) => ["boolean", ["get", key], false]);
  const lines = ["==", ["geometry-type"], "LineString"];
  const paint = { "line-color": color("--bad"), "line-width": ["case", main, 5, 2], "line-opacity": ["case", main, 0.9, 0.35] };
  return [
    { id: "way", type: "line", source: "way", filter: ["all", lines, ["!", straight]], layout: { "line-cap": "round", "line-join": "round" }, paint },
    { id: "way-straight", type: "line", source: "way", filter: ["all", lines, straight], paint: { ...paint, "line-dasharray": DASHES } },
    { id: "target", type: "circle", source: "way", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": color("--bad"), "circle-radius": ["match", ["get", "kind"], "target", 10, 6], "circle-stroke-color": color("--halo"), "circle-stroke-width": 3 } },
  ];
}
