// Figures of points and lines, such as skeletons; what is missing (NaN) is not drawn.

import { clearToScreen } from "./elements.js";
import { paintTag } from "./tag.js";

const DOT = 3.5; // CSS pixels
const GAP = 8; // between the highest point and the name

export function paintOutlines(context, overlay, frame) {
  const { points, edges, colours, dots, line, codes } = overlay;
  const scale = clearToScreen(context);
  const { width, height } = context.canvas;
  const [, figures, count] = points.shape;
  context.lineWidth = line * scale;
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
    const seen = Array.from({ length: count }, (_, point) => point).filter(there).map(place);
    for (const at of dots ? seen : []) {
      context.beginPath();
      context.arc(...at, DOT * scale, 0, 2 * Math.PI);
      context.fill();
    }
    if (!codes || !seen.length) continue;
    const [x, y] = seen.reduce((one, other) => (other[1] < one[1] ? other : one));
    const text = overlay.labels[codes[frame * figures + figure]];
    const name = overlay.names[figure];
    paintTag(context, text ? `${name}: ${text}` : name, colours[figure], [x, y - GAP * scale], scale);
  }
}
