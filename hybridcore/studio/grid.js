// Grids of values refined to more points: values are interpolated, not their colours.

/** For each of `count * factor` points, the source cells (kept inside) and their weights. */
function taps(count, factor, first, weigh) {
  return Array.from({ length: count * factor }, (_, point) => {
    const place = (point + 0.5) / factor - 0.5;
    const base = Math.floor(place);
    return weigh(place - base).map((weight, k) => [
      Math.min(count - 1, Math.max(0, base + first + k)), weight,
    ]);
  });
}

/** Cubic B-spline: very smooth, and a lone peak becomes lower. */
export function splineTaps(count, factor) {
  return taps(count, factor, -1, (t) => [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ]);
}

/** Linear: every cell keeps its value in its middle. */
export function linearTaps(count, factor) {
  return taps(count, factor, 0, (t) => [1 - t, t]);
}

/** Float32Array of `across.length` x `down.length` points from a grid `columns` wide. */
export function refine(grid, columns, across, down) {
  const rows = grid.length / columns;
  const width = across.length;
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [column, weight] of across[x]) sum += weight * grid[row * columns + column];
      wide[row * width + x] = sum;
    }
  }
  const points = new Float32Array(down.length * width);
  down.forEach((sources, y) => {
    for (const [row, weight] of sources) {
      for (let x = 0; x < width; x++) points[y * width + x] += weight * wide[row * width + x];
    }
  });
  return points;
}
