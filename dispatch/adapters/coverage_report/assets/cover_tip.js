// What the note beside the pointer says.
const demandLine = (weight) => `${t("weight")} ${amount(weight)} · ${t("shareOfAll", { p: percent(ratio(weight, totalWeight)) })}`;

function cellTip(index) {
  const [, , weight, straight, road] = DATA.cells[index];
  const covered = state.layers.demand === "road" ? road : straight;
  const word = covered >= weight ? "covered" : covered > 0 ? "partly" : "uncovered";
  return [h("b", {}, `${amount(weight)} ${t("weight")}`), line(`${t(word)} · ${cellName(index)}`), line(t("clickCell"))];
}

function markTip(mark) {
  if (mark.kind === "pocket") {
    const pocket = DATA.pockets[mark.index];
    return [h("b", {}, `${mark.index + 1} · ${pocketName(pocket)}`), line(demandLine(pocket.weight)), line(pocketWay(pocket))];
  }
  if (mark.kind === "candidate") return [h("b", {}, mark.candidate.name || mark.candidate.id), line(t("candidate"))];
  const outlet = DATA.outlets[mark.index];
  return [h("b", {}, outletName(mark.index)), line(`${t(outlet.kind)} · ${t(outlet.zone)}`), line(demandLine(outlet.catchment[1]))];
}
