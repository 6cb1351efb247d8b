// A map without WebGL: a grid of the right scale, places and lines; drag, wheel and buttons move it.
import { eachFrame, h } from "../shared/dom.js";
import { color } from "../shared/theme.js";
import { t } from "../shared/words.js";
import { boundsOf, mainLegs } from "./map_data.js";

const RADIUS = 5;
const toY = (lat) => (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
const toLat = (y) => (360 / Math.PI) * (Math.atan(Math.exp((y * Math.PI) / 180)) - Math.PI / 4);

export class BlankGround {
  kind = "blank";

  constructor({ place, onPick, onClick }) {
    Object.assign(this, { place, onPick, onClick, places: [], lines: [], way: null });
    this.view = { x: 0, y: 0, scale: 1000 };
    this.canvas = h("canvas", { class: "blank-map", role: "img", "aria-label": t("map") });
    place.append(this.canvas);
    this.draw = eachFrame(() => this.paint());
    new ResizeObserver(() => this.resize()).observe(place);
    this.listen();
  }

  listen() {
    let from = null;
    this.canvas.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY, view: { ...this.view }, far: false };
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      from.far = from.far || Math.hypot(dx, dy) > 4;
      this.view.x = from.view.x - dx / this.view.scale;
      this.view.y = from.view.y + dy / this.view.scale;
      this.draw();
    });
    this.canvas.addEventListener("pointerup", (event) => {
      if (from && !from.far) this.click(event);
      from = null;
    });
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(event.deltaY < 0 ? 0.5 : -0.5);
    }, { passive: false });
  }

  click(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const near = this.places.filter((one) => one.visit).map((one) => ({ one, far: Math.hypot(...this.offset(one.at, x, y)) })).sort((a, b) => a.far - b.far)[0];
    if (near && near.far < 14) this.onPick(near.one);
    else this.onClick([this.view.x + (x - box.width / 2) / this.view.scale, toLat(this.view.y - (y - box.height / 2) / this.view.scale)]);
  }

  offset(at, x, y) {
    const [px, py] = this.project(at);
    return [px - x, py - y];
  }

  project([lon, lat]) {
    const { clientWidth: width, clientHeight: height } = this.place;
    return [width / 2 + (lon - this.view.x) * this.view.scale, height / 2 - (toY(lat) - this.view.y) * this.view.scale];
  }

  setPlaces(places) {
    this.places = places;
    this.draw();
  }

  setLines(lines) {
    this.lines = lines;
    this.draw();
  }

  setWay(way) {
    this.way = way;
    this.draw();
  }

  fit() {
    this.frame(boundsOf(this.places));
  }

  show(places) {
    const bounds = boundsOf(places.map((at) => ({ at })));
    if (places.length === 1) [this.view.x, this.view.y] = [places[0][0], toY(places[0][1])];
    else this.frame(bounds);
    this.draw();
  }

  frame(bounds) {
    if (!bounds) return;
    const [west, south, east, north] = bounds;
    const { clientWidth: width, clientHeight: height } = this.place;
    this.view.x = (west + east) / 2;
    this.view.y = (toY(south) + toY(north)) / 2;
    this.view.scale = 0.86 * Math.min(width / Math.max(1e-4, east - west), height / Math.max(1e-4, toY(north) - toY(south)));
    this.draw();
  }

  zoomBy(steps) {
    this.view.scale *= 1.8 ** steps;
    this.draw();
  }

  restyle() {
    this.draw();
  }

  resize() {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.place.clientWidth * ratio;
    this.canvas.height = this.place.clientHeight * ratio;
    this.draw();
  }

  paint() {
    const pen = this.canvas.getContext("2d");
    const ratio = devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = color("--land");
    pen.fillRect(0, 0, this.place.clientWidth, this.place.clientHeight);
    this.paintGrid(pen);
    for (const line of this.lines) this.paintLine(pen, line, line.strong ? 3 : 1.5);
    for (const leg of mainLegs(this.way)) this.paintLine(pen, { ...leg, color: color("--bad") }, 4);
    for (const one of this.places) this.paintPlace(pen, one);
    if (this.way) this.paintPlace(pen, { at: this.way.to, kind: "emergency", color: color("--bad"), chosen: true });
  }

  paintGrid(pen) {
    const step = 10 ** Math.ceil(Math.log10(60 / this.view.scale));
    const { clientWidth: width, clientHeight: height } = this.place;
    pen.strokeStyle = color("--casing");
    pen.lineWidth = 1;
    pen.beginPath();
    for (let x = Math.floor((this.view.x - width / 2 / this.view.scale) / step) * step; ; x += step) {
      const px = Math.round(width / 2 + (x - this.view.x) * this.view.scale) + 0.5;
      if (px > width) break;
      pen.moveTo(px, 0);
      pen.lineTo(px, height);
    }
    for (let y = Math.floor((this.view.y - height / 2 / this.view.scale) / step) * step; ; y += step) {
      const py = Math.round(height / 2 - (y - this.view.y) * this.view.scale) + 0.5;
      if (py < 0) break;
      pen.moveTo(0, py);
      pen.lineTo(width, py);
    }
    pen.stroke();
  }

  paintLine(pen, { points, color: stroke, straight, past }, width) {
    pen.strokeStyle = stroke;
    pen.lineWidth = width;
    pen.globalAlpha = past ? 0.3 : 0.75;
    pen.setLineDash(straight ? [6, 5] : []);
    pen.beginPath();
    points.forEach((at, number) => pen[number ? "lineTo" : "moveTo"](...this.project(at)));
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  paintPlace(pen, one) {
    const [x, y] = this.project(one.at);
    pen.globalAlpha = one.dim ? 0.35 : 1;
    pen.fillStyle = one.color;
    pen.strokeStyle = one.chosen ? color("--ink") : one.kind === "late" ? color("--bad") : color("--halo");
    pen.lineWidth = one.chosen || one.kind === "late" ? 3 : 1.5;
    pen.beginPath();
    if (one.kind === "outlet") pen.rect(x - 6, y - 6, 12, 12);
    else if (one.kind === "emergency") pen.arc(x, y, RADIUS + 3, 0, 7);
    else pen.arc(x, y, RADIUS, 0, 7);
    pen.fill();
    pen.stroke();
    pen.globalAlpha = 1;
  }
}
