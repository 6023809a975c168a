// Colour fields with their own scale: classes, or amounts on a ramp.

import { asPixels, classTable, rampTable } from "./colours.js";
import { setSize } from "./elements.js";
import { linearTaps, refine } from "./grid.js";

const FIELD_POINTS = 512; // a smooth field is refined to about so many points a side, at most
const FIELD_FACTOR = 8;

export function paintField(context, field, frame) {
  const { values, scale } = field;
  const [, rows, columns] = values.shape;
  field.table ??= asPixels((scale.labels ? classTable : rampTable)(scale.colours));
  const grid = values.subarray(frame * rows * columns, (frame + 1) * rows * columns);
  if (field.smooth) paintSmooth(context, field, grid, rows, columns);
  else paintCells(context, field, grid, rows, columns);
}

/** One pixel a cell; the style of the canvas keeps its edges sharp. */
function paintCells(context, { table, transparent }, grid, rows, columns) {
  setSize(context.canvas, columns, rows);
  const image = context.createImageData(columns, rows);
  const pixels = asPixels(image.data);
  grid.forEach((value, at) => {
    if (value !== transparent) pixels[at] = table[value];
  });
  context.putImageData(image, 0, 0);
}

/** Transparent cells have no say in the values beside them, and fade out towards them. */
function paintSmooth(context, field, grid, rows, columns) {
  const factor = Math.max(
    1, Math.min(FIELD_FACTOR, Math.floor(FIELD_POINTS / Math.max(rows, columns))),
  );
  field.taps ??= [linearTaps(columns, factor), linearTaps(rows, factor)];
  const [across, down] = field.taps;
  const there = Float32Array.from(grid, (value) => (value === field.transparent ? 0 : 1));
  const amounts = Float32Array.from(grid, (value, at) => value * there[at]);
  const cover = refine(there, columns, across, down);
  const sums = refine(amounts, columns, across, down);
  setSize(context.canvas, across.length, down.length);
  const image = context.createImageData(across.length, down.length);
  const pixels = asPixels(image.data);
  for (let at = 0; at < sums.length; at++) {
    if (cover[at] <= 0) continue;
    pixels[at] = field.table[Math.min(255, Math.round(sums[at] / cover[at]))];
    image.data[4 * at + 3] = 255 * cover[at];
  }
  context.putImageData(image, 0, 0);
}
