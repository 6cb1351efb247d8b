// Words of both languages: pages add theirs with addWords and ask with t.
const WORDS = { en: {}, zh: {} };
const KEY = "servicenet.language";

function first() {
  const asked = new URLSearchParams(location.search).get("lang") || remembered() || navigator.language;
  return asked.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off: the browser's language it is
  }
}

let language = first();
document.documentElement.lang = language === "zh" ? "zh-CN" : "en";

export const getLanguage = () => language;
export const locale = () => (language === "zh" ? "zh-CN" : "en-GB");

export function addWords(en, zh) {
  Object.assign(WORDS.en, en);
  Object.assign(WORDS.zh, zh);
}

export function setLanguage(next) {
  language = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    return; // storage is switched off: the choice holds for this page
  }
}

/** The word for a key, with {names} filled in; the key itself where nobody gave it a word. Of one
 *  (n is 1) the word may be another: that of `key_1`. */
export function t(key, values = {}) {
  const own = values.n === 1 && WORDS[language][`${key}_1`] !== undefined ? `${key}_1` : key;
  const text = WORDS[language][own] ?? WORDS.en[own] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The word for a key, or another text. */
export const tOr = (key, other) => WORDS[language][key] ?? WORDS.en[key] ?? other;

/** Put words into elements marked data-t, and into labels marked data-t-label. */
export function translatePage(root = document) {
  for (const one of root.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
  for (const one of root.querySelectorAll("[data-t-label]")) {
    one.setAttribute("aria-label", t(one.dataset.tLabel));
    if (one.tagName === "BUTTON") one.title = t(one.dataset.tLabel);
  }
  for (const one of root.querySelectorAll("[data-t-hint]")) one.placeholder = t(one.dataset.tHint);
}
