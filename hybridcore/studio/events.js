// Steps from one event of the result to the next, and says which one is on.

import { setText } from "./elements.js";
import { frameAt } from "./clock.js";

const SHOWN = 1; // seconds for which an event that has passed is named

export class Events {
  /** `group` holds the buttons, `line` names the event that is on. */
  constructor(group, line) {
    Object.assign(this, { group, line });
    this.list = [];
  }

  /** `events`: [{time, title}] in order of time. */
  load(events, times) {
    this.times = times;
    this.list = events.map(({ time, title }) => ({ title, frame: frameAt(times, time) }));
    this.group.hidden = this.line.hidden = this.list.length === 0;
  }

  before(frame) {
    return this.list.findLast((event) => event.frame < frame)?.frame ?? 0;
  }

  after(frame) {
    return this.list.find((event) => event.frame > frame)?.frame ?? this.times.length - 1;
  }

  show(frame) {
    const last = this.list.findLast((event) => event.frame <= frame)?.frame;
    const fresh = last !== undefined && this.times[frame] - this.times[last] < SHOWN;
    const on = fresh ? this.list.filter((event) => event.frame === last) : [];
    setText(this.line, on.map((event) => event.title).join(" · "));
  }
}
