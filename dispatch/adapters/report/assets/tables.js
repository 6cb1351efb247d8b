// The same plan as tables: for reading aloud, for paper. Made when it is first looked at.
function stopCells(person, stop) {
  const at = (seconds) => clockTime(seconds, person.zero);
  const promise = stop.kind === "visit" ? promiseOf(stop) : null;
  return [
    [String(stop.number ?? ""), "n"], [stop.kind === "visit" ? stop.visit : stop.kind === "pickup" ? `${t("pickup")} · ${outletName(stop.outlet)}` : t(STOP_WORD[stop.kind])],
    [promise ? `${at(promise[1])}–${at(promise[2])}` : ""], [at(stop.t[1]), "n"],
    [stop.t[3] > stop.t[2] ? at(stop.t[2]) : "", "n"], [stop.t[3] > stop.t[2] ? at(stop.t[3]) : "", "n"],
    [stop.late > 0 ? `⚠ ${duration(stop.late)}` : "", "n"],
    [stop.leg[0] ? `${duration(stop.leg[0])} · ${distance(stop.leg[1])}` : "", "n"],
    ...(DATA.parts ? [[partsText(stop.parts)]] : []),
    ...(DATA.figures.crews ? [[stop.crew ? crewOf.get(stop.visit).filter((one) => one.person !== person).map((one) => one.person.name || one.person.id).join(", ") : ""]] : []),
  ];
}

function personTable(person) {
  const heads = [["number", "n"], ["visit"], ["promise"], ["arrival", "n"], ["start", "n"], ["end", "n"], ["lateness", "n"], ["legKm", "n"],
    ...(DATA.parts ? [["parts"]] : []), ...(DATA.figures.crews ? [["with"]] : [])];
  const line = join(severalDays && dayLabel(person.day), t("visitsN", { n: person.jobs.length }), `${kilometers(person.route.m)} km`, outletName(person.outlet));
  const caption = t("tableOf", { who: `${person.name || person.id} (${person.id})`, line });
  return table(heads.map(([word, cls]) => [t(word), cls]), person.stops.map((stop) => row(stopCells(person, stop))), { caption });
}

function fillTables() {
  byId("table-body").replaceChildren(...people.filter((p) => p.route).map(personTable));
}

function renderTables() {
  if (byId("table-details").open) fillTables();
  else byId("table-body").replaceChildren();
}

onStart(() => byId("table-details").addEventListener("toggle", renderTables));
