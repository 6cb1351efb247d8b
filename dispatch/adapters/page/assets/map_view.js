// The map's view: what part of the world is on the canvas, and when it is drawn again. A page says
// what it shows by firstLook, drawGround and drawWorld (in meters), drawScreen (in pixels), hitAt, chosenPlace,
// everyPlace and PAGE_KEYS.
const canvas = byId("canvas");
// least: smallest side of a fitted picture, meters; foot: pixels at the bottom that a legend covers.
const view = { x: 0, y: 0, k: 0.05, width: 1, height: 1, least: 400, foot: 0, numberedFrom: 0.1, marks: [] };

const toScreen = (x, y) => [(x - view.x) * view.k + view.width / 2, (y - view.y) * view.k + view.height / 2];
const toWorld = (x, y) => [(x - view.width / 2) / view.k + view.x, (y - view.height / 2) / view.k + view.y];

function extentOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  }
  return box;
}

function fitTo(points) {
  if (!points.length) return;
  const [x0, y0, x1, y1] = extentOf(points);
  const margin = view.width < 500 ? 26 : 44;
  view.x = (x0 + x1) / 2;
  // What floats covers the top, and the bottom where a page says so: the picture lies between.
  const [top, bottom] = [margin + 24, margin + view.foot];
  view.k = Math.min((view.width - 2 * margin) / Math.max(x1 - x0, view.least), (view.height - top - bottom) / Math.max(y1 - y0, view.least));
  view.y = (y0 + y1) / 2 - (top - bottom) / 2 / view.k;
  requestDraw();
}

const fitAll = () => fitTo(everyPlace());

/** Where most things are: the places without the farthest `share` of weight on each side, and all of `always`. */
function fitMost(places, share, { weightOf = () => 1, always = [] } = {}) {
  const cut = (axis) => {
    const sorted = [...places].sort((a, b) => a[axis] - b[axis]);
    const skip = share * sorted.reduce((sum, place) => sum + weightOf(place), 0);
    const end = (list) => { let left = skip; return list.find((place) => (left -= weightOf(place)) < 0)?.[axis] ?? list[0][axis]; };
    return [end(sorted), end([...sorted].reverse())];
  };
  if (!places.length) return;
  const [[x0, x1], [y0, y1]] = [cut(0), cut(1)];
  fitTo([[x0, y0], [x1, y1], ...always]);
}

function resizeMap() {
  const first = view.width === 1;
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  [view.width, view.height] = [box.width, box.height];
  [canvas.width, canvas.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  if (first) firstLook();
  requestDraw();
}

let waiting = false;
function requestDraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    drawMap();
  });
}

function drawMap() {
  const ctx = canvas.getContext("2d");
  const ratio = canvas.width / view.width;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = cssColor("--land");
  ctx.fillRect(0, 0, view.width, view.height);
  ctx.setTransform(ratio * view.k, 0, 0, ratio * view.k,
    ratio * (view.width / 2 - view.x * view.k), ratio * (view.height / 2 - view.y * view.k));
  drawGround(ctx, view.k);
  drawWorld(ctx, view.k);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  view.marks = [];
  drawScreen(ctx);
  drawScale();
  // What is in the picture, for whoever steers the page from outside: center and pixels a meter.
  canvas.dataset.view = `${view.x} ${view.y} ${view.k}`;
}

/** Remember a mark with its place on the screen if it is in the picture; marks are what the pointer finds. */
function addMark(kind, at, rest) {
  let [x, y] = toScreen(...at);
  // Marks at one place may stand beside each other, some pixels off.
  [x, y] = [x + (rest.dx ?? 0), y + (rest.dy ?? 0)];
  if (x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20) view.marks.push({ kind, x, y, ...rest });
}

function drawScale() {
  const target = 110 / view.k;
  const power = 10 ** Math.floor(Math.log10(target));
  const length = [5, 2, 1].find((m) => m * power <= target) * power;
  byId("scale").textContent = length < 1000 ? `${length} m` : `${length / 1000} km`;
  byId("scale").style.width = `${length * view.k}px`;
}

function zoomAt(factor, x = view.width / 2, y = view.height / 2) {
  const k = Math.min(4, Math.max(0.0003, view.k * factor));
  view.x += (x - view.width / 2) * (1 / view.k - 1 / k);
  view.y += (y - view.height / 2) * (1 / view.k - 1 / k);
  view.k = k;
  requestDraw();
}

function pan(dx, dy) {
  view.x -= dx / view.k;
  view.y -= dy / view.k;
  requestDraw();
}

/** Bring a place into the picture if it is not well inside. */
function showPlace(at) {
  const [x, y] = toScreen(...at);
  if (x < 50 || y < 50 || x > view.width - 50 || y > view.height - 50) [view.x, view.y] = at;
}
