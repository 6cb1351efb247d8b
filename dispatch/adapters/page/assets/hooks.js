// What the pieces of a page tell each other: that something was chosen, and that the page starts.
const listeners = [];
const onSelect = (listener) => listeners.push(listener);

/** Say aloud what was chosen, and tell everybody; `from` names the part where it was chosen. */
function announce(words, from) {
  byId("live").textContent = words ? t("selected", { what: words }) : t("cleared");
  for (const listener of listeners) listener(from);
}

const starters = [];
const onStart = (starter) => starters.push(starter);
