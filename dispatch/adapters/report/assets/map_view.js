// The map's view: what part of the world is on the canvas, and when it is drawn again.
const canvas = byId("canvas");
const view = { x: 0, y: 0, k: 0.05, width: 1, height: 1, numberedFrom: 0.1, marks: [] };

const toScreen = (x, y) => [(x - view.x) * view.k + view.width / 2, (y - view.y) * view.k + view.height / 2];

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
  // The legend covers the top: the picture starts below it.
  const top = margin + 24;
  view.k = Math.min((view.width - 2 * margin) / Math.max(x1 - x0, 400), (view.height - margin - top) / Math.max(y1 - y0, 400));
  view.y = (y0 + y1) / 2 - (top - margin) / 2 / view.k;
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

function drawScale() {
  const target = 110 / view.k;
  const power = 10 ** Math.floor(Math.log10(target));
  const length = [5, 2, 1].find((m) => m * power <= target) * power;
  byId("scale").textContent = length < 1000 ? `${length} m` : `${length / 1000} km`;
  byId("scale").style.width = `${length * view.k}px`;
}

function zoomAt(factor, x = view.width / 2, y = view.height / 2) {
  const k = Math.min(4, Math.max(0.001, view.k * factor));
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
