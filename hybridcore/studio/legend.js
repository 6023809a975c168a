// What the colours of an overlay mean.

import { element } from "./elements.js";

/** An element for the legend of an overlay; null where it speaks for itself. */
export function buildLegend({ kind, scale, colours, names }) {
  if (kind === "outlines") return buildChips(names.map((name, at) => [name, colours[at]]));
  if (kind !== "field") return null;
  if (!scale.labels) return buildRamp(scale);
  return buildChips(scale.present.map((code) => [scale.labels[code], scale.colours[code]]));
}

function buildChips(entries) {
  const node = element("div", "chips");
  for (const [name, colour] of entries) {
    const chip = element("span", "chip");
    const swatch = element("i", "swatch");
    swatch.style.background = colour;
    chip.append(swatch, element("span", "", name));
    node.append(chip);
  }
  return node;
}

function buildRamp({ colours, ticks, unit }) {
  const node = element("div", "ramp");
  const bar = element("div", "ramp-bar");
  const axis = element("div", "ramp-axis");
  bar.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
  for (const [value, text] of ticks) {
    const tick = element("span", "ramp-tick", text);
    tick.style.left = `${(100 * value) / 255}%`;
    axis.append(tick);
  }
  const scale = element("div", "ramp-scale");
  scale.append(bar, axis);
  node.append(scale, element("span", "ramp-unit", unit));
  return node;
}
