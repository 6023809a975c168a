// The cards beside the video: bars, lines and pictures that follow every frame.

import { element, percentText, setText } from "./elements.js";
import { buildFilm } from "./sprites.js";

function buildLine(line) {
  const node = element("div", "line");
  const value = element("span", "line-value");
  node.append(element("span", "line-name", line.name), value);
  const show = (frame) => setText(value, line.labels[line.codes[frame]] ?? "");
  return { node, show };
}

/** `onPick(frame, label)` is called when a row of a series with `pick` is clicked; a label in
 * parentheses is no choice. */
function buildSeries(series, panel, onPick) {
  const node = element("div", series.hollow ? "series hollow" : "series");
  const heading = element("div", "series-name");
  heading.append(element("i", "swatch"), element("span", "", series.name));
  node.append(heading);
  const count = series.index.shape[1];
  const rows = Array.from({ length: count }, () => {
    const row = element(series.pick ? "button" : "div", "bar-row");
    const label = element("span", "bar-label");
    const bar = element("i", "bar");
    const track = element("span", "bar-track");
    const value = element("span", "bar-value");
    track.append(bar);
    row.append(label, track, value);
    node.append(row);
    return { row, label, bar, value };
  });
  let shown = 0;
  if (series.pick) {
    rows.forEach(({ row, label }) => (row.onclick = () => onPick(shown, label.textContent)));
  }
  const show = (frame) => {
    shown = frame;
    rows.forEach(({ row, label, bar, value }, rank) => {
      const code = series.index[frame * count + rank];
      const amount = series.value[frame * count + rank];
      row.classList.toggle("empty", code < 0);
      if (code < 0) return;
      setText(label, series.labels[code]);
      label.title = series.labels[code];
      if (series.pick) row.disabled = series.labels[code].startsWith("(");
      setText(value, panel.percent ? percentText(amount) : amount.toFixed(2));
      bar.style.width = `${100 * Math.min(1, Math.max(0, amount / panel.maximum))}%`;
      bar.style.setProperty("--bar", series.colours?.[code] ?? "var(--accent)");
    });
  };
  return { node, show };
}

export class Panels {
  constructor(root, onPick) {
    this.root = root;
    this.onPick = onPick;
    this.parts = [];
    this.known = Infinity; // frames; those after are not known yet
  }

  load(panels) {
    this.parts = [];
    const cards = panels.map((panel) => {
      const card = element("section", "card");
      card.append(element("h2", "card-title", panel.title));
      const parts = [
        ...panel.films.map(buildFilm),
        ...panel.lines.map(buildLine),
        ...panel.series.map((series) => buildSeries(series, panel, this.onPick)),
      ];
      card.append(...parts.map((part) => part.node));
      this.parts.push(...parts);
      return card;
    });
    this.root.replaceChildren(...cards);
    this.root.hidden = cards.length === 0;
  }

  /** A frame that is not known yet leaves what was shown, paler. */
  show(frame) {
    this.root.classList.toggle("unknown", frame >= this.known);
    if (frame >= this.known) return;
    for (const part of this.parts) part.show(frame);
  }
}
