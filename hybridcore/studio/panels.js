// The cards beside the video: bars, lines and pictures that follow every frame.

import { buildFilm } from "./sprites.js";

function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// Assigning an unchanged text would still cost layout on every frame.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function buildLine(line) {
  const node = element("div", "line");
  const value = element("span", "line-value");
  node.append(element("span", "line-name", line.name), value);
  const show = (frame) => setText(value, line.labels[line.codes[frame]] ?? "");
  return { node, show };
}

function buildSeries(series, panel) {
  const node = element("div", series.hollow ? "series hollow" : "series");
  const heading = element("div", "series-name");
  heading.append(element("i", "swatch"), element("span", "", series.name));
  node.append(heading);
  const count = series.index.shape[1];
  const rows = Array.from({ length: count }, () => {
    const row = element("div", "bar-row");
    const label = element("span", "bar-label");
    const bar = element("i", "bar");
    const track = element("span", "bar-track");
    const value = element("span", "bar-value");
    track.append(bar);
    row.append(label, track, value);
    node.append(row);
    return { row, label, bar, value };
  });
  const show = (frame) => {
    rows.forEach(({ row, label, bar, value }, rank) => {
      const code = series.index[frame * count + rank];
      const amount = series.value[frame * count + rank];
      row.classList.toggle("empty", code < 0);
      if (code < 0) return;
      setText(label, series.labels[code]);
      label.title = series.labels[code];
      setText(value, panel.percent ? `${Math.round(100 * amount)} %` : amount.toFixed(2));
      bar.style.width = `${100 * Math.min(1, Math.max(0, amount / panel.maximum))}%`;
      bar.style.setProperty("--bar", series.colours?.[code] ?? "var(--accent)");
    });
  };
  return { node, show };
}

export class Panels {
  constructor(root) {
    this.root = root;
    this.parts = [];
  }

  load(panels, sprites) {
    this.parts = [];
    const cards = panels.map((panel) => {
      const card = element("section", "card");
      card.append(element("h3", "card-title", panel.title));
      const parts = [
        ...panel.sprites.map((number) => buildFilm(sprites[number])),
        ...panel.lines.map(buildLine),
        ...panel.series.map((series) => buildSeries(series, panel)),
      ];
      card.append(...parts.map((part) => part.node));
      this.parts.push(...parts);
      return card;
    });
    this.root.replaceChildren(...cards);
    this.root.hidden = cards.length === 0;
  }

  show(frame) {
    for (const part of this.parts) part.show(frame);
  }
}
