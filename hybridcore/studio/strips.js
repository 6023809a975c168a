// The time line below the video: a ruler, one coloured row a strip, ticks at the cuts.

import { clockText, endOf, frameAt } from "./clock.js";
import { inkOn } from "./colours.js";
import { percentText } from "./elements.js";
import { stageType } from "./staging.js";

// Pixels, of the ruler, a row, the gap below it, and letters: on a page, and on a stage by them.
const ON_PAGE = { ruler: 22, row: 26, gap: 4, type: 11 };
const onStage = (type) => ({ ruler: 1.6 * type, row: 1.5 * type, gap: 0.25 * type, type });
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600]; // seconds between ticks

/** Runs of equal codes: [{code, first, last}]. */
function runsOf(codes) {
  const runs = [];
  for (let frame = 0; frame < codes.length; frame++) {
    const run = runs[runs.length - 1];
    if (run?.code === codes[frame]) run.last = frame;
    else runs.push({ code: codes[frame], first: frame, last: frame });
  }
  return runs;
}

export class Strips {
  /** `onSeek(frame, final)` is called while the pointer drags and, with true, once at the end. */
  constructor(parts, onSeek) {
    Object.assign(this, parts); // section, names, track, canvas, playhead, hoverline, tip
    this.strips = [];
    this.sizes = ON_PAGE;
    this.onSeek = onSeek;
    const { track } = this;
    track.onpointerdown = (event) => {
      if (event.button !== 0 || !this.times) return;
      track.setPointerCapture(event.pointerId);
      this.dragging = true;
      this.onSeek(this.frameUnder(event), false);
    };
    track.onpointermove = (event) => {
      if (!this.times) return;
      if (this.dragging) this.onSeek(this.frameUnder(event), false);
      this.hover(event);
    };
    track.onpointerup = (event) => {
      if (!this.dragging) return;
      this.dragging = false;
      this.onSeek(this.frameUnder(event), true);
    };
    track.onpointercancel = () => (this.dragging = false);
    track.onpointerleave = () => this.hover(null);
    this.observer = new ResizeObserver(() => {
      this.draw();
      this.tellCharts();
    });
    this.observer.observe(track);
  }

  close() {
    this.observer.disconnect();
  }

  load({ times, strips, cuts }) {
    Object.assign(this, { times, strips, cuts });
    this.end = endOf(times, times.length - 1);
    this.runs = strips.map((strip) => runsOf(strip.codes));
    this.names.replaceChildren(
      ...strips.map((strip) => {
        const name = document.createElement("div");
        name.textContent = strip.name;
        name.title = strip.name;
        return name;
      }),
    );
    this.names.hidden = strips.length === 0;
    this.frame = undefined; // of other times
    this.draw();
  }

  /** Charts of the page stand below the strips: it is told how far these are from its sides. */
  tellCharts() {
    const track = this.track.getBoundingClientRect();
    const whole = this.section.getBoundingClientRect();
    const { style } = document.documentElement;
    style.setProperty("--strip-left", `${track.left - whole.left}px`);
    style.setProperty("--strip-right", `${whole.right - track.right}px`);
  }

  xOf(time) {
    return ((time - this.times[0]) / (this.end - this.times[0])) * this.canvas.clientWidth;
  }

  frameUnder(event) {
    const box = this.canvas.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return frameAt(this.times, this.times[0] + part * (this.end - this.times[0]));
  }

  /** First and last frame of the stretch of the first strip that `frame` lies in; without strips,
   * of everything. */
  runAt(frame) {
    const run = this.runs[0]?.find(({ first, last }) => first <= frame && frame <= last);
    return run ? [run.first, run.last] : [0, this.times.length - 1];
  }

  /** Where the next stretch of the first strip begins, or the one before; the ends, where there is
   * none. */
  changeAfter(frame) {
    return this.runs[0]?.find(({ first }) => first > frame)?.first ?? this.times.length - 1;
  }

  changeBefore(frame) {
    return this.runs[0]?.findLast(({ first }) => first < frame)?.first ?? 0;
  }

  /** Put the playhead on a frame. */
  show(frame) {
    this.frame = frame;
    this.playhead.style.transform = `translateX(${this.xOf(this.times[frame])}px)`;
    this.track.setAttribute("aria-valuenow", frame);
    this.track.setAttribute("aria-valuetext", this.describe(frame).join(", "));
  }

  /** What a frame says, for those who hear it. */
  describe(frame) {
    const labels = this.strips.flatMap(({ name, labels, codes, confidence }) => {
      const label = labels[codes[frame]];
      if (label === undefined) return [];
      return [`${name}: ${label}`, ...(confidence ? [percentText(confidence[frame])] : [])];
    });
    const place = `frame ${frame} of ${this.times.length - 1}`;
    return [place, clockText(this.times[frame]), ...labels];
  }

  hover(event) {
    this.tip.hidden = this.hoverline.hidden = !event;
    if (!event) return;
    const frame = this.frameUnder(event);
    const box = this.canvas.getBoundingClientRect();
    const { ruler, row, gap } = this.sizes;
    const strip = this.strips[Math.floor((event.clientY - box.top - ruler) / (row + gap))];
    const label = strip?.labels[strip.codes[frame]];
    const certain = strip?.confidence ? percentText(strip.confidence[frame]) : null;
    const when = `${clockText(this.times[frame])} · frame ${frame}`;
    this.tip.replaceChildren();
    if (label !== undefined) {
      const name = document.createElement("b");
      name.textContent = [label, certain].filter(Boolean).join(" · ");
      this.tip.append(name);
    }
    this.tip.append(when);
    const x = this.xOf(this.times[frame]);
    const half = this.tip.offsetWidth / 2;
    const inside = Math.min(box.width - half, Math.max(half, x));
    this.tip.style.transform = `translateX(${inside - half}px)`;
    this.hoverline.style.transform = `translateX(${x}px)`;
  }

