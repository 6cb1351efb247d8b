// Simulated days of dispatch, today's network against the proposal.
function renderDays() {
  byId("days").hidden = !DATA.days;
}
