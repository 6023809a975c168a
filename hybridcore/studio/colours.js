// Colours as numbers, and ramps of them.

/** "#0072b2" -> [0, 114, 178] */
export function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** Black or white, whichever reads better on `hex`: as ink_on of contrast.py. */
export function inkOn(hex) {
  const [red, green, blue] = rgb(hex).map((level) =>
    level <= 10 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

/** 256 opaque RGBA colours in one array, blended between colours in equal steps. */
export function rampTable(colours) {
  const stops = colours.map(rgb);
  const table = new Uint8ClampedArray(256 * 4);
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * (stops.length - 1);
    const left = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c++) {
      table[4 * level + c] =
        stops[left][c] + (place - left) * (stops[left + 1][c] - stops[left][c]);
    }
    table[4 * level + 3] = 255;
  }
  return table;
}

/** An opaque RGBA colour for each of the first codes, in one array. */
export function classTable(colours) {
  return Uint8ClampedArray.from(colours.flatMap((hex) => [...rgb(hex), 255]));
}

/** RGBA colours in one array as one number each, to be set at once. */
export function asPixels(bytes) {
  return new Uint32Array(bytes.buffer);
}
