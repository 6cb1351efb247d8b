// Which of several days is shown: on the timeline, on the map, in the list.
function showDay(day) {
  if (state.day === day) return;
  state.day = day;
  if (state.person && !isShown(state.person)) select({});
  renderDays();
  renderTimeline();
  renderPanel();
  requestDraw();
}

/** Paper has all days below each other. */
function listenToPaper() {
  let before = null;
  window.addEventListener("beforeprint", () => {
    if (before === null && state.day !== null) [before, state.day] = [state.day, null];
    renderTimeline();
  });
  window.addEventListener("afterprint", () => {
    if (before !== null) [state.day, before] = [before, null];
    renderDays();
    renderTimeline();
    renderPanel();
    requestDraw();
  });
}
if (severalDays) onStart(listenToPaper);

function renderDays() {
  byId("days").hidden = !severalDays;
  const button = (day, word) => h("button", { type: "button", "aria-pressed": String(state.day === day), onclick: () => showDay(day) }, word);
  byId("days").replaceChildren(...DATA.days.map((_, day) => button(day, dayLabel(day))), button(null, t("allDays")));
}
