// Puts the page together; again whenever language or theme change. A page says what it shows by renderPage.
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
  renderPage();
  requestDraw();
}

/** Paper is white, and what is folded on the screen is open on it. */
function listenToPrint() {
  let before = null;
  window.addEventListener("beforeprint", () => {
    if (before) return;
    const folded = [...document.querySelectorAll("details:not([open])")];
    before = { theme: document.documentElement.dataset.theme, folded };
    setTheme("light");
    for (const details of folded) details.open = true;
    renderAll();
    drawMap();
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    setTheme(before.theme);
    for (const details of before.folded) details.open = false;
    before = null;
    renderAll();
  });
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
listenToPrint();
for (const start of starters) start();
renderAll();
