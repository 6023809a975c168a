// A system at work, small: a silent video that begins again, or a picture and its sentence, with
// what was found drawn over it. Whoever wants no motion sees its middle, standing.

import { followVideo, frameAt, middleOf } from "./clock.js";
import { keepMounted } from "./mounts.js";
import { Overlays } from "./overlays.js";
import { fetchPayload } from "./payload.js";

const PACE = 450; // milliseconds a word
const REST = 4; // words' time that the whole sentence stands

const previews = new Map(); // root -> Preview

class Preview {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.section = this.find(".preview");
    this.video = this.find("video");
    this.overlays = new Overlays(this.find);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.video.onloadedmetadata = () => this.fit(this.video.videoWidth, this.video.videoHeight);
    this.unfollow = followVideo(this.video, (time) => this.times && this.show(frameAt(this.times, time)));
    this.section.onclick = () => this.setTriggerValue("open", true);
  }

  close() {
    this.unfollow();
    clearInterval(this.timer);
    this.abort?.abort();
    this.video.pause();
  }

  update(data, setTriggerValue) {
    const before = this.data ?? {};
    Object.assign(this, { data, setTriggerValue });
    this.section.ariaLabel = data.alt;
    this.section.title = data.title;
    this.find(".still").src = data.picture ?? data.poster;
    if (data.payload && data.payload !== before.payload) this.open();
  }

  async open() {
    this.abort?.abort();
    const { signal } = (this.abort = new AbortController());
    try {
      const view = await fetchPayload(this.data.payload, signal);
      if (!signal.aborted) this.load(view);
    } catch {
      // The still stays.
    }
  }

  load(view) {
    this.overlays.load(
      view.overlays, view.overlay ?? view.overlays[0]?.name ?? null, view.opacity,
    );
    this.find(".said").hidden = false;
    if (this.data.words) this.tell();
    else this.play(view);
  }

  fit(width, height) {
    this.section.style.setProperty("--aspect", width / height);
  }

  play({ times, strips }) {
    this.times = times;
    this.strip = strips[0];
    this.drawStrip();
    this.find(".still").hidden = true;
    this.video.hidden = false;
    this.video.src = this.data.video;
    if (this.calm) this.video.currentTime = middleOf(times, times.length >> 1);
    else this.video.play().catch(() => {});
  }

  /** The sentence, word by word, again and again. */
  tell() {
    const { words } = this.data;
    const still = this.find(".still");
    this.fit(still.naturalWidth || 4, still.naturalHeight || 3);
    let count = this.calm ? words.length : 0;
    const next = () => {
      const shown = Math.min(count, words.length);
      this.find(".said").textContent = words.slice(0, shown).join(" ");
      this.overlays.show(Math.max(0, shown - 1));
      count = count >= words.length + REST ? 1 : count + 1;
    };
    next();
    if (!this.calm) this.timer = setInterval(next, PACE);
  }

  show(frame) {
    this.overlays.show(frame);
    const label = this.strip?.labels[this.strip.codes[frame]];
    this.find(".said").textContent = label === undefined ? "" : `${this.strip.name}: ${label}`;
  }

  /** The whole of the first strip, as a line below the picture. */
  drawStrip() {
    const canvas = this.find(".strip");
    canvas.hidden = !this.strip;
    if (!this.strip) return;
    const { codes, colours } = this.strip;
    Object.assign(canvas, { width: codes.length, height: 1 });
    const context = canvas.getContext("2d");
    codes.forEach((code, frame) => {
      if (code < 0) return;
      context.fillStyle = colours[code];
      context.fillRect(frame, 0, 1, 1);
    });
  }
}

export default function mount({ data, parentElement, setTriggerValue }) {
  return keepMounted(previews, Preview, parentElement, data, setTriggerValue);
}
