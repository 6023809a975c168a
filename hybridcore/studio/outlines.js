// Figures of points and lines, such as skeletons; what is missing (NaN) is not drawn.

import { clearToScreen } from "./elements.js";

const LINE = 3; // CSS pixels
const DOT = 3.5;

export function paintOutlines(context, { points, edges, colours, dots }, frame) {
  const scale = clearToScreen(context);
  const { width, height } = context.canvas;
  const [, figures, count] = points.shape;
  context.lineWidth = LINE * scale;
  context.lineCap = "round";
  for (let figure = 0; figure < figures; figure++) {
    const first = 2 * (frame * figures + figure) * count;
    const place = (point) => [
      points[first + 2 * point] * width, points[first + 2 * point + 1] * height,
    ];
    const there = (point) => place(point).every(Number.isFinite);
    context.strokeStyle = context.fillStyle = colours[figure];
    context.beginPath();
    for (const [from, to] of edges) {
      if (!there(from) || !there(to)) continue;
      context.moveTo(...place(from));
      context.lineTo(...place(to));
    }
    context.stroke();
    if (!dots) continue;
    for (let point = 0; point < count; point++) {
      if (!there(point)) continue;
      context.beginPath();
      context.arc(...place(point), DOT * scale, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
