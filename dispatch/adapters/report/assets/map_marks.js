// Stops, outlets and unassigned visits as marks of fixed size on the screen.
function disc(ctx, x, y, radius, fill, rim, rimWidth = 1.5) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = rimWidth;
  ctx.strokeStyle = rim;
  ctx.stroke();
}

function diamond(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.moveTo(x, y - radius); ctx.lineTo(x + radius, y); ctx.lineTo(x, y + radius); ctx.lineTo(x - radius, y);
  ctx.closePath();
}

function label(ctx, text, x, y, color, size = 10) {
  ctx.font = `700 ${size}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = color;
  ctx.fillText(text, x, y + 0.5);
}

/** Every mark as [kind, place, what it stands for], lowest first. */
function listMarks() {
  const [marks, chosen] = [[], []];
  const atOutlet = new Map();
  for (const person of shownPeople()) {
    for (const stop of person.stops) {
      const list = person === state.person ? chosen : marks;
      if (stop.kind === "visit") list.push(["stop", stop.at, { person, stop, visit: stop.visit }]);
      if (stop.kind !== "pickup") continue;
      // They happen where the outlet's own mark stands: side by side above it.
      const nth = atOutlet.get(stop.outlet) ?? 0;
      atOutlet.set(stop.outlet, nth + 1);
      chosen.push(["pickup", stop.at, { person, stop, dx: 16 + 17 * (nth % 4), dy: -12 - 17 * Math.floor(nth / 4) }]);
    }
  }
  for (const [id, visit] of Object.entries(DATA.visits)) {
    if (visit.contracted) marks.push(["contracted", visit.at, { visit: id }]);
    else if (whyNot.has(id)) marks.push(["unassigned", visit.at, { visit: id }]);
  }
  for (const outlet of DATA.outlets) marks.push(["outlet", outlet.at, { outlet }]);
  return [...marks, ...chosen];
}

function drawMark(ctx, mark, view) {
  const faded = (state.person || state.visit) && mark.kind !== "outlet" && mark.visit !== state.visit
    && (!mark.person || mark.person !== state.person);
  ctx.globalAlpha = faded ? 0.3 : 1;
  MARKS[mark.kind](ctx, mark, view);
  if (mark.visit && mark.visit === state.visit) {
    ctx.beginPath();
    ctx.arc(mark.x, mark.y, 15, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.strokeStyle = cssColor("--ink");
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

const MARKS = {
  pickup(ctx, { x, y, person }) {
    ctx.beginPath();
    ctx.roundRect(x - 7.5, y - 7.5, 15, 15, 3);
    ctx.fillStyle = cssColor("--card");
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = person ? personColor(person.hue) : cssColor("--accent");
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 4, y - 2); ctx.lineTo(x, y - 4); ctx.lineTo(x + 4, y - 2); ctx.lineTo(x + 4, y + 2.5); ctx.lineTo(x, y + 4.5); ctx.lineTo(x - 4, y + 2.5);
    ctx.closePath();
    ctx.moveTo(x - 4, y - 2); ctx.lineTo(x, y); ctx.lineTo(x + 4, y - 2); ctx.moveTo(x, y); ctx.lineTo(x, y + 4.5);
    ctx.lineWidth = 1.3;
    ctx.stroke();
  },
  stop(ctx, { x, y, person, stop }, view) {
    const numbered = person === state.person || view.k > view.numberedFrom;
    const late = stop.late > 0;
    const radius = numbered ? 9 : 4.6;
    const rim = cssColor(late ? "--bad" : "--halo");
    if (DATA.visits[stop.visit].priority === "emergency") {
      diamond(ctx, x, y, radius + 4);
      ctx.fillStyle = personColor(person.hue);
      ctx.fill();
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = rim;
      ctx.stroke();
    } else disc(ctx, x, y, radius, personColor(person.hue), rim, late ? 2.6 : 1.5);
    if (stop.crew) {
      ctx.beginPath();
      ctx.arc(x, y, radius + 3, 0, 2 * Math.PI);
      ctx.lineWidth = 1.6;
      ctx.strokeStyle = cssColor("--ink");
      ctx.stroke();
    }
    if (numbered) label(ctx, String(stop.number), x, y, isDark() ? "#0c1117" : "#fff");
    else if (late) label(ctx, "!", x, y, isDark() ? "#0c1117" : "#fff", 8);
  },
  contracted(ctx, { x, y }) {
    ctx.beginPath();
    ctx.rect(x - 5, y - 5, 10, 10);
    ctx.fillStyle = cssColor("--card");
    ctx.fill();
    ctx.lineWidth = 2.2;
    ctx.strokeStyle = cssColor("--good");
    ctx.stroke();
  },
  unassigned(ctx, { x, y }) {
    disc(ctx, x, y, 8.5, cssColor("--card"), cssColor("--bad"), 2.4);
    label(ctx, "×", x, y, cssColor("--bad"), 14);
  },
  outlet(ctx, { x, y, outlet }, view) {
    ctx.beginPath();
    ctx.roundRect(x - 11, y - 11, 22, 22, 6);
    ctx.fillStyle = cssColor("--ink");
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = cssColor("--halo");
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 6, y); ctx.lineTo(x, y - 6); ctx.lineTo(x + 6, y);
    ctx.moveTo(x - 4, y - 1); ctx.lineTo(x - 4, y + 5); ctx.lineTo(x + 4, y + 5); ctx.lineTo(x + 4, y - 1);
    ctx.lineWidth = 1.7;
    ctx.strokeStyle = cssColor("--card");
    ctx.stroke();
    if (view.width > 500) haloText(ctx, outlet.name || outlet.id, x, y + 20);
  },
};

function haloText(ctx, text, x, y) {
  ctx.font = "650 11.5px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3.5;
  ctx.lineJoin = "round";
  ctx.strokeStyle = cssColor("--halo");
  ctx.strokeText(text, x, y);
  ctx.fillStyle = cssColor("--ink");
  ctx.fillText(text, x, y);
}
