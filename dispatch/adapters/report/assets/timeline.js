// All lanes under one hour axis; zooming changes one width, nothing is laid out by hand.
const hasHolds = people.some((p) => p.jobs.some((stop) => stop.t[2] > stop.t[1]));
const lanes = byId("lanes");
let timeZoom = 1;

function hoursOf(step) {
  const hours = [];
  for (let s = axis.from; s <= axis.to; s += step) hours.push(s);
  return hours;
}

function renderTimeline() {
  const grid = hoursOf(3600);
  const labels = grid.slice(1, -1).map((s) => h("span", { class: "hour", css: { left: axis.share(s) } }, clockTime(s)));
  const head = h("div", { class: `axis${rushSpans.length ? " rush" : ""}`, "aria-hidden": "true" }, h("div", { class: "corner" }, rushSpans.length ? t("speed") : ""), h("div", { class: "hours" }, ...rushLabels(), ...labels));
  lanes.replaceChildren(head, ...shownPeople().map((person) => laneOf(person, grid)));
  renderKeys();
  setTimeZoom(timeZoom, 0);
  markTimeline();
}

function renderKeys() {
  const key = (parts, word) => h("li", {}, h("span", { class: "key", "aria-hidden": "true" }, ...parts), t(word));
  const part = (cls, css) => h("i", { class: `${cls} sample`, css: { position: "absolute", left: "0", width: "24px", ...css } });
  byId("keys").replaceChildren(...[
    key([part("travel", { top: "4px" })], "travel"),
    key([part("wait", { top: "0", height: "12px" })], "waiting"),
    key([part("", { top: "0", height: "12px", background: "var(--c)", "border-radius": "3px" })], "service"),
    key([part("rest", { top: "0", height: "12px" })], "rest"),
    key([part("window", { top: "4px", height: "5px", opacity: "1" })], "window"),
    key([part("over", { top: "0", height: "12px", bottom: "auto" })], "overtimeKey"),
    hasHolds && key([part("hold", { top: "0", height: "12px" })], "hold"),
    DATA.figures.crews > 0 && h("li", {}, icon("crew"), t("crew")),
    Object.values(DATA.visits).some((v) => v.links) && h("li", {}, icon("link"), t("linked")),
    DATA.figures.pickups > 0 && h("li", {}, h("span", { class: "key boxed" }, icon("box")), t("pickup")),
    rushSpans.length > 0 && key([part("band", { top: "0", height: "12px", opacity: "1" })], "rushKey"),
    h("li", { class: "chip bad" }, icon("warn"), t("late")),
  ].filter(Boolean));
}

/** 1 = the whole day fits; sideways scrolling beyond. Phones start where an hour is a thumb wide. */
function setTimeZoom(zoom, anchor = 0.5) {
  const hours = (axis.to - axis.from) / 3600;
  const label = lanes.clientWidth < 640 ? 112 : 200;
  const room = Math.max(1, lanes.clientWidth - label);
  const least = Math.max(1, (hours * 44) / room);
  const before = (lanes.scrollLeft + anchor * room) / Math.max(1, lanes.scrollWidth - label);
  timeZoom = Math.min(12, Math.max(1, zoom));
  const width = label + room * Math.max(least, timeZoom);
  for (const row of lanes.children) row.style.width = `${width}px`;
  lanes.scrollLeft = before * (width - label) - anchor * room;
}

function markTimeline(from) {
  for (const row of lanes.querySelectorAll(".lane")) {
    const person = people[row.dataset.person];
    row.classList.toggle("dim", Boolean(state.person) && person !== state.person);
    row.classList.toggle("on", person === state.person);
    row.firstChild.setAttribute("aria-pressed", String(person === state.person && !state.visit));
  }
  for (const old of lanes.querySelectorAll(".sel")) old.classList.remove("sel", "kin");
  if (state.visit) {
    const id = CSS.escape(state.visit);
    for (const hit of lanes.querySelectorAll(`[data-visit="${id}"], [data-window="${id}"]`)) hit.classList.add("sel");
    const linked = [...(DATA.visits[state.visit].links ?? []).map(([after]) => after), ...(followers.get(state.visit) ?? []).map(([other]) => other)];
    for (const other of linked) for (const hit of lanes.querySelectorAll(`[data-visit="${CSS.escape(other)}"]`)) hit.classList.add("sel", "kin");
  }
  if (from && from !== "timeline" && state.person) revealLane(state.person);
}
onSelect((from) => markTimeline(from || "elsewhere"));

/** Scroll the lanes, never the page. */
function revealLane(person) {
  const row = lanes.querySelector(`[data-person="${person.index}"]`);
  if (!row) return;
  const top = row.offsetTop - 30;
  if (top < lanes.scrollTop || top + 80 > lanes.scrollTop + lanes.clientHeight) lanes.scrollTop = top - 60;
}

function laneKey(event) {
  const row = event.target.closest(".lane");
  if (!row) return;
  const stops = [row.querySelector(".lane-name"), ...row.querySelectorAll(".job")];
  const here = stops.indexOf(event.target);
  const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const upDown = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (sideways) stops[here + sideways]?.focus();
  else if (upDown) row[upDown]?.querySelector(".lane-name")?.focus();
  else if (event.key === "Escape") select({}, "timeline");
  else return;
  event.preventDefault();
}

onStart(() => {
  lanes.addEventListener("click", (event) => {
    const row = event.target.closest(".lane");
    const job = event.target.closest(".job");
    const person = row && people[row.dataset.person];
    if (job?.dataset.visit) select({ person, visit: job.dataset.visit }, "timeline");
    else if (row) {
      select(person === state.person && !state.visit ? {} : { person }, "timeline");
    }
  });
  lanes.addEventListener("pointermove", (event) => {
    const job = event.target.closest(".job");
    if (!job) return hideTip();
    const person = people[job.closest(".lane").dataset.person];
    showTip(event.clientX, event.clientY, stopTip(person, person.stops[job.dataset.stop]));
  });
  lanes.addEventListener("pointerleave", hideTip);
  lanes.addEventListener("keydown", laneKey);
  lanes.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = lanes.getBoundingClientRect();
    setTimeZoom(timeZoom * Math.exp(-event.deltaY * 0.002), (event.clientX - box.left) / box.width);
  }, { passive: false });
  byId("time-in").addEventListener("click", () => setTimeZoom(timeZoom * 1.5));
  byId("time-out").addEventListener("click", () => setTimeZoom(timeZoom / 1.5));
  window.addEventListener("resize", () => setTimeZoom(timeZoom, 0));
});
