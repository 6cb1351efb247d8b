// Puts everything on the page; again whenever language or theme change.
function renderWords() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
    if (element.tagName === "BUTTON") element.title = t(element.dataset.tLabel);
  }
  byId("lang").textContent = t("other");
  byId("lang").lang = language === "zh" ? "en" : "zh-CN";
}

function renderAll() {
  renderWords();
  renderHead();
  renderFigures();
  renderLegend();
  renderPanel();
  renderStandard();
  renderPlaces();
  renderOutlets();
  renderPockets();
  renderZones();
  renderFoot();
  requestDraw();
}

byId("lang").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  renderAll();
});
byId("theme").addEventListener("click", () => {
  setTheme(isDark() ? "light" : "dark");
  renderAll();
});
byId("print").addEventListener("click", () => window.print());

followSystemTheme();
listenToMap();
renderAll();
