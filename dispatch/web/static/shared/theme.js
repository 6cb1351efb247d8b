// Light or dark: as the system, until somebody says otherwise.
const KEY = "servicenet.theme";
const listeners = [];

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off: as the system
  }
}

function show(theme) {
  document.documentElement.dataset.theme = theme;
  for (const tell of listeners) tell();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
show(remembered() || (dark.matches ? "dark" : "light"));
dark.addEventListener("change", () => {
  if (!remembered()) show(dark.matches ? "dark" : "light");
});

export const isDark = () => document.documentElement.dataset.theme === "dark";
export const onTheme = (tell) => listeners.push(tell);

export function switchTheme() {
  const next = isDark() ? "light" : "dark";
  try {
    localStorage.setItem(KEY, next);
  } finally {
    show(next);
  }
}

/** A color of the style sheet. */
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** One of many colors, the same for the same number; dark enough for white text, or light enough for dark. */
export function rowColor(index) {
  const hue = Math.round((index * 137.508) % 360);
  const light = hue > 44 && hue < 196 ? 27 : 35; // yellows and greens look brighter than they are
  return isDark() ? `hsl(${hue} 55% 68%)` : `hsl(${hue} 60% ${light}%)`;
}
