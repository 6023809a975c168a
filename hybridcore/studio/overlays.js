// Maps drawn over the video, one painter a kind.

import { paintSprites } from "./sprites.js";

// Dark to light in even steps of lightness, so that brighter always means more.
const HEAT = ["#2b0a54", "#6a1480", "#a8287a", "#de4f5d", "#f98b47", "#fdc95a", "#fdf6b5"];
const SMOOTH = 8; // points a grid cell is refined to; the browser smooths the rest

const heatTable = (() => {
  const stops = HEAT.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const table = new Uint8ClampedArray(256 * 4);
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * (stops.length - 1);
    const left = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c++) {
      table[4 * level + c] =
        stops[left][c] + (place - left) * (stops[left + 1][c] - stops[left][c]);
    }
    // Weak attention leaves the picture clear.
    table[4 * level + 3] = 255 * Math.min(1, (level / 255) * 1.6);
  }
  return table;
})();

/** Cubic B-spline: for each of `count * SMOOTH` points, four clamped source cells and weights. */
function splineTaps(count) {
  return Array.from({ length: count * SMOOTH }, (_, point) => {
    const place = (point + 0.5) / SMOOTH - 0.5;
    const base = Math.floor(place);
    const t = place - base;
    const weights = [
      (1 - t) ** 3 / 6,
      (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
      (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
      t ** 3 / 6,
    ];
    return weights.map((weight, k) => [Math.min(count - 1, Math.max(0, base - 1 + k)), weight]);
  });
}

/** Interpolates the values (not the colours), then colours them. */
function paintHeat(context, maps, frame) {
  const [, rows, columns] = maps.shape;
  const width = columns * SMOOTH;
  const height = rows * SMOOTH;
  const canvas = context.canvas;
  if (canvas.width !== width || canvas.height !== height || !maps.taps) {
    canvas.width = width;
    canvas.height = height;
    maps.taps = { x: splineTaps(columns), y: splineTaps(rows) };
  }
  const start = frame * rows * columns;
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [column, weight] of maps.taps.x[x]) {
        sum += weight * maps[start + row * columns + column];
      }
      wide[row * width + x] = sum;
    }
  }
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [row, weight] of maps.taps.y[y]) sum += weight * wide[row * width + x];
      const level = 4 * Math.round(sum);
      image.data.set(heatTable.subarray(level, level + 4), 4 * (y * width + x));
    }
  }
  context.putImageData(image, 0, 0);
}

const PAINTERS = { heat: paintHeat, sprites: paintSprites };
const SPRITES = "People";

export class Overlays {
  constructor(canvas, chooser, slider) {
    this.context = canvas.getContext("2d");
    this.chooser = chooser;
    this.slider = slider;
    this.list = [];
    chooser.onchange = () => {
      this.chosen = chooser.value;
      this.show(this.frame);
    };
    slider.oninput = () => this.show(this.frame);
  }

  /** People are shown until the viewer chooses otherwise. */
  load(maps, sprites = []) {
    const list = sprites.length
      ? [{ name: SPRITES, kind: "sprites", maps: sprites }, ...maps] : maps;
    const chosen = this.chosen ?? (sprites.length ? SPRITES : "");
    this.list = list;
    this.frame = 0;
    this.chooser.replaceChildren(
      new Option("No overlay", ""),
      ...list.map((overlay) => new Option(overlay.name, overlay.name)),
    );
    this.chooser.value = list.some((overlay) => overlay.name === chosen) ? chosen : "";
    this.chooser.parentElement.hidden = list.length === 0;
  }

  show(frame) {
    this.frame = frame;
    const overlay = this.list.find((item) => item.name === this.chooser.value);
    const canvas = this.context.canvas;
    canvas.hidden = !overlay;
    this.slider.hidden = !overlay;
    if (!overlay) return;
    canvas.style.opacity = this.slider.value;
    PAINTERS[overlay.kind](this.context, overlay.maps, frame);
  }
}
