// Heat maps: the stronger, the brighter; weak values leave the picture clear.

import { rampTable } from "./colours.js";
import { setSize } from "./elements.js";
import { refine, splineTaps } from "./grid.js";

// Dark to light in even steps of lightness, so that brighter always means more.
const HEAT = ["#2b0a54", "#6a1480", "#a8287a", "#de4f5d", "#f98b47", "#fdc95a", "#fdf6b5"];
const HEAT_FACTOR = 8; // points a grid cell is refined to; the browser smooths the rest

const heatTable = rampTable(HEAT);
for (let level = 0; level < 256; level++) {
  heatTable[4 * level + 3] = 255 * Math.min(1, (level / 255) * 1.6);
}

export function paintHeat(context, { maps }, frame) {
  const [, rows, columns] = maps.shape;
  maps.taps ??= [splineTaps(columns, HEAT_FACTOR), splineTaps(rows, HEAT_FACTOR)];
  const [across, down] = maps.taps;
  const grid = maps.subarray(frame * rows * columns, (frame + 1) * rows * columns);
  const points = refine(grid, columns, across, down);
  setSize(context.canvas, across.length, down.length);
  const image = context.createImageData(across.length, down.length);
  points.forEach((value, at) => {
    const level = 4 * Math.round(value);
    image.data.set(heatTable.subarray(level, level + 4), 4 * at);
  });
  context.putImageData(image, 0, 0);
}
