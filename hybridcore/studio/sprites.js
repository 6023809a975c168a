// People who move through the video: their pictures over it, and in a card with their mean so far.

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

function newCanvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** Pictures in the colour of their sprites, boxes and names, on the overlay of the player. */
export function paintSprites(context, list, frame) {
  const { canvas } = context;
  const scale = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * scale) || 960;
  const height = Math.round(canvas.clientHeight * scale) || 540;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.clearRect(0, 0, width, height);
  context.font = `600 ${Math.round(12 * scale)}px system-ui, sans-serif`;
  context.lineWidth = 2 * scale;
  for (const sprites of list) {
    const at = lastUntil(sprites.frames, frame);
    if (at < 0 || sprites.frames[at] !== frame) continue;
    const [, rows, columns] = sprites.pictures.shape;
    const place = (array) => [0, 1, 2, 3].map(
      (side) => array[4 * at + side] * (side % 2 ? height : width),
    );
    context.drawImage(tinted(sprites, at, rows, columns), ...place(sprites.places));
    const [left, top, wide, tall] = place(sprites.boxes);
    context.strokeStyle = context.fillStyle = sprites.colour;
    context.strokeRect(left, top, wide, tall);
    const text = context.measureText(sprites.name).width + 10 * scale;
    const above = Math.max(0, top - 18 * scale);
    context.fillRect(left - scale, above, text, 18 * scale);
    context.fillStyle = "#ffffff";
    context.fillText(sprites.name, left + 4 * scale, above + 13 * scale);
  }
}

/** One picture in the colour of its sprites, as a canvas. */
function tinted(sprites, at, rows, columns) {
  sprites.canvas ??= newCanvas(columns, rows);
  const context = sprites.canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const colour = [1, 3, 5].map((from) => parseInt(sprites.colour.slice(from, from + 2), 16));
  const size = rows * columns;
  for (let k = 0; k < size; k++) {
    image.data.set(colour, 4 * k);
    image.data[4 * k + 3] = sprites.pictures[at * size + k] * 0.8;
  }
  context.putImageData(image, 0, 0);
  return sprites.canvas;
}

/** A part of a card: the picture of this frame, and the mean of all counted ones so far. */
export function buildFilm(sprites) {
  const [, rows, columns] = sprites.pictures.shape;
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
    const at = lastUntil(sprites.frames, frame);
    const here = at >= 0 && sprites.frames[at] === frame;
    paint(now.context, (k) => (here ? sprites.pictures[at * size + k] : 0));
    now.caption.textContent = here ? "this frame" : "not in this frame";
    if (at + 1 < added) {
      sum.fill(0);
      added = count = 0;
    }
    for (; added <= at; added++) {
      if (!sprites.counted[added]) continue;
      for (let k = 0; k < size; k++) sum[k] += sprites.pictures[added * size + k];
      count++;
    }
    paint(mean.context, (k) => (count ? sum[k] / count : 0));
    mean.caption.textContent = `energy of ${count} frame${count === 1 ? "" : "s"}`;
  };
  return { node, show };
}
