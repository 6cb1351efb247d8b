// Below the map: areas, order of building, simulated days, other demand, and every outlet as a table.
function renderAreas() {
  byId("areas").hidden = !DATA.areas.length;
  const part = (weight, total) => h("span", {}, percent(ratio(weight, total)), meter(ratio(weight, total), { tone: weight >= total ? "ok" : "" }));
  const targeted = DATA.areas.some((area) => area.target !== null);
  const change = (area) => signed(area.after - area.today);
  const goal = (area) => (area.target === null ? "" : h("span", { class: `chip ${area.after >= area.target * area.total - 0.5 ? "good" : "bad"}` }, percent(area.target)));
  const name = (area) => (area.part === "zone" ? t(area.name) : area.name);
  const rows = DATA.areas.map((area) => row([[name(area)], [amount(area.total), "n"], [part(area.today, area.total), "n"], [part(area.after, area.total), "n"], [change(area), "n"],
    ...(targeted ? [[goal(area), "n"]] : [])]));
  byId("areas-body").replaceChildren(table([[t("area")], [t("demand"), "n"], [t("today"), "n"], [t("after"), "n"], [t("change"), "n"], ...(targeted ? [[t("target"), "n"]] : [])], rows),
    ...(DATA.areas_left_out ? [h("p", { class: "small muted" }, t("areasLeftOut", { n: number(DATA.areas_left_out) }))] : []));
}

function renderOrder() {
  const rows = DATA.steps.map((step, rank) => row([
    [String(rank + 1), "n"], [actionName(DATA.actions[step.action])], [signed(step.gain), "n"],
    [h("span", {}, percent(share(step.covered)), meter(share(step.covered))), "n"], [money(step.spent), "n"]]));
  byId("order-body").replaceChildren(rows.length
    ? table([[t("step"), "n"], [t("action")], [t("stepGain"), "n"], [t("coveredAfter"), "n"], [t("spentSoFar"), "n"]], rows)
    : h("p", { class: "none" }, t("nothing")));
}

const planName = (plan) => (plan === "proposal" ? t("proposal") : t("bestFor", { s: scenarioName(plan) }));
const scenarioName = (name) => DATA.robustness?.names[name]?.[language] ?? name;

function renderRobustness() {
  const robust = DATA.robustness;
  byId("robust").hidden = !robust;
  if (!robust) return;
  const worlds = [...new Set(robust.outcomes.map((o) => o.scenario))];
  const plans = [...new Set(robust.outcomes.map((o) => o.plan))];
  byId("robust-line").textContent = t("robustLine", { plan: planName(robust.choice) });
  const outcome = (plan, world) => {
    const o = robust.outcomes.find((x) => x.plan === plan && x.scenario === world);
    const [missed, most] = o.total ? [o.missed / o.total, o.regret / o.total] : [0, 0];
    const text = most - missed < 5e-5 ? tinyPercent(missed) : t("upToMissed", { a: tinyPercent(missed), b: tinyPercent(most) });
    return [h("span", { title: percent(o.total ? o.covered / o.total : 1) }, text), `n ${missed > 0.03 ? "hot" : missed > 0.01 ? "mild" : "fine"}`];
  };
  byId("robust-body").replaceChildren(table([[t("plan")], ...worlds.map((world) => [scenarioName(world), "n"])],
    plans.map((plan) => row([[planName(plan)], ...worlds.map((world) => outcome(plan, world))], { class: plan === robust.choice ? "pick" : null }))));
}

function renderTable() {
  const rows = DATA.sites.filter((x) => x.today || x.after).map((x) => row([
    [siteName(x.id)], [t(roleOf(x))], [`${x.lat.toFixed(5)}, ${x.lon.toFixed(5)}`], [x.street ?? ""],
    [x.today ? "" : money(x.opening), "n"], [money(x.running), "n"], [amount(x.covers), "n"]]));
  byId("table-body").replaceChildren(table([[t("id")], [t("state")], [t("position")], [t("place")], [t("opening"), "n"], [t("running"), "n"], [t("covers"), "n"]], rows));
}
