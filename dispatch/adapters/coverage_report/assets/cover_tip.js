// The small dark note beside the pointer.
function showTip(x, y, children) {
  const tip = byId("tip");
  tip.replaceChildren(...children);
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(6, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18}px`;
}

function hideTip() {
  byId("tip").hidden = true;
}

const line = (...children) => h("div", {}, ...children);
const demandLine = (weight) => `${t("weight")} ${amount(weight)} · ${percent(ratio(weight, totalWeight))} ${t("weightShare")}`;

function markTip(mark) {
  if (mark.kind === "pocket") {
    const pocket = DATA.pockets[mark.index];
    return [h("b", {}, `${mark.index + 1} · ${pocketName(pocket)}`), line(demandLine(pocket.weight)), line(pocketWay(pocket))];
  }
  if (mark.kind === "candidate") return [h("b", {}, mark.candidate.name || mark.candidate.id), line(t("candidate"))];
  const outlet = DATA.outlets[mark.index];
  return [h("b", {}, outletName(mark.index)), line(`${t(outlet.kind)} · ${t(outlet.zone)}`), line(demandLine(outlet.catchment[1]))];
}
