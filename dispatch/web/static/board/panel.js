// The panel at the side: tabs by arrow keys, one shown at a time.
import { byId } from "../shared/dom.js";
import { emit } from "./store.js";

const TABS = ["open", "details", "emergency", "replan", "log"];
const openings = new Map();

/** Run something whenever a tab is opened. */
export const whenOpened = (name, run) => openings.set(name, run);
export const shownTab = () => TABS.find((one) => !byId(`tabpanel-${one}`).hidden);

export function showTab(name, { focus = false } = {}) {
  for (const one of TABS) {
    const chosen = one === name;
    byId(`tabpanel-${one}`).hidden = !chosen;
    byId(`tab-${one}`).setAttribute("aria-selected", String(chosen));
    byId(`tab-${one}`).tabIndex = chosen ? 0 : -1;
  }
  if (focus) byId(`tab-${name}`).focus();
  openings.get(name)?.();
  emit("tab", name);
}

export function startPanel() {
  for (const one of TABS) byId(`tab-${one}`).addEventListener("click", () => showTab(one, { focus: true }));
  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (TABS.indexOf(shownTab()) + step + TABS.length) % TABS.length;
    showTab(TABS[next], { focus: true });
  });
  showTab("open");
}
