// Technician by technician: what each one gains and loses, kilometers and hours in both plans.
function personRow(person) {
  const [a, b] = person.sides;
  const pair = (value, text) => [[text(value(a)), " → ", h("b", {}, text(value(b)))], "n"];
  const go = () => { select({ person }); byId("work").scrollIntoView(); };
  const ids = (list) => [list.slice(0, 12).join(", ") + (list.length > 12 ? " …" : "") || "—"];
  return row([
    [h("b", {}, whoName(person.id))], pair((s) => s.visits, number), pair((s) => s.m, kilometers), pair((s) => s.work_s, duration),
    [person.sides.map(hoursText).join(" → "), "n"], ids(person.gains), ids(person.loses), [number(person.moved.length), "n"],
  ], { class: "go", tabindex: "0", onclick: go, onkeydown: (event) => { if (event.key === "Enter") go(); } });
}

function renderPeople() {
  const heads = [["technician"], ["visits", "n"], ["km", "n"], ["work", "n"], ["onTheRoad", "n"], ["gains"], ["loses"], ["movedList", "n"]];
  const rest = DATA.people.length - toldPeople.length;
  byId("people-body").replaceChildren(...[toldPeople.length ? table(heads.map(([word, cls]) => [t(word), cls]), toldPeople.map(personRow)) : null,
    rest ? h("p", { class: "small muted" }, t("restSame", { n: rest })) : null].filter(Boolean));
}
