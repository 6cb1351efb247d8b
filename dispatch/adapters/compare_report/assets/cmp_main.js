// Everything the comparison shows, in reading order.
function renderPage() {
  renderHead();
  renderFigures();
  renderLegend();
  renderPanel();
  renderFilters();
  renderVisits();
  renderPeople();
  renderPrice();
  renderRules();
  renderFoot();
}
