// Everything a day's page shows, in reading order.
function renderPage() {
  renderHead();
  renderFigures();
  renderLegend();
  renderPanel();
  renderTimeline();
  renderPrice();
  renderStandard();
  renderUnassigned();
  renderTables();
  renderFoot();
}
