// A field to sign in: finger, pen or mouse; smooth lines, and a way without drawing.
import { h } from "../shared/dom.js";

export function signaturePad(label) {
  const canvas = h("canvas", { width: 600, height: 240, role: "img", "aria-label": label });
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#101828" });
  let last = null;
  let drawn = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.quadraticCurveTo(...last, ...next);
    pen.stroke();
    [last, drawn] = [next, true];
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));
  return {
    canvas,
    isEmpty: () => !drawn,
    clear: () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      drawn = false;
    },
    image: () => (drawn ? canvas.toDataURL("image/png") : ""),
  };
}
