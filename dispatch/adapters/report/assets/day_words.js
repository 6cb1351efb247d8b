// How a day writes times, money and skills, and the color of each technician and each part of the price.
const reasonWord = (code) => WORDS[language].reasons[code] ?? code;

/** 34920 → "09:42"; past midnight "00:15 +1". `zero`: local midnight of the day one is reading of. */
function clockTime(seconds, zero = 0) {
  const day = Math.floor((seconds - zero) / 86400);
  const minutes = Math.floor((seconds - zero - day * 86400) / 60);
  const two = (n) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}${day ? ` ${day > 0 ? "+" : "−"}${Math.abs(day)}` : ""}`;
}

/** Where several days are planned, a time with its day: "Sat 09:42". */
function dayTime(seconds) {
  const day = Math.floor(seconds / 86400);
  return severalDays && DATA.days[day] ? `${dayName(day)} ${clockTime(seconds, 86400 * day)}` : clockTime(seconds);
}

function spanTime(from, to) {
  const day = Math.floor(from / 86400);
  const zero = severalDays && DATA.days[day] ? 86400 * day : 0;
  return `${dayTime(from)}–${clockTime(to, zero)}`;
}

/** "2026-05-08" as people of the language write it; `form` as for Intl.DateTimeFormat. */
function dateWords(iso, form) {
  const [year, month, day] = iso.split("-").map(Number);
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en", { ...form, timeZone: "UTC" }).format(Date.UTC(year, month - 1, day));
}

const dayName = (day) => dateWords(DATA.days[day], { weekday: "short" });
const dayLabel = (day) => dateWords(DATA.days[day], { weekday: "short", month: "short", day: "numeric" });
const partsText = (parts) => (parts ?? []).map(([part, units]) => `${part} × ${units}`).join(" · ");

/** The shortest form, for places without room: 47″, 52′, 2h12′. */
function shortDuration(seconds) {
  if (seconds < 60) return `${seconds}″`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes}′` : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}′`;
}

const yuan = (fen, digits = Math.abs(fen) < 100000 && fen % 100 ? 2 : 0) => `¥${number(fen / 100, digits)}`;
const skillsText = (skills) => skills.map(([name, level]) => `${name} ${level}`).join(" · ") || "—";

const COST_COLORS = {
  work: "#0e7490", overtime: "#f79009", travel: "#4e5ba6", lateness: "#c01048",
  emergency_arrival: "#e31b54", unassigned: "#7a2e0e", beyond_radius: "#a15c07",
  over_qualified: "#98a2b3", not_preferred: "#b9a4d8", not_last_technician: "#8098f9",
  contracted: "#3b7c0f", unfair: "#6941c6", disturbed: "#c11574",
};

// One hue per technician, never red (red means late), readable in both themes.
/** Relative luminance of hsl() as WCAG 2 defines it; h in degrees, s and l from 0 to 1. */
function luminance(h, s, l) {
  const channel = (n) => {
    const k = (n + h / 30) % 12;
    const v = l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4);
}

function personColor(index) {
  // The golden ratio spreads hues evenly however many there are; 22°–330° leaves red out.
  const hue = 22 + ((0.52 + index * 0.61803) % 1) * 308;
  const band = index % 3;
  if (isDark()) return `hsl(${hue.toFixed(0)} ${70 - band * 8}% ${60 + band * 6}%)`;
  const saturation = 72 - band * 10;
  let lightness = 44 - band * 4;
  // White numbers stand on it: contrast at least 4.5, so (1 + 0.05) / (L + 0.05) >= 4.5.
  while (luminance(hue, saturation / 100, lightness / 100) > 0.183) lightness -= 1;
  return `hsl(${hue.toFixed(0)} ${saturation}% ${lightness}%)`;
}
