// The head of the page: what was found, in a sentence and five figures.
function renderHead() {
  const missing = 1 - shareOf(NET.decides);
  const full = missing < 0.0005;
  fillHead({
    title: t("title", { name: NET.name || NET.id }),
    line: t("subtitle", { n: number(DATA.outlets.length), p: number(NET.points), u: distance(NET.radius[0]), s: distance(NET.radius[1]), m: measureWord(NET.decides) }),
    tone: full ? "good" : missing < 0.05 ? "warn" : "bad", status: full ? t("full") : t("open", { q: percent(missing) }),
    links: [["map", "map"], ["standard", "navStandard"], ["outlets", "tabOutlets"], DATA.pockets.length && ["pockets", "tabPockets"]],
  });
  byId("no-roads").hidden = hasRoads;
  byId("no-roads").textContent = t("noRoads");
  renderVerdict(missing);
}

/** Covered share of the weight of a row of DATA.shares by a measure. */
const rowShare = (row, measure) => { const part = row[measure === "road" ? 4 : 3]; return part ? ratio(part[1], row[2][1]) : null; };
const shareOf = (measure) => rowShare(DATA.shares[0], measure);

function renderVerdict(missing) {
  const other = NET.decides === "road" ? "straight" : "road";
  const worst = DATA.pockets[0];
  const parts = [t("verdict", { p: percent(shareOf(NET.decides)), m: measureWord(NET.decides) })];
  if (shareOf(other) !== null) parts.push(t("verdictOther", { m: measureWord(other), p: percent(shareOf(other)) }));
  parts.push(worst ? t("verdictPockets", { q: percent(missing), where: pocketName(worst), w: amount(worst.weight) }) : t("verdictNone"));
  byId("verdict").textContent = parts.join(language === "zh" ? "" : " ");
}

function coveredKpi(measure) {
  const share = shareOf(measure);
  const name = t("coveredBy", { m: measureWord(measure) });
  if (share === null) return kpi(name, ["—"], t("noDrive"), meter(0));
  const [, , total, straight, road] = DATA.shares[0];
  const part = measure === "road" ? road : straight;
  return kpi(name, [percent(share), NET.decides === measure ? h("small", {}, ` ${t("decides")}`) : ""], t("ofDemand", { a: amount(part[1]), b: amount(total[1]) }), meter(share, { tone: share > 0.95 ? "ok" : "" }));
}

function renderFigures() {
  const [, , total, straight, road] = DATA.shares[0];
  const part = NET.decides === "road" ? road : straight;
  const peopleKpi = total[2] === null ? kpi(t("peopleCovered"), ["—"], t("noPeople"), meter(0))
    : kpi(t("peopleCovered"), [amount(part[2]), h("small", {}, ` ${t("ofPeople", { n: amount(total[2]) })}`)], percent(ratio(part[2], total[2])), meter(ratio(part[2], total[2])));
  const reach = DATA.emergency && ratio(DATA.emergency[1], totalWeight);
  const stated = DATA.outlets.filter((o) => o.open[0] !== null);
  const good = stated.filter((o) => o.open[2] && o.open[3]).length;
  const silent = DATA.outlets.length - stated.length;
  byId("kpis").replaceChildren(coveredKpi("straight"), coveredKpi("road"), peopleKpi,
    kpi(t("emergency", { n: NET.emergency_min }), [reach === null ? "—" : percent(reach)], t(reach === null ? "noDrive" : "emergencyLine"), meter(reach ?? 0)),
    kpi(t("hours"), stated.length ? [number(good), h("small", {}, ` / ${number(stated.length)}`)] : ["—"],
      silent ? t("hoursUnknown", { n: number(silent) }) : "T259-7.2-b", meter(ratio(good, stated.length), { tone: good === stated.length ? "ok" : "no" })));
}
