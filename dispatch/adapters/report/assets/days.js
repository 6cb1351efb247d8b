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

function renderDays() {
  byId("days").hidden = !severalDays;
  const button = (day, word) => h("button", { type: "button", "aria-pressed": String(state.day === day), onclick: () => showDay(day) }, word);
  byId("days").replaceChildren(...DATA.days.map((_, day) => button(day, dayLabel(day))), button(null, t("allDays")));
}
