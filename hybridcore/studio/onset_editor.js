// Onsets over the time of a player, on the curve of their probability: a click adds one, a drag or
// the arrow keys move one, Delete takes one away. Python hears of every change and draws anew; the
// player stays where it is.

import { clockText } from "./clock.js";
import { clearToScreen, element, percentText } from "./elements.js";
import { askToSeek, followPlayer } from "./following.js";
import { keepMounted } from "./mounts.js";
import { fetchPayload } from "./payload.js";

const CLICK_DISTANCE = 5; // pixels; a longer way is a drag, or a scroll
const REST = 350; // milliseconds after which a move by keys counts
const LEAST = 0.04; // of the height, at which an onset of no probability stands

const kept = new Map(); // root -> OnsetEditor
let edits = 0; // so that Python tells one edit from the next

class OnsetEditor {
  constructor(root) {
    this.section = root.querySelector(".onset-editor");
    this.find = (selector) => root.querySelector(selector);
    this.plot = this.find(".plot");
    this.tip = this.find(".tip");
    this.chosen = null; // the time of the onset that is chosen, as drawn
    this.time = 0;
    this.unfollow = followPlayer(() => this.data?.player, (time) => this.follow(time));
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.plot);
    this.listen();
  }

  close() {
    this.abort?.abort();
    clearTimeout(this.timer);
    this.unfollow();
    this.observer.disconnect();
  }

  listen() {
    const { plot, section } = this;
    plot.onpointerdown = (event) => {
      if (event.button !== 0 || event.target.closest(".handle, .doubt")) return;
      this.from = { x: event.clientX, y: event.clientY };
    };
    plot.onpointerup = (event) => {
      const { from } = this;
      this.from = null;
      if (!from || event.target.closest(".handle, .doubt")) return;
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_DISTANCE) return;
      this.edit("add", { time: this.timeUnder(event) });
    };
    plot.onpointercancel = () => (this.from = null);
    plot.onpointermove = (event) => this.hover(event);
    plot.onpointerleave = () => (this.tip.hidden = true);
    for (const button of section.querySelectorAll("[data-do]")) {
      button.onclick = () => this.act(button.dataset.do);
    }
    section.onkeydown = (event) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.act("undo");
    };
  }

  update(data, setStateValue) {
    const before = this.data;
    Object.assign(this, { data, setStateValue });
    if (data.curves !== before?.curves) this.open();
    if (data.revision !== before?.revision) {
      clearTimeout(this.timer); // a move by keys that was still to be told is of other onsets
      this.moved = null;
      // What was added or moved is chosen; what is gone is not.
      if (data.chosen !== null) this.chosen = data.chosen;
      else if (!data.onsets.some(({ time }) => time === this.chosen)) this.chosen = null;
      this.place();
    }
    this.draw();
  }

  async open() {
    this.abort?.abort();
    const { signal } = (this.abort = new AbortController());
    const message = this.find(".message");
    try {
      const curves = await fetchPayload(this.data.curves, signal);
      if (signal.aborted) return;
      this.curves = curves;
      message.hidden = true;
      this.draw();
    } catch (error) {
      if (signal.aborted) return;
      message.textContent = error.message;
      message.hidden = false;
    }
  }

  /** Tell Python; `seen` says which onsets a position is one of. */
  edit(what, more = {}) {
    edits += 1;
    const nonce = `${Date.now()}.${edits}`;
    this.setStateValue("edit", { what, nonce, seen: this.data.revision, ...more });
  }

  act(what) {
    if (what === "add") this.edit("add", { time: this.time });
    else if (what === "undo") this.edit("undo");
    else if (what === "delete") this.remove(this.position());
    else this.step(what);
  }

  /** Choose the next onset, or the one before, and take the player there. */
  step(what) {
    const times = this.data.onsets.map(({ time }) => time);
    const from = this.chosen ?? this.time;
    const to = what === "after"
      ? times.find((time) => time > from + 1e-6)
      : times.findLast((time) => time < from - 1e-6);
    if (to === undefined) return;
    this.choose(to);
    askToSeek(this.data.player, to);
  }

  position() {
    return this.data.onsets.findIndex(({ time }) => time === this.chosen);
  }

  remove(at) {
    if (at >= 0) this.edit("delete", { at });
  }

  choose(time) {
    this.chosen = time;
    for (const handle of this.section.querySelectorAll(".handle")) {
      handle.classList.toggle("chosen", Number(handle.dataset.time) === time);
    }
    this.say();
  }

  // --- drawing -------------------------------------------------------------------------------

  timeUnder(event) {
    const box = this.plot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const [first, last] = this.data.span;
    return first + share * (last - first);
  }

  share(time) {
    const [first, last] = this.data.span;
    return (time - first) / (last - first);
  }

  place() {
    const focused = this.section.getRootNode().activeElement?.classList.contains("handle");
    this.find(".handles").replaceChildren(...this.data.onsets.map((onset, at) =>
      this.handle(onset, at)));
    this.find(".doubts").replaceChildren(...this.data.disputes.map((dispute) => {
      const mark = element("button", "doubt", "?");
      mark.style.left = `${100 * this.share(dispute.time)}%`;
      mark.title = mark.ariaLabel = `The networks disagree: ${dispute.title}`;
      mark.onclick = () => this.edit("play", { time: dispute.time });
      return mark;
    }));
    this.choose(this.chosen);
    if (focused) this.find(".handle.chosen")?.focus({ preventScroll: true });
  }

  handle({ time, height, title, colour }, at) {
    const handle = element("div", "handle");
    Object.assign(handle, { tabIndex: 0, title });
    handle.dataset.time = time;
    handle.style.left = `${100 * this.share(time)}%`;
    handle.style.setProperty("--colour", colour);
    handle.style.setProperty("--height", Math.max(LEAST, height));
    const [first, last] = this.data.span;
    for (const [name, value] of Object.entries({
      role: "slider", "aria-label": `onset ${at + 1}, ${title}`, "aria-valuemin": first,
      "aria-valuemax": last, "aria-valuenow": time, "aria-valuetext": clockText(time),
    })) handle.setAttribute(name, value);
    this.drag(handle, at, time);
    handle.onfocus = () => this.choose(time);
    handle.onkeydown = (event) => this.press(event, handle, at, time);
    return handle;
  }

  drag(handle, at, time) {
    let from = null;
    handle.onpointerdown = (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      from = { x: event.clientX, time: this.timeUnder(event) };
      this.choose(time);
    };
    handle.onpointermove = (event) => {
      if (!from || Math.abs(event.clientX - from.x) <= CLICK_DISTANCE) return;
      this.shift(handle, time + this.timeUnder(event) - from.time);
    };
    handle.onpointerup = () => {
      if (from && this.moved !== null) this.edit("move", { at, time: this.moved });
      from = null;
    };
    handle.onpointercancel = () => {
      if (from) this.shift(handle, time);
      from = this.moved = null;
    };
  }

  press(event, handle, at, time) {
    const { key, shiftKey } = event;
    if (key === "Delete" || key === "Backspace") this.remove(at);
    else if (key === "ArrowLeft" || key === "ArrowRight") {
      const step = (key === "ArrowLeft" ? -1 : 1) * this.data.step * (shiftKey ? 10 : 1);
      this.shift(handle, (this.moved ?? time) + step);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.edit("move", { at, time: this.moved }), REST);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Show an onset at another time, before Python knows of it. */
  shift(handle, time) {
    const [first, last] = this.data.span;
    this.moved = Math.min(last, Math.max(first, time));
    handle.style.left = `${100 * this.share(this.moved)}%`;
    handle.setAttribute("aria-valuetext", clockText(this.moved));
    this.say(`${this.moved.toFixed(3)} s`);
  }

  say(text) {
    const at = this.position();
    this.find("[data-do=delete]").disabled = at < 0;
    this.find("[data-do=undo]").disabled = !this.data.undo;
    this.find(".said").textContent = text
      ?? (at < 0 ? "Click adds · drag moves · Delete removes"
        : `${at + 1} of ${this.data.onsets.length} · ${this.data.onsets[at].title}`);
  }

  hover(event) {
    this.tip.hidden = !this.curves || event.pointerType === "touch"
      || Boolean(event.target.closest(".handle"));
    if (this.tip.hidden) return;
    const time = this.timeUnder(event);
    const at = this.curves.times.findLastIndex((begin) => begin <= time);
    const values = this.curves.lines.map(({ name, values: line }) =>
      `${name} ${percentText(line[Math.max(0, at)])}`);
    this.tip.textContent = [`${time.toFixed(2)} s`, ...values].join(" · ");
    const box = this.plot.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 12, box.width - this.tip.offsetWidth);
    this.tip.style.transform = `translate(${left}px, ${event.clientY - box.top + 14}px)`;
  }

  follow(time) {
    this.time = time;
    this.find(".now").style.left = `${100 * this.share(time)}%`;
  }

  draw() {
    if (!this.curves || !this.data || this.plot.clientWidth === 0) return;
    const canvas = this.find("canvas");
    const context = canvas.getContext("2d");
    const scale = clearToScreen(context);
    const { width, height } = canvas;
    const style = getComputedStyle(this.section);
    const y = (value) => height * (1 - value);
    const { times, lines, threshold, own } = this.curves;
    for (const { values, colour, filled } of lines) {
      context.beginPath();
      for (let k = 0; k < times.length; k++) context.lineTo(this.share(times[k]) * width, y(values[k]));
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = (filled ? 2 : 1.2) * scale;
      context.stroke();
      if (!filled) continue;
      context.lineTo(this.share(times.at(-1)) * width, height);
      context.lineTo(this.share(times[0]) * width, height);
      context.globalAlpha = 0.12;
      context.fill();
      context.globalAlpha = 1;
    }
    context.strokeStyle = style.getPropertyValue("--soft");
    context.setLineDash([5 * scale, 4 * scale]);
    context.lineWidth = scale;
    context.strokeRect(-scale, y(threshold), width + 2 * scale, 2 * height);
    context.setLineDash([]);
    context.fillStyle = own.colour;
    for (const time of own.times) {
      const x = this.share(time) * width;
      context.beginPath();
      context.moveTo(x - 4 * scale, 0);
      context.lineTo(x + 4 * scale, 0);
      context.lineTo(x, 8 * scale);
      context.fill();
    }
    this.follow(this.time);
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  return keepMounted(kept, OnsetEditor, parentElement, data, setStateValue);
}
