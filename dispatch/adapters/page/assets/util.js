// Making elements and writing numbers, lengths and times. All text enters the page as text nodes.
const byId = (id) => document.getElementById(id);

/** Make an element: h("p", {class: "small", onclick: f}, "text", child, ...). */
function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "css") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** A copy of a drawing from the sprite at the head of the page. */
function icon(name, cls = "") {
  const source = document.querySelector(`#i-${name}`);
  const copy = document.querySelector(".sprite").cloneNode(false);
  copy.setAttribute("class", `icon ${cls}`);
  copy.setAttribute("viewBox", source.getAttribute("viewBox"));
  copy.append(...[...source.cloneNode(true).childNodes]);
  return copy;
}

let language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

/** The word for a key, with {names} filled in. */
function t(key, values = {}) {
  const text = WORDS[language][key] ?? WORDS.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

function number(value, digits = 0) {
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(value);
}

/** 5400 → "1 h 30 min". Below a minute, seconds: one second late is late. */
function duration(seconds) {
  if (seconds > 0 && seconds < 60) return language === "zh" ? `${seconds}秒` : `${seconds}\u00a0s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (language === "zh") return `${hours ? `${hours}小时` : ""}${rest || !hours ? `${rest}分` : ""}`;
  return [hours && `${hours}\u00a0h`, (rest || !hours) && `${rest}\u00a0min`].filter(Boolean).join(" ");
}

const distance = (meters) =>
  meters < 1000 ? `${number(meters)}\u00a0m` : `${number(meters / 1000, meters < 99500 ? 1 : 0)}\u00a0km`;
const kilometers = (meters) => number(meters / 1000, meters < 99500 ? 1 : 0);
const percent = (share, digits = 1) => `${number(share * 100, digits)}\u00a0%`;
const ratio = (part, whole) => (whole ? part / whole : 0);

/** Large numbers in words people use: 1.2 M, 123万. */
function amount(value) {
  if (Math.abs(value) < 100000) return number(value);
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", { notation: "compact", maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(value);
}
