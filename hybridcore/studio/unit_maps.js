// Heat maps of an LSTM, one row a unit, one column a step. A click chooses the row and goes to the
// step, a drag brushes a span of steps; the sums of the chosen unit follow the player.

import { clockText, endOf, frameAt } from "./clock.js";
import { rampTable } from "./colours.js";
import { element, newCanvas } from "./elements.js";
import { askToSeek, followPlayer } from "./following.js";
import { keepMounted } from "./mounts.js";
import { fetchPayload } from "./payload.js";
import { showSums } from "./sums.js";

const CLICK_DISTANCE = 4; // pixels; a longer way brushes
const GATE = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725"];
const SIGNED = ["#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b"];
const MOST = 65535; // a level is a share of this between a map's lowest and highest value

const kept = new Map(); // root -> UnitMaps

/** Three digits after the point, and no minus before nothing. */
function valueText(value) {
  return (Math.abs(value) < 0.0005 ? 0 : value).toFixed(3);
}

class UnitMaps {
  constructor(root) {
    this.section = root.querySelector(".unit-maps");
    this.find = (selector) => root.querySelector(selector);
    this.tip = this.find(".tip");
    this.figures = [];
    this.unfollow = followPlayer(
      () => this.data?.timeline, (time) => this.times && this.follow(frameAt(this.times, time)));
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.section);
  }

  close() {
    this.abort?.abort();
    this.unfollow();
    this.observer.disconnect();
  }

  update(data, setStateValue) {
    const before = this.data ?? {};
    Object.assign(this, { data, setStateValue, row: data.row });
    this.span = data.span;
    if (data.step !== before.step || data.maps !== before.maps) this.step = data.step;
    if (data.maps !== before.maps || data.unit !== before.unit) this.open(before);
    else this.place();
  }

  async open(before) {
    this.abort?.abort();
    const { signal } = (this.abort = new AbortController());
    const message = this.find(".message");
    try {
      const { data } = this;
      const fetched = (name) =>
        data[name] === before[name] && this[name]
          ? this[name] : data[name] && fetchPayload(data[name], signal);
      const [maps, unit] = await Promise.all([fetched("maps"), fetched("unit")]);
      if (signal.aborted) return;
      this.unit = unit;
      if (maps !== this.maps) this.load(maps);
      message.hidden = true;
      this.place();
    } catch (error) {
      if (signal.aborted) return;
      message.textContent = error.message;
      message.hidden = false;
    }
  }

  load(maps) {
    this.maps = maps;
    this.times = maps.times;
    this.end = endOf(maps.times, maps.times.length - 1);
    this.figures = maps.maps.map((map, at) => this.build(map, at));
    this.find(".maps").replaceChildren(...this.figures.map((figure) => figure.node));
    this.draw();
  }

  build(map, at) {
    const colours = map.signed ? SIGNED : GATE;
    const node = element("figure", "");
    const scale = element("span", "scale");
    const bar = element("i", "");
    bar.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
    scale.append(valueText(map.low), bar, valueText(map.high));
    const caption = element("figcaption", "", map.name);
    caption.append(scale);
    const area = element("div", "map");
    const canvas = newCanvas(1, 1);
    const [row, now, brushed] = ["row", "now", "brushed"].map((name) => element("i", name));
    area.append(canvas, brushed, row, now);
    area.setAttribute("role", "img");
    area.setAttribute("aria-label", `${map.name}, one row per unit. ${this.data.alt}`);
    if (at === 0) area.tabIndex = 0;
    this.listen(area, map);
    node.append(caption, area);
    return { node, area, canvas, row, now, brushed, map, table: rampTable(colours) };
  }

  listen(area, map) {
    let from = null; // the pointer and the step where a drag began
    area.onpointerdown = (event) => {
      if (event.button !== 0) return;
      area.setPointerCapture(event.pointerId);
      from = { x: event.clientX, step: this.stepUnder(area, event) };
    };
    area.onpointermove = (event) => {
      this.hover(area, map, event);
      if (from === null || Math.abs(event.clientX - from.x) <= CLICK_DISTANCE) return;
      this.brush(from.step, this.stepUnder(area, event));
    };
    area.onpointerup = (event) => {
      if (from === null) return;
      const step = this.stepUnder(area, event);
      if (Math.abs(event.clientX - from.x) > CLICK_DISTANCE) this.report("span", this.span);
      else this.choose(this.rowUnder(area, event), step);
      from = null;
    };
    area.onpointercancel = () => (from = null);
    area.onpointerleave = () => (this.tip.hidden = true);
    area.onkeydown = (event) => this.press(event);
  }

  press(event) {
    const { key, shiftKey } = event;
    const rows = { ArrowUp: -1, ArrowDown: 1 }[key];
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (rows) this.choose(this.row + rows);
    else if (steps && shiftKey) {
      const [first, last] = this.span ?? [this.step, this.step];
      this.brush(first, Math.max(first, last + steps));
      this.report("span", this.span);
    } else if (key === "Escape") this.report("span", (this.span = null));
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.place();
  }

  stepUnder(area, event) {
    const box = area.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return this.stepAt(share);
  }

  stepAt(share) {
    return frameAt(this.times, this.times[0] + share * (this.end - this.times[0]));
  }

  rowUnder(area, event) {
    const box = area.getBoundingClientRect();
    return Math.floor(((event.clientY - box.top) / box.height) * this.maps.labels.length);
  }

  choose(row, step) {
    this.row = Math.min(this.maps.labels.length - 1, Math.max(0, row));
    this.report("row", this.row);
    if (step !== undefined) {
      this.follow(step);
      if (this.data.timeline) askToSeek(this.data.timeline, this.times[step]);
    }
    this.place();
  }

  brush(one, other) {
    this.span = [Math.min(one, other), Math.max(one, other)];
    this.place();
  }

  /** Python hears of a choice together with the maps that it was made in. */
  report(what, value) {
    this.setStateValue(what, { maps: this.data.maps, value });
  }

  follow(step) {
    if (step === this.step) return;
    this.step = step;
    this.place();
  }

  where(step) {
    return this.maps.words ? `“${this.maps.words[step]}”` : clockText(this.times[step]);
  }

  hover(area, map, event) {
    const [row, step] = [this.rowUnder(area, event), this.stepUnder(area, event)];
    const label = this.maps.labels[row];
    this.tip.hidden = label === undefined;
    if (this.tip.hidden) return;
    const level = map.levels[row * this.times.length + step];
    const value = map.low + ((map.high - map.low) * level) / MOST;
    this.tip.replaceChildren(element("b", "", label), `${this.where(step)} · ${valueText(value)}`);
    const box = this.section.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 12, box.width - this.tip.offsetWidth);
    this.tip.style.transform = `translate(${left}px, ${event.clientY - box.top + 16}px)`;
  }

  /** The maps themselves: a pixel a row, and as many columns as the screen has. */
  draw() {
    if (!this.maps) return;
    const [rows, count] = [this.maps.labels.length, this.times.length];
    for (const { area, canvas, map, table } of this.figures) {
      const width = Math.round(area.clientWidth);
      if (width === 0 || canvas.width === width) continue;
      Object.assign(canvas, { width, height: rows });
      const context = canvas.getContext("2d");
      const image = context.createImageData(width, rows);
      for (let x = 0; x < width; x++) {
        const step = this.stepAt((x + 0.5) / width);
        for (let row = 0; row < rows; row++) {
          const level = 4 * (map.levels[row * count + step] >> 8);
          image.data.set(table.subarray(level, level + 4), 4 * (row * width + x));
        }
      }
      context.putImageData(image, 0, 0);
    }
  }

  /** What lies over the maps, and the sums below them. */
  place() {
    if (!this.maps) return;
    const rows = this.maps.labels.length;
    const share = (time) => (100 * (time - this.times[0])) / (this.end - this.times[0]);
    const step = Math.min(this.step, this.times.length - 1);
    for (const { row, now, brushed } of this.figures) {
      row.hidden = this.row < 0;
      row.style.top = `${(100 * this.row) / rows}%`;
      row.style.height = `${100 / rows}%`;
      now.style.left = `${share(this.times[step])}%`;
      brushed.hidden = this.span === null;
      if (this.span === null) continue;
      const left = share(this.times[this.span[0]]);
      brushed.style.left = `${left}%`;
      brushed.style.width = `${share(endOf(this.times, this.span[1])) - left}%`;
    }
    // Until Python has sent the sums of a unit that was just chosen, none stand under its name.
    const sums = this.find(".sums");
    sums.hidden = !this.unit || this.row !== this.data.row;
    if (!sums.hidden) showSums(sums, `${this.unit.label} at ${this.where(step)}`, this.unit, step);
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  return keepMounted(kept, UnitMaps, parentElement, data, setStateValue);
}
