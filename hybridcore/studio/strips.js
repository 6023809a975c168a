// The time line below the video: a ruler, one coloured row a strip, ticks at the cuts.

import { clockText, endOf, frameAt } from "./clock.js";
import { percentText } from "./elements.js";

const RULER = 22; // pixels
const ROW = 26;
const GAP = 4;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600]; // seconds between ticks

/** Black or white, whichever reads better on `hex`. */
function inkOn(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? "#111111" : "#ffffff";
}

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
    Object.assign(this, parts); // names, track, canvas, playhead, hoverline, tip
    this.strips = [];
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
    this.observer = new ResizeObserver(() => this.draw());
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
    this.draw();
  }

  xOf(time) {
    return ((time - this.times[0]) / (this.end - this.times[0])) * this.canvas.clientWidth;
  }

  frameUnder(event) {
    const box = this.canvas.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return frameAt(this.times, this.times[0] + part * (this.end - this.times[0]));
  }

  /** Put the playhead on a frame. */
  show(frame) {
    this.frame = frame;
    this.playhead.style.transform = `translateX(${this.xOf(this.times[frame])}px)`;
    this.track.setAttribute("aria-valuenow", frame);
    this.track.setAttribute("aria-valuetext", this.describe(frame).join(", "));
  }

  describe(frame) {
    const labels = this.strips
      .filter((strip) => strip.labels[strip.codes[frame]] !== undefined)
      .map((strip) => `${strip.name}: ${strip.labels[strip.codes[frame]]}`);
    return [clockText(this.times[frame]), `frame ${frame}`, ...labels];
  }

  hover(event) {
    this.tip.hidden = this.hoverline.hidden = !event;
    if (!event) return;
    const frame = this.frameUnder(event);
    const box = this.canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top - RULER) / (ROW + GAP));
    const strip = this.strips[row];
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

  /** Everything that does not move: redrawn when the size, the theme or the data change. */
  draw() {
    const width = this.track.clientWidth;
    if (!this.times || width === 0) return;
    const height = RULER + this.strips.length * (ROW + GAP);
    const scale = window.devicePixelRatio || 1;
    const { canvas } = this;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = `${height}px`;
    const style = getComputedStyle(canvas);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.font = `11px ${style.fontFamily}`;
    context.textBaseline = "middle";
    this.drawRuler(context, width, style);
    this.strips.forEach((strip, row) => {
      this.drawStrip(context, strip, this.runs[row], RULER + row * (ROW + GAP), style);
    });
    this.drawCuts(context, height, style);
    if (this.frame !== undefined) this.show(Math.min(this.frame, this.times.length - 1));
  }

  drawRuler(context, width, style) {
    const length = this.end - this.times[0];
    const step = STEPS.find((seconds) => (seconds / length) * width >= 64) ?? 1200;
    context.fillStyle = style.getPropertyValue("--faint");
    context.fillRect(0, RULER - 5, width, 1);
    for (let tick = 0; tick * step <= length; tick++) {
      const x = (tick * step * width) / length;
      context.globalAlpha = 1;
      context.fillRect(Math.round(x), RULER - 9, 1, 5);
      const seconds = this.times[0] + tick * step;
      const text = step < 1 ? clockText(seconds) : clockText(seconds).slice(0, -3);
      const space = context.measureText(text).width;
      const left = tick === 0 ? 0 : x - space / 2;
      if (left + space > width) continue;
      context.globalAlpha = 0.65;
      context.fillStyle = style.color;
      context.fillText(text, left, 6);
      context.fillStyle = style.getPropertyValue("--faint");
    }
    context.globalAlpha = 1;
  }

  drawStrip(context, strip, runs, top, style) {
    const inside = new Path2D();
    inside.roundRect(0, top, context.canvas.clientWidth, ROW, 4);
    context.save();
    context.clip(inside);
    context.fillStyle = style.getPropertyValue("--surface");
    context.fillRect(0, top, context.canvas.clientWidth, ROW);
    for (const { code, first, last } of runs) {
      if (code < 0) continue;
      const left = this.xOf(this.times[first]);
      const right = this.xOf(endOf(this.times, last));
      context.fillStyle = strip.colours[code];
      this.fillRun(context, strip.confidence, { first, last, left, right, top });
      const text = strip.labels[code];
      if (context.measureText(text).width + 12 < right - left) {
        context.fillStyle = inkOn(strip.colours[code]);
        context.fillText(text, left + 6, top + ROW / 2 + 0.5);
      }
      // A thin gap separates neighbours of similar colour.
      if (right - left > 4) {
        context.fillStyle = style.getPropertyValue("--page");
        context.fillRect(right - 0.5, top, 1, ROW);
      }
    }
    context.restore();
  }

  /** One column a pixel: less certain frames fill less of the row's height. */
  fillRun(context, confidence, { first, last, left, right, top }) {
    if (!confidence) {
      context.fillRect(left, top, Math.max(1, right - left), ROW);
      return;
    }
    context.globalAlpha = 0.45;
    context.fillRect(left, top, Math.max(1, right - left), ROW);
    context.globalAlpha = 1;
    const length = this.end - this.times[0];
    const width = this.canvas.clientWidth;
    for (let x = Math.floor(left); x < right; x++) {
      const time = this.times[0] + ((x + 0.5) / width) * length;
      const frame = Math.min(last, Math.max(first, frameAt(this.times, time)));
      const height = confidence[frame] * ROW;
      const from = Math.max(x, left);
      context.fillRect(from, top + ROW - height, Math.min(x + 1, right) - from, height);
    }
  }

  drawCuts(context, height, style) {
    for (const cut of this.cuts) {
      const x = Math.round(this.xOf(cut));
      context.fillStyle = style.getPropertyValue("--page");
      context.fillRect(x - 1, RULER, 3, height - RULER);
      context.fillStyle = style.color;
      context.fillRect(x, RULER - 5, 1, height - RULER + 5);
      context.beginPath();
      context.moveTo(x - 3.5, RULER - 9);
      context.lineTo(x + 4.5, RULER - 9);
      context.lineTo(x + 0.5, RULER - 3);
      context.fill();
    }
  }
}
