// The curve of coverage against budget, drawn and as a table.
const SVG = "http:" + "//www.w3.org/2000/svg";
function s(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function renderCurve() {
  const [w, hgt, left, right, top, bottom] = [640, 300, 58, 22, 16, 40];
  const points = DATA.curve.map((p) => ({ ...p, y: share(p.covered), b: Math.min(1, share(p.bound)) }));
  const [least, top1] = [Math.min(...points.map((p) => p.y), share(DATA.today)), Math.max(...points.map((p) => p.b))];
  // Room for a label below the lowest point.
  const low = Math.max(0, Math.floor((least - 0.14 * (top1 - least)) * 20) / 20);
  const high = Math.min(1, Math.ceil(top1 * 20 + 0.2) / 20);
  const most = Math.max(...points.map((p) => p.budget), 1);
  const X = (b) => left + ((w - left - right) * b) / most;
  const Y = (v) => hgt - bottom - ((hgt - top - bottom) * (v - low)) / Math.max(high - low, 0.01);
  const chart = s("svg", { viewBox: `0 0 ${w} ${hgt}`, class: "chart", role: "img", "aria-label": t("curve") });
  const step = high - low > 0.3 ? 0.1 : 0.05;
  for (let v = low; v <= high + 1e-9; v += step) {
    chart.append(s("line", { x1: left, x2: w - right, y1: Y(v), y2: Y(v), class: "grid" }),
      s("text", { x: left - 10, y: Y(v) + 4, "text-anchor": "end" }, percent(v, 0)));
  }
  const path = (key) => points.map((p, i) => `${i ? "L" : "M"}${X(p.budget)},${Y(p[key])}`).join("");
  const back = [...points].reverse().map((p) => `L${X(p.budget)},${Y(p.y)}`).join("");
  chart.append(s("path", { d: `${path("b")}${back}Z`, class: "band" }), s("path", { d: path("b"), class: "bound" }), s("path", { d: path("y"), class: "line" }));
  for (const point of points) {
    const chosen = point.budget === DATA.budget;
    if (chosen) chart.append(s("line", { x1: X(point.budget), x2: X(point.budget), y1: Y(point.y), y2: hgt - bottom, class: "guide" }));
    const below = Y(point.y) + 24 < hgt - bottom;
    chart.append(s("circle", { cx: X(point.budget), cy: Y(point.y), r: chosen ? 6.5 : 4.5, class: chosen ? "chosen" : "" }),
      s("text", { x: X(point.budget), y: Y(point.y) + (below ? 22 : -14), "text-anchor": point.budget === most ? "end" : point.budget ? "middle" : "start", class: chosen ? "strong" : "" }, percent(point.y)),
      s("text", { x: X(point.budget), y: hgt - bottom + 20, "text-anchor": point.budget === most ? "end" : point.budget ? "middle" : "start", class: chosen ? "strong" : "" }, money(point.budget)));
  }
  byId("curve-body").replaceChildren(...[chart, curveTable(points), completeLine()].filter(Boolean));
}

function curveTable(points) {
  return table([[t("budget"), "n"], [t("coverage"), "n"], [t("upTo"), "n"], [t("changes"), "n"]],
    points.map((p) => row([[`${p.budget ? money(p.budget) : t("noBudget")}${isShort(p.status) ? ` · ${t("short")}` : ""}`, "n"], [percent(p.y, 2), "n"], [percent(p.b, 2), "n"], [number(p.changes), "n"]],
      { class: p.budget === DATA.budget ? "pick" : null })), { cls: "curve-table" });
}

/** What it would take to reach everybody, where that was asked. */
function completeLine() {
  const all = DATA.complete;
  if (!all) return null;
  const { points, weight, farthest_m: farthest } = all.unreachable;
  const exact = all.extra_bound >= all.extra_cost;
  const text = t(exact ? "completeExact" : "complete", { m: money(all.extra_cost), b: money(all.extra_bound), y: period(), o: number(all.opens), c: number(all.closes) });
  const rest = points ? t("unreachable", { n: amount(weight), unit: unit(), p: number(points), d: distance(farthest) }) : "";
  return h("p", { class: "box complete" }, join(text, rest));
}
