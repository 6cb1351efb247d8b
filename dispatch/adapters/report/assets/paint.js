// Colors: one hue per technician, never red (red means late), readable in both themes.
const isDark = () => document.documentElement.dataset.theme === "dark";

function personColor(index) {
  // The golden ratio spreads hues evenly however many there are; 22°–330° leaves red out.
  const hue = 22 + ((0.52 + index * 0.61803) % 1) * 308;
  const band = index % 3;
  return isDark() ? `hsl(${hue.toFixed(0)} ${70 - band * 8}% ${60 + band * 6}%)`
    : `hsl(${hue.toFixed(0)} ${68 - band * 10}% ${36 + band * 5}%)`;
}

// Asking for a style is slow and a frame asks thousands of times: remembered until the theme changes.
const colorOf = new Map();

function cssColor(name) {
  if (!colorOf.has(name)) colorOf.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return colorOf.get(name);
}

const COST_COLORS = {
  work: "#0e7490", overtime: "#f79009", travel: "#4e5ba6", lateness: "#c01048",
  emergency_arrival: "#e31b54", unassigned: "#7a2e0e", beyond_radius: "#a15c07",
  over_qualified: "#98a2b3", not_preferred: "#b9a4d8", not_last_technician: "#8098f9",
  contracted: "#3b7c0f",
};

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
