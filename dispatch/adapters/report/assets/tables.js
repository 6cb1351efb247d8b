// The same plan as tables: for reading aloud, for paper. Made when it is first looked at.
function stopCells(stop) {
  const promise = stop.kind === "visit" ? promiseOf(stop) : null;
  return [
    [String(stop.number ?? ""), "n"], [stop.kind === "visit" ? stop.visit : t(STOP_WORD[stop.kind])],
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
  const caption = t("tableOf", { who: `${person.name || person.id} (${person.id})`, line });
  return table(heads.map(([word, cls]) => [t(word), cls]), person.stops.map((stop) => row(stopCells(stop))), { caption });
}

function fillTables() {
  byId("table-body").replaceChildren(...people.filter((p) => p.route).map(personTable));
}

function renderTables() {
  if (byId("table-details").open) fillTables();
  else byId("table-body").replaceChildren();
}

onStart(() => byId("table-details").addEventListener("toggle", renderTables));
