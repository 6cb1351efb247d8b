// The same plan as tables: for reading aloud, for paper. Made when it is first looked at.
function stopCells(stop) {
  const promise = stop.kind === "visit" ? promiseOf(stop) : null;
  return [
    [stop.number ?? "", "n"], [stop.kind === "visit" ? stop.visit : t(STOP_WORD[stop.kind])],
    [promise ? `${clockTime(promise[1])}–${clockTime(promise[2])}` : ""], [clockTime(stop.t[1]), "n"],
    [stop.kind === "visit" || stop.kind === "break" ? clockTime(stop.t[2]) : "", "n"],
    [stop.kind === "visit" || stop.kind === "break" ? clockTime(stop.t[3]) : "", "n"],
    [stop.late > 0 ? `⚠ ${duration(stop.late)}` : "", "n"],
    [stop.leg[0] ? `${duration(stop.leg[0])} · ${distance(stop.leg[1])}` : "", "n"],
  ];
}

function personTable(person) {
  const heads = [["number", "n"], ["visit"], ["promise"], ["arrival", "n"], ["start", "n"], ["end", "n"], ["lateness", "n"], ["legKm", "n"]];
  const line = join(t("visitsN", { n: person.jobs.length }), `${kilometers(person.route.m)} km`, outletName(person.outlet));
  return h("table", {},
    h("caption", {}, t("tableOf", { who: `${person.name || person.id} (${person.id})`, line })),
    h("thead", {}, h("tr", {}, ...heads.map(([word, cls]) => h("th", { scope: "col", class: cls }, t(word))))),
    h("tbody", {}, ...person.stops.map((stop) => h("tr", {}, ...stopCells(stop).map(([text, cls]) => h("td", { class: cls }, String(text)))))));
}

function fillTables() {
  byId("table-body").replaceChildren(...people.filter((p) => p.route).map(personTable));
}

function renderTables() {
  if (byId("table-details").open) fillTables();
  else byId("table-body").replaceChildren();
}

function listenToTables() {
  byId("table-details").addEventListener("toggle", renderTables);
  let before = null;
  window.addEventListener("beforeprint", () => {
    before = { theme: document.documentElement.dataset.theme, open: byId("table-details").open };
    setTheme("light");
    byId("table-details").open = true;
    renderAll();
    drawMap();
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    setTheme(before.theme);
    byId("table-details").open = before.open;
    renderAll();
  });
}
