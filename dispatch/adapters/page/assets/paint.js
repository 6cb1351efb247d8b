// The theme, and the colors of the style sheet for what is drawn.
const isDark = () => document.documentElement.dataset.theme === "dark";

// Asking for a style is slow and a frame asks thousands of times: remembered until the theme changes.
const colorOf = new Map();

function cssColor(name) {
  if (!colorOf.has(name)) colorOf.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return colorOf.get(name);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  colorOf.clear();
}

function followSystemTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => {
    setTheme(dark.matches ? "dark" : "light");
    renderAll();
  });
}
