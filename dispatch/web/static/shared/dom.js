// Making elements. All text enters the page as text nodes; styles as properties, never as attributes.
export const byId = (id) => document.getElementById(id);

/** Make an element: h("p", {class: "small", onclick: f, css: {left: "4%"}}, "text", child, ...). */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "css") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** Put other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** As fill, but leave what looks the same alone: a click on it must not be lost. */
export function refill(element, ...children) {
  const next = fill(element.cloneNode(false), ...children);
  if (next.innerHTML !== element.innerHTML) element.replaceChildren(...next.childNodes);
  return element;
}

const SHAPES = {
  logo: [["path", { d: "M5 19c0-5 3-6 7-7s7-2 7-7", s: 2.4 }], ["circle", { cx: 5, cy: 19, r: 2.6 }], ["circle", { cx: 19, cy: 5, r: 2.6 }]],
  warn: [["path", { d: "M12 3 2.5 20h19z", s: 2 }], ["path", { d: "M12 10v4.5M12 17.2v.1", s: 2.2 }]],
  check: [["path", { d: "m5 12.5 4.5 4.5L19 7.5", s: 2.4 }]],
  cross: [["path", { d: "M6 6l12 12M18 6 6 18", s: 2.2 }]],
  plus: [["path", { d: "M12 5.5v13M5.500 12h13", s: 2.2 }]],
  minus: [["path", { d: "M5.500 12h13", s: 2.2 }]],
  fit: [["path", { d: "M4.500 9V4.500H9M15 4.500h4.500V9M19.500 15v4.500H15M9 19.500H4.500V15", s: 2 }]],
  siren: [["path", { d: "M6 18v-5a6 6 0 0 1 12 0v5M4 20.500h16M12 3V1.800M4.600 6l-.9-.8M19.400 6l.9-.8", s: 1.9 }]],
  box: [["path", { d: "M4 8 12 4l8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8", s: 2 }]],
  crew: [["circle", { cx: 8, cy: 8, r: 3.4 }], ["circle", { cx: 16.5, cy: 8.8, r: 2.8 }], ["path", { d: "M2 19c0-4 3-6 6-6s6 2 6 6zM15 13.400c3.600-.8 7 1.200 7 5.600h-6" }]],
  lock: [["path", { d: "M7 11V8a5 5 0 0 1 10 0v3", s: 2 }], ["path", { d: "M5 11h14v9.500H5z" }]],
  time: [["circle", { cx: 12, cy: 12, r: 8.5, s: 2 }], ["path", { d: "M12 7v5.300l3.500 2", s: 2 }]],
  undo: [["path", { d: "M9 6 4.500 10.500 9 15M5 10.500h9a5.500 5.500 0 0 1 0 11h-2", s: 2 }]],
  redo: [["path", { d: "m15 6 4.500 4.500L15 15M19 10.500h-9a5.500 5.500 0 0 0 0 11h2", s: 2 }]],
  theme: [["circle", { cx: 12, cy: 12, r: 8, s: 1.8 }], ["path", { d: "M12 4a8 8 0 0 1 0 16z" }]],
  print: [["path", { d: "M7 8V3.500h10V8M7 17H4.500V9.500h15V17H17M7.500 14h9v6.500h-9z", s: 1.8 }]],
  search: [["circle", { cx: 10.5, cy: 10.5, r: 6, s: 2 }], ["path", { d: "m15 15 5.500 5.500", s: 2.2 }]],
  plan: [["path", { d: "M4 7h9M4 12h6M4 17h8M15 12l3-3 3 3M18 9v9", s: 2 }]],
  user: [["circle", { cx: 12, cy: 8, r: 4 }], ["path", { d: "M4 20.500c0-5 4-7 8-7s8 2 8 7z" }]],
  home: [["path", { d: "M4 11.500 12 5l8 6.500V20h-5.500v-5h-5v5H4z" }]],
  rest: [["path", { d: "M5 9h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10.500h2a2 2 0 0 1 0 5h-2M8 3v2.500M12.500 3v2.500", s: 1.9 }]],
  star: [["path", { d: "m12 3.500 2.600 5.600 6 .8-4.400 4.200 1.100 6-5.300-3-5.300 3 1.100-6L3.400 9.900l6-.8z" }]],
  go: [["path", { d: "M21 3 3 10.500l7 3 3 7.500z" }]],
  help: [["path", { d: "M8.500 9a3.500 3.500 0 1 1 5 3.200c-1.200.6-1.500 1.200-1.500 2.300M12 18.200v.1", s: 2.2 }]],
  out: [["path", { d: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9", s: 2 }]],
  pause: [["path", { d: "M8 5.500v13M16 5.500v13", s: 3.2 }]],
  play: [["path", { d: "M7 4.500 19.500 12 7 19.500z" }]],
  list: [["path", { d: "M8 6h12M8 12h12M8 18h12M4 6h.1M4 12h.1M4 18h.1", s: 2.2 }]],
};

/** A drawing by name, hidden from screen readers: the word beside it says what it means. */
export function icon(name, cls = "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${cls}`);
  svg.setAttribute("aria-hidden", "true");
  for (const [tag, { s, ...rest }] of SHAPES[name]) {
    const shape = document.createElementNS(space, tag);
    const line = s
      ? { fill: "none", stroke: "currentColor", "stroke-width": s, "stroke-linecap": "round", "stroke-linejoin": "round" }
      : { fill: "currentColor" };
    for (const [key, value] of Object.entries({ ...rest, ...line })) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return svg;
}

/** Run once after a pause; later calls start the pause anew. */
export function later(pause_ms, run) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), pause_ms);
  };
}

/** Run at most once a frame. */
export function eachFrame(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      run();
    });
  };
}
