// Moments, lengths, prices as people read them. A board's moments are seconds after its base.
import { getLanguage, locale } from "./words.js";

let base_ms = 0;
let zone = "UTC";
let wall = null;

export function setClock(view) {
  base_ms = view.base;
  zone = view.zone;
  wall = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export const toDate = (second) => new Date(base_ms + second * 1000);
export const toIso = (second) => toDate(second).toISOString();
export const toSecond = (moment) => Math.round((new Date(moment).getTime() - base_ms) / 1000);

const seen = new Map();

/** 33000 → "09:10" on the wall of the day's zone. */
export function clock(second) {
  const minute = Math.floor(second / 60);
  if (!seen.has(minute)) seen.set(minute, wall.format(toDate(minute * 60)));
  return seen.get(minute);
}

export function forgetClock() {
  seen.clear();
}

export const span = (from, to) => `${clock(from)}–${clock(to)}`;

export function number(value, digits = 0) {
  const shape = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale(), shape).format(value);
}

/** 5400 → "1 h 30 min". Below a minute, seconds: one second late is late. */
export function duration(seconds) {
  const zh = getLanguage() === "zh";
  if (seconds > 0 && seconds < 60) return zh ? `${Math.round(seconds)}秒` : `${Math.round(seconds)}\u00a0s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (zh) return `${hours ? `${hours}小时` : ""}${rest || !hours ? `${rest}分` : ""}`;
  return [hours && `${hours}\u00a0h`, (rest || !hours) && `${rest}\u00a0min`].filter(Boolean).join(" ");
}

/** Seconds as a running clock: 754 → "12:34", -5 → "−0:05". */
export function countdown(seconds) {
  const rest = Math.abs(Math.trunc(seconds));
  const [hours, minutes, last] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60];
  const text = hours
    ? `${hours}:${String(minutes).padStart(2, "0")}:${String(last).padStart(2, "0")}`
    : `${minutes}:${String(last).padStart(2, "0")}`;
  return seconds < 0 ? `−${text}` : text;
}

/** Fen as yuan with a sign: +¥12, −¥3.50. */
export function price(fen, signed = true) {
  const digits = Math.abs(fen) % 100 && Math.abs(fen) < 100_000 ? 2 : 0;
  const text = `¥${number(Math.abs(fen) / 100, digits)}`;
  if (!signed) return fen < 0 ? `−${text}` : text;
  return fen === 0 ? "±¥0" : `${fen < 0 ? "−" : "+"}${text}`;
}

export const dateOf = (text) =>
  new Intl.DateTimeFormat(locale(), { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${text}T12:00:00Z`));
