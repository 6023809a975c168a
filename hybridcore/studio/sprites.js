// Small pictures that move through the video: over it, and in a card with their mean so far.

import { rgb } from "./colours.js";
import { clearToScreen, newCanvas } from "./elements.js";
import { paintTag } from "./tag.js";

/** The last of `frames` that is not after `frame`; -1 before the first. */
function lastUntil(frames, frame) {
  let low = -1;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle] <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Pictures in the colour of their sprites, boxes and names, on the overlay of the player. */
export function paintSprites(context, overlay, frame) {
  const scale = clearToScreen(context);
  const { width, height } = context.canvas;
  context.lineWidth = 2 * scale;
  for (const sprite of overlay.sprites) {
    const at = lastUntil(sprite.frames, frame);
    if (at < 0 || sprite.frames[at] !== frame) continue;
    const [, rows, columns] = sprite.pictures.shape;
    const place = (array) => [0, 1, 2, 3].map(
      (side) => array[4 * at + side] * (side % 2 ? height : width),
    );
    context.drawImage(tinted(sprite, at, rows, columns), ...place(sprite.places));
    const [left, top, wide, tall] = place(sprite.boxes);
    context.strokeStyle = sprite.colour;
    context.strokeRect(left, top, wide, tall);
    paintTag(context, sprite.name, sprite.colour, [left, top], scale);
  }
}

/** One picture in the colour of its sprite, as a canvas. */
function tinted(sprite, at, rows, columns) {
  sprite.canvas ??= newCanvas(columns, rows);
  const context = sprite.canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const colour = rgb(sprite.colour);
  const size = rows * columns;
  for (let k = 0; k < size; k++) {
    image.data.set(colour, 4 * k);
    image.data[4 * k + 3] = sprite.pictures[at * size + k] * 0.8;
  }
  context.putImageData(image, 0, 0);
  return sprite.canvas;
}

/** A part of a card: the picture of this frame, and the mean of all counted ones so far. */
export function buildFilm({ sprite, present, absent, mean: averaged, mean_of_one: single }) {
  const [, rows, columns] = sprite.pictures.shape;
  const size = rows * columns;
  const node = Object.assign(document.createElement("div"), { className: "film" });
  const [now, mean] = [0, 1].map(() => {
    const figure = document.createElement("figure");
    const canvas = newCanvas(columns, rows);
    const caption = document.createElement("figcaption");
    figure.append(canvas, caption);
    node.append(figure);
    return { context: canvas.getContext("2d"), caption };
  });
  const sum = new Float64Array(size);
  let added = 0; // pictures looked at
  let count = 0; // pictures in the sum
  const paint = (context, level) => {
    const image = context.createImageData(columns, rows);
    for (let k = 0; k < size; k++) image.data.set([level(k), level(k), level(k), 255], 4 * k);
    context.putImageData(image, 0, 0);
  };
  const show = (frame) => {
    const at = lastUntil(sprite.frames, frame);
    const here = at >= 0 && sprite.frames[at] === frame;
    paint(now.context, (k) => (here ? sprite.pictures[at * size + k] : 0));
    now.caption.textContent = here ? present : absent;
    if (at + 1 < added) {
      sum.fill(0);
      added = count = 0;
    }
    for (; added <= at; added++) {
      if (!sprite.counted[added]) continue;
      for (let k = 0; k < size; k++) sum[k] += sprite.pictures[added * size + k];
      count++;
    }
    paint(mean.context, (k) => (count ? sum[k] / count : 0));
    mean.caption.textContent = count === 1 ? single : averaged.replace("{count}", count);
  };
  return { node, show };
}
