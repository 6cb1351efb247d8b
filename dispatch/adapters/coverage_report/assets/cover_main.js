// Everything the coverage page shows, in reading order.
function renderPage() {
  renderHead();
  renderFigures();
  renderLegend();
  renderPanel();
  renderStandard();
  renderReach();
  renderPlaces();
  renderOutlets();
  renderPockets();
  renderZones();
  renderFoot();
}
