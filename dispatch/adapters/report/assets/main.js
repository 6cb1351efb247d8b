// Everything a day's page shows, in reading order.
function renderPage() {
  renderHead();
  renderFigures();
  renderLegend();
  renderPanel();
  renderDays();
  renderTimeline();
  renderPrice();
  renderStandard();
  renderUnassigned();
  renderParts();
  renderFair();
  renderRush();
  renderTables();
  renderFoot();
}
