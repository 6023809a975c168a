// A name in a small box of its colour, over what it belongs to.

import { inkOn } from "./colours.js";
import { typeSize } from "./staging.js";

/** Write `text` over the place (left, top), inside the picture; `scale`: screen pixels of a CSS
 * pixel. */
export function paintTag(context, text, colour, [left, top], scale) {
  const type = scale * typeSize(12);
  context.font = `600 ${Math.round(type)}px system-ui, sans-serif`;
  const width = context.measureText(text).width + 0.8 * type;
  const above = Math.max(0, top - 1.5 * type);
  const from = Math.max(0, Math.min(left - scale, context.canvas.width - width));
  context.fillStyle = colour;
  context.fillRect(from, above, width, 1.5 * type);
  context.fillStyle = inkOn(colour);
  context.fillText(text, from + scale + 0.35 * type, above + 1.1 * type);
}
