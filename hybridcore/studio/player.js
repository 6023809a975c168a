// The synced player. Streamlit calls the default export at mount and again whenever data or theme
// change; the <video> lives through all of these calls.

import { Charts } from "./charts.js";
import { clockText, followVideo, frameAt, middleOf } from "./clock.js";
import { Extras } from "./extras.js";
import { isBusy, wishOf } from "./keys.js";
import { keepMounted } from "./mounts.js";
import { Overlays } from "./overlays.js";
import { Panels } from "./panels.js";
import { fetchPayload } from "./payload.js";
import { Strips } from "./strips.js";

const REPORT_DELAY = 180; // milliseconds; a held arrow key reports once, at the end
const PLAY = "M8 5v14l11-7z";
const PAUSE = "M7.5 5.5h3v13h-3zM13.5 5.5h3v13h-3z";
const EXTRAS = new Set(["help", "fullscreen", "mute", "subtitles"]);

const players = new Map(); // root -> Player
let active = null; // the player last used answers keys pressed on the page

class Player {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.section = this.find(".player");
    this.video = this.find("video");
    this.field = this.find(".frame");
    this.frame = 0;
    this.target = null; // the frame a seek in progress is to show
    this.extras = new Extras(this.find);
    this.overlays = new Overlays(this.find);
    this.panels = new Panels(this.find(".panels"));
    this.strips = new Strips(
      {
        names: this.find(".names"),
        track: this.find(".track"),
        canvas: this.find(".track canvas"),
        playhead: this.find(".playhead"),
        hoverline: this.find(".hoverline"),
        tip: this.find(".tip"),
      },
      (frame, final) => this.seek(frame, final),
    );
    this.charts = new Charts(({ frame, time }) => {
      if (this.times) this.seek(frame ?? frameAt(this.times, time));
    });
    this.listen();
    this.unfollow = followVideo(this.video, (time) => {
      if (this.times && this.target === null) this.show(frameAt(this.times, time));
    });
  }

  listen() {
    const { video, root } = this;
    for (const button of root.querySelectorAll("[data-do]")) {
      if (!button.ariaLabel) button.ariaLabel = button.title || button.textContent;
      // Focus stays on the player, so that Space goes on meaning play after a click.
      button.onpointerdown = (event) => event.preventDefault();
      button.onclick = () => this.act(button.dataset.do);
    }
    this.section.onpointerdown = () => {
      active = this;
      if (!this.section.contains(root.activeElement)) this.section.focus({ preventScroll: true });
    };
    for (const input of root.querySelectorAll("select, [type=range]")) {
      // Chosen with the mouse, it gives the keys back; chosen with the keys, it keeps them.
      input.addEventListener("pointerdown", () => (this.pointed = input));
      input.addEventListener("keydown", () => (this.pointed = null));
      input.addEventListener("change", () => {
        if (this.pointed === input) this.section.focus({ preventScroll: true });
      });
    }
    this.field.onchange = () => {
      const frame = Math.round(Number(this.field.value));
      if (this.field.value !== "" && Number.isFinite(frame)) this.seek(frame);
      this.field.blur();
      this.section.focus({ preventScroll: true });
    };
    this.find(".speed").onchange = (event) => (video.playbackRate = Number(event.target.value));
    video.onclick = () => this.act("toggle");
    video.onplay = () => this.showPlaying(true);
    video.onpause = () => {
      this.showPlaying(false);
      this.reportSoon();
    };
    video.onloadedmetadata = () => {
      this.setAspect(video.videoWidth, video.videoHeight);
      if (this.target !== null) this.startSeek();
    };
    video.onseeked = () => this.endSeek();
    video.onerror = () => this.say("This video cannot be played in this browser.");
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
  }

  close() {
    this.unfollow();
    clearTimeout(this.reportTimer);
    document.removeEventListener("keydown", this.onKey);
    this.abort?.abort();
    this.charts.close();
    this.strips.close();
    this.video.pause();
    if (active === this) active = null;
  }

  /** A call from Streamlit: new data, or new colours. */
  update(data, setStateValue) {
    const first = this.data === undefined;
    const before = this.data ?? {};
    this.data = data;
    this.setStateValue = setStateValue;
    this.section.style.setProperty("--rows", data.rows);
    this.section.setAttribute("aria-label", data.alt);
    this.video.setAttribute("aria-label", data.alt);
    this.video.poster = data.poster ?? "";
    this.find(".mute").hidden = !data.sound;
    if (data.subtitles !== before.subtitles) this.extras.openSubtitles(data.subtitles);
    if (data.size && data.video !== before.video) this.setAspect(...data.size);
    if (data.video !== before.video) this.openVideo(first);
    if (data.payload !== before.payload) this.openPayload();
    else this.recolour();
    if (!first && data.seek && data.seek.nonce !== before.seek?.nonce) this.obey(data.seek);
  }

  openVideo(first) {
    const { video, seek, start } = this.data;
    this.video.src = video;
    this.video.playbackRate = Number(this.find(".speed").value);
    this.section.classList.remove("started");
    this.say("");
    this.frame = first ? start.frame : 0;
    this.target = this.frame > 0 ? this.frame : null;
    this.reported = this.frame;
    // At mount, a wish that was obeyed before the page was left is not obeyed again.
    this.wish = first && seek && seek.nonce !== start.nonce ? seek : null;
  }

  async openPayload() {
    this.abort?.abort();
    const { signal } = (this.abort = new AbortController());
    try {
      const view = await fetchPayload(this.data.payload, signal);
      if (!signal.aborted) this.load(view);
    } catch (error) {
      if (!signal.aborted) this.say(error.message);
    }
  }

  load(view) {
    this.times = view.times;
    this.cuts = view.cuts;
    const last = view.times.length - 1;
    this.field.max = last;
    this.find(".last-frame").textContent = `/ ${last}`;
    this.find(".track").setAttribute("aria-valuemax", last);
    this.find(".cuts").hidden = view.cuts.length === 0;
    this.length = clockText(view.times[last]);
    this.overlays.load(view.overlays, view.overlay);
    this.panels.load(view.panels);
    this.strips.load(view);
    this.show(Math.min(this.frame, last));
    if (this.target !== null) this.startSeek();
    if (this.wish) this.obey(this.wish);
    this.wish = null;
  }

  obey(wish) {
    if (this.times) this.seek(frameAt(this.times, wish.time));
    else this.wish = wish;
  }

  setAspect(width, height) {
    if (width && height) this.section.style.setProperty("--aspect", width / height);
  }

  recolour() {
    this.strips.draw();
    this.moveCharts();
  }

  say(text) {
    const message = this.find(".message");
    message.textContent = text;
    message.hidden = !text;
  }

  // --- seeking -------------------------------------------------------------------------------

  /** Show a frame. While a drag goes on (`final` false) Python does not hear of it. */
  seek(frame, final = true) {
    if (!this.times) return;
    active = this;
    this.target = Math.min(this.times.length - 1, Math.max(0, frame));
    this.quiet = !final;
    this.section.classList.add("started");
    this.show(this.target);
    this.startSeek();
    if (final) this.reportSoon();
  }

  /** One seek at a time: a browser that is sent a stream of them shows none. */
  startSeek() {
    if (!this.times || this.video.readyState < 1 || this.video.seeking) return;
    this.under = this.target;
    this.video.currentTime = middleOf(this.times, Math.min(this.target, this.times.length - 1));
  }

  endSeek() {
    if (this.target === null) return;
    if (this.under !== this.target) {
      this.startSeek();
      return;
    }
    this.target = null;
    if (!this.quiet) this.reportSoon();
  }

  act(what) {
    const { video, times } = this;
    if (EXTRAS.has(what)) return this.extras[what]();
    if (!times) return undefined;
    if (what === "toggle") {
      this.section.classList.add("started");
      active = this;
      if (video.paused) video.play().catch(() => this.showPlaying(false));
      else video.pause();
      return undefined;
    }
    video.pause();
    const last = times.length - 1;
    const starts = this.cuts.map((cut) => frameAt(times, cut));
    const targets = {
      first: 0,
      last,
      back: this.frame - 1,
      next: this.frame + 1,
      back10: this.frame - 10,
      next10: this.frame + 10,
      cutBefore: starts.findLast((start) => start < this.frame) ?? 0,
      cutAfter: starts.find((start) => start > this.frame) ?? last,
    };
    return this.seek(targets[what]);
  }

  press(event) {
    const origin = event.composedPath()[0];
    const inside = event.composedPath().includes(this.section);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.extras.helping) {
      if (event.key === "?") this.extras.help();
      return;
    }
    if (inside ? origin.matches?.("input, select") : !this.hears(origin)) return;
    if (inside && event.key === " " && origin.matches?.("button")) return;
    const wish = wishOf(event);
    if (wish === undefined) return;
    event.preventDefault();
    if (typeof wish === "string") this.act(wish);
    else if (this.times) this.seek(Math.round(wish * this.times.length));
  }

  /** Keys pressed where nothing else wants them go to the player used last, or to the first. */
  hears(origin) {
    return !isBusy(origin) && this === (active ?? players.values().next().value);
  }

  // --- following -----------------------------------------------------------------------------

  show(frame) {
    this.frame = frame;
    if (this.root.activeElement !== this.field) this.field.value = frame;
    this.find(".time").textContent = `${clockText(this.times[frame])} / ${this.length}`;
    this.strips.show(frame);
    this.panels.show(frame);
    this.overlays.show(frame);
    this.moveCharts();
  }

  moveCharts() {
    if (!this.times) return;
    const style = getComputedStyle(this.section);
    this.charts.move(this.data.key, this.times[this.frame], this.frame, {
      line: style.getPropertyValue("--ink"),
      halo: style.getPropertyValue("--page"),
    });
  }

  /** Report to Python, once things are at rest. */
  reportSoon() {
    clearTimeout(this.reportTimer);
    this.reportTimer = setTimeout(() => {
      if (!this.times || this.frame === this.reported) return;
      this.reported = this.frame;
      this.setStateValue("position", { video: this.data.video, frame: this.frame });
    }, REPORT_DELAY);
  }

  // --- the rest ------------------------------------------------------------------------------

  showPlaying(playing) {
    const button = this.find(".play");
    button.querySelector("path").setAttribute("d", playing ? PAUSE : PLAY);
    button.title = playing ? "Pause (Space)" : "Play (Space)";
    button.ariaLabel = button.title;
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  return keepMounted(players, Player, parentElement, data, setStateValue);
}
