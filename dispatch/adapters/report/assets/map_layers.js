// What the day's map draws over the ground.
for (const person of people) {
  person.path = new Path2D();
  for (const stop of person.stops) if (stop.way) decodeInto(person.path, stop.way);
}

function drawRoutes(ctx, k) {
  ctx.lineCap = ctx.lineJoin = "round";
  const dashed = DATA.plan.estimated ? [6 / k, 5 / k] : [];
  drawAreas(ctx, k);
  for (const person of shownPeople()) {
    if (person === state.person) continue;
    ctx.globalAlpha = state.person || state.visit ? 0.16 : 0.8;
    ctx.strokeStyle = personColor(person.hue);
    ctx.lineWidth = 2.2 / k;
    ctx.setLineDash(dashed);
    ctx.stroke(person.path);
  }
  ctx.globalAlpha = 1;
  if (state.person) {
    ctx.setLineDash([]);
    ctx.strokeStyle = cssColor("--halo");
    ctx.lineWidth = 7.5 / k;
    ctx.stroke(state.person.path);
    ctx.setLineDash(dashed);
    ctx.strokeStyle = personColor(state.person.hue);
    ctx.lineWidth = 4 / k;
    ctx.stroke(state.person.path);
  }
  ctx.setLineDash([]);
}

/** Areas with a live factor, as a tint with a dashed rim. */
function drawAreas(ctx, k) {
  for (const { ring } of DATA.areas) {
    ctx.beginPath();
    for (const [x, y] of ring) ctx.lineTo(x, y);
    ctx.closePath();
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = cssColor("--warn");
    ctx.fill();
    ctx.globalAlpha = 0.9;
    ctx.strokeStyle = cssColor("--warn");
    ctx.lineWidth = 1.5 / k;
    ctx.setLineDash([5 / k, 4 / k]);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Arrowheads along the chosen route, in screen pixels. */
function drawArrows(ctx, toScreen) {
  ctx.fillStyle = cssColor("--halo");
  for (const stop of state.person?.stops ?? []) {
    if (!stop.way || stop.way.length < 4) continue;
    let [x, y] = stop.way;
    let [px, py] = toScreen(x, y);
    let since = 30;
    for (let i = 2; i < stop.way.length; i += 2) {
      const [qx, qy] = toScreen((x += stop.way[i]), (y += stop.way[i + 1]));
      const length = Math.hypot(qx - px, qy - py);
      since += length;
      if (since > 60 && length > 5) {
        since = 0;
        arrow(ctx, (px + qx) / 2, (py + qy) / 2, Math.atan2(qy - py, qx - px));
      }
      [px, py] = [qx, qy];
    }
  }
}

function arrow(ctx, x, y, angle) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.beginPath();
  ctx.moveTo(3.4, 0); ctx.lineTo(-2, -2.7); ctx.lineTo(-2, 2.7);
  ctx.fill();
  ctx.restore();
}
