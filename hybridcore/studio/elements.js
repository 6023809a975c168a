// Small helpers for elements and canvases.

export function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// Assigning an unchanged text would still cost layout on every frame.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** 0.58 -> "58.0 %", as everywhere. */
export function percentText(share) {
  return `${(100 * share).toFixed(1)} %`;
}

export function newCanvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** Setting a size clears the canvas and costs time, even if it is the size it has. */
export function setSize(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}

/** Clear a canvas that has the pixels of the screen below it; returns those a CSS pixel. */
export function clearToScreen(context) {
  const { canvas } = context;
  const scale = window.devicePixelRatio || 1;
  setSize(
    canvas,
    Math.round(canvas.clientWidth * scale) || 960,
    Math.round(canvas.clientHeight * scale) || 540,
  );
  context.clearRect(0, 0, canvas.width, canvas.height);
  return scale;
}