  /** Sizes by what the page is; the style sheet reads them too. */
  measure() {
    const { section } = this;
    this.sizes = "present" in section.dataset ? onStage(stageType()) : ON_PAGE;
    for (const [name, size] of Object.entries(this.sizes)) {
      section.style.setProperty(`--${name}`, `${size}px`);
    }
  }

  /** Everything that does not move: redrawn when the size, the theme or the data change. */
  draw() {
    this.measure();
    const width = this.track.clientWidth;
    if (!this.times || width === 0) return;
    const { ruler, row, gap, type } = this.sizes;
    const height = ruler + this.strips.length * (row + gap);
    const scale = window.devicePixelRatio || 1;
    const { canvas } = this;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = `${height}px`;
    const style = getComputedStyle(canvas);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.font = `${type}px ${style.fontFamily}`;
    context.textBaseline = "middle";
    this.drawRuler(context, width, style);
    this.strips.forEach((strip, at) => {
      this.drawStrip(context, strip, this.runs[at], ruler + at * (row + gap), style);
    });
    this.drawCuts(context, height, style);
    if (this.frame !== undefined) this.show(this.frame);
  }

  drawRuler(context, width, style) {
    const { ruler, type } = this.sizes;
    const length = this.end - this.times[0];
    const step = STEPS.find((seconds) => (seconds / length) * width >= 5.8 * type) ?? 1200;
    context.fillStyle = style.getPropertyValue("--faint");
    context.fillRect(0, ruler - 5, width, 1);
    for (let tick = 0; tick * step <= length; tick++) {
      const x = (tick * step * width) / length;
      context.globalAlpha = 1;
      context.fillRect(Math.round(x), ruler - 9, 1, 5);
      const seconds = this.times[0] + tick * step;
      const text = step < 1 ? clockText(seconds) : clockText(seconds).slice(0, -3);
      const space = context.measureText(text).width;
      const left = tick === 0 ? 0 : x - space / 2;
      if (left + space > width) continue;
      context.globalAlpha = 0.65;
      context.fillStyle = style.color;
      context.fillText(text, left, 0.55 * type);
      context.fillStyle = style.getPropertyValue("--faint");
    }
    context.globalAlpha = 1;
  }

  drawStrip(context, strip, runs, top, style) {
    const { row, type } = this.sizes;
    const inside = new Path2D();
    inside.roundRect(0, top, context.canvas.clientWidth, row, 4);
    context.save();
    context.clip(inside);
    context.fillStyle = style.getPropertyValue("--surface");
    context.fillRect(0, top, context.canvas.clientWidth, row);
    for (const { code, first, last } of runs) {
      if (code < 0) continue;
      const left = this.xOf(this.times[first]);
      const right = this.xOf(endOf(this.times, last));
      context.fillStyle = strip.colours[code];
      this.fillRun(context, strip.confidence, { first, last, left, right, top });
      const text = strip.labels[code];
      if (context.measureText(text).width + 1.1 * type < right - left) {
        context.fillStyle = inkOn(strip.colours[code]);
        context.fillText(text, left + 0.55 * type, top + row / 2 + 0.5);
      }
      // A thin gap separates neighbours of similar colour.
      if (right - left > 4) {
        context.fillStyle = style.getPropertyValue("--page");
        context.fillRect(right - 0.5, top, 1, row);
      }
    }
    context.restore();
  }

  /** One column a pixel: less certain frames fill less of the row's height. */
  fillRun(context, confidence, { first, last, left, right, top }) {
    const { row } = this.sizes;
    if (!confidence) {
      context.fillRect(left, top, Math.max(1, right - left), row);
      return;
    }
    context.globalAlpha = 0.45;
    context.fillRect(left, top, Math.max(1, right - left), row);
    context.globalAlpha = 1;
    const length = this.end - this.times[0];
    const width = this.canvas.clientWidth;
    for (let x = Math.floor(left); x < right; x++) {
      const time = this.times[0] + ((x + 0.5) / width) * length;
      const frame = Math.min(last, Math.max(first, frameAt(this.times, time)));
      const height = confidence[frame] * row;
      const from = Math.max(x, left);
      context.fillRect(from, top + row - height, Math.min(x + 1, right) - from, height);
    }
  }

  drawCuts(context, height, style) {
    const { ruler } = this.sizes;
    for (const cut of this.cuts) {
      const x = Math.round(this.xOf(cut));
      context.fillStyle = style.getPropertyValue("--page");
      context.fillRect(x - 1, ruler, 3, height - ruler);
      context.fillStyle = style.color;
      context.fillRect(x, ruler - 5, 1, height - ruler + 5);
      context.beginPath();
      context.moveTo(x - 3.5, ruler - 9);
      context.lineTo(x + 4.5, ruler - 9);
      context.lineTo(x + 0.5, ruler - 3);
      context.fill();
    }
  }
}
