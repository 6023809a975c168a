// A span that is played again and again, between two marks on the time line.

import { endOf } from "./clock.js";

export class Loop {
  /** `shade` lies over the span on the time line; `button` says whether it is on. */
  constructor(shade, button) {
    Object.assign(this, { shade, button });
    this.clear();
  }

  clear() {
    this.set(null, null);
  }

  get on() {
    return this.from !== null && this.to !== null;
  }

  /** Frames, both inclusive; null: not marked yet. */
  set(from, to) {
    Object.assign(this, { from, to });
    this.draw();
  }

  markFrom(frame) {
    this.set(frame, this.to !== null && this.to >= frame ? this.to : null);
  }

  markTo(frame) {
    this.set(this.from !== null && this.from <= frame ? this.from : 0, frame);
  }

  /** The frame to go back to once `frame` lies outside; null: play on. */
  back(frame) {
    return this.on && (frame > this.to || frame < this.from) ? this.from : null;
  }

  load(times) {
    this.times = times;
    if (Math.max(this.from, this.to) >= times.length) this.clear();
    this.draw();
  }

  draw() {
    const { times, from, to } = this;
    this.button.ariaPressed = String(this.on);
    this.shade.hidden = from === null || !times;
    if (this.shade.hidden) return;
    const length = endOf(times, times.length - 1) - times[0];
    const share = (time) => (100 * (time - times[0])) / length;
    const left = share(times[from]);
    this.shade.style.left = `${left}%`;
    this.shade.style.width = `${to === null ? 0 : share(endOf(times, to)) - left}%`;
  }
}
