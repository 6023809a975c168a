// The synced player. Streamlit calls the default export at mount and again whenever data or theme
// change; the <video> lives through all of these calls.

import { Charts } from "./charts.js";
import { clockText, endOf, followVideo, frameAt, middleOf, wholeTimes } from "./clock.js";
import { Corner } from "./corner.js";
import { Events } from "./events.js";
import { Extras } from "./extras.js";
import { HUSH } from "./following.js";
import { needsKey, wishOf } from "./keys.js";
import { Label } from "./label.js";
import { Loop } from "./loop.js";
import { keepMounted } from "./mounts.js";
import { Overlays } from "./overlays.js";
import { Panels } from "./panels.js";
import { Payload, onlyAppends } from "./payload.js";
import { PLAYER_SHORTCUTS, listShortcuts } from "./shortcuts.js";
import { Staging } from "./staging.js";
import { Strips } from "./strips.js";

const REPORT_DELAY = 180; // milliseconds; a held arrow key reports once, at the end
const AT_THE_END = 0.02; // seconds before its end at which a view that stops has ended
const NARROW = "(max-width: 40rem)"; // as in page.css
const PLAY = "M8 5v14l11-7z";
const PAUSE = "M7.5 5.5h3v13h-3zM13.5 5.5h3v13h-3z";
const EXTRAS = new Set(["help", "fullscreen", "link", "mute", "subtitles"]);

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
    this.events = new Events(this.find(".events"), this.find(".event"));
    this.loop = new Loop(this.find(".track .span"), this.find(".loop"));
    this.overlays = new Overlays(this.find);
    this.panels = new Panels(this.find(".panels"));
    this.label = new Label(this.find(".stage-label"));
    listShortcuts(this.find(".help dl"), PLAYER_SHORTCUTS);
    this.payload = new Payload(
      (view, changes) => (changes ? this.grow(view, changes) : this.load(view)),
      (problem) => this.say(problem),
    );
    this.strips = new Strips(
      {
        section: this.section,
        names: this.find(".names"),
        track: this.find(".track"),
        canvas: this.find(".track canvas"),
        playhead: this.find(".playhead"),
        hoverline: this.find(".hoverline"),
        tip: this.find(".tip"),
      },
      (frame, final) => this.seek(frame, final),
    );
    this.measuring = new ResizeObserver(() => this.measure());
    for (const part of [".controls", ".timeline", ".legend", "video"]) this.measuring.observe(this.find(part));
    this.corner = new Corner(this.find(".place"), () => this.overlays.show(this.frame));
    this.charts = new Charts(({ frame, time }) => {
      if (this.times) this.seek(frame ?? frameAt(this.times, time));
    });
    this.staging = new Staging(this.section, () => this.relay());
    this.listen();
    this.unfollow = followVideo(this.video, (time) => {
      if (!this.times || this.target !== null) return;
      this.show(frameAt(this.times, time));
      if (!this.playAgain() && this.stops && time >= this.end) this.video.pause();
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
    video.onended = () => {
      if (this.playAgain(true)) video.play();
    };
    video.onloadedmetadata = () => {
      this.setAspect(video.videoWidth, video.videoHeight);
      if (this.target !== null) this.startSeek();
    };
    video.onseeked = () => this.endSeek();
    video.onerror = () => this.say("This video cannot be played in this browser.");
    this.onKey = (event) => this.press(event);
    // Before the element that has the focus: some widgets keep from the page what they do not use.
    document.addEventListener("keydown", this.onKey, true);
    this.narrow = matchMedia(NARROW);
    this.onNarrow = () => this.setStateValue("narrow", this.narrow.matches);
    this.narrow.addEventListener("change", this.onNarrow);
    this.onHush = () => video.pause();
    document.addEventListener(HUSH, this.onHush);
  }

  close() {
    this.unfollow();
    clearTimeout(this.reportTimer);
    document.removeEventListener("keydown", this.onKey, true);
    document.removeEventListener(HUSH, this.onHush);
    this.narrow.removeEventListener("change", this.onNarrow);
    this.staging.close();
    this.payload.close();
    this.charts.close();
    this.measuring.disconnect();
    this.corner.close();
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
    if (first && this.narrow.matches !== data.narrow) this.onNarrow();
    this.section.style.setProperty("--rows", data.rows);
    this.section.setAttribute("aria-label", data.alt);
    this.video.setAttribute("aria-label", data.alt);
    if (data.poster !== before.poster) this.video.poster = data.poster ?? "";
    this.find(".mute").hidden = !data.sound;
    if (data.subtitles !== before.subtitles) this.extras.openSubtitles(data.subtitles);
    if (data.size && data.video !== before.video) this.setAspect(...data.size);
    if (first || data.video !== before.video) this.openVideo(first, before.film !== data.film);
    if (!this.payload.follow(data.payload) && this.times) {
      this.loadEvents();
      this.recolour();
    }
    if (!first && data.seek && data.seek.nonce !== before.seek?.nonce) {
      // The times of another view are on their way; its load obeys.
      if (data.payload.name !== before.payload.name) this.wish = data.seek;
      else this.obey(data.seek);
    }
  }

  /** Another film begins where it was left; another copy of the same film goes on where it is. */
  openVideo(first, another) {
    const { video, seek, start } = this.data;
    const plays = !another && !this.video.paused;
    if (video) this.video.src = video;
    else {
      this.video.removeAttribute("src");
      this.video.load(); // shows the poster in place of the last film
    }
    this.video.playbackRate = Number(this.find(".speed").value);
    this.say(video ? "" : "Preparing the video; results appear meanwhile.");
    if (another) {
      this.section.classList.remove("started");
      this.section.dataset.known = 0;
      this.times = null; // those of the last film
      this.loop.clear();
      this.frame = start.frame;
      this.reported = this.frame;
      // At mount, a wish that was obeyed before the page was left is not obeyed again.
      this.wish = first && seek && seek.nonce !== start.nonce ? seek : null;
    }
    this.target = this.frame > 0 ? this.frame : null;
    if (plays) this.video.play().catch(() => this.showPlaying(false));
  }

  load(view) {
    this.setTimes(view);
    this.overlays.load(view.overlays, view.overlay, view.opacity);
    this.find(".above").hidden = !view.above;
    this.find(".above").src = view.above ?? "";
    this.panels.load(view.panels);
    this.label.load(view);
    this.show(Math.min(this.frame, this.times.length - 1));
    if (this.target !== null) this.startSeek();
    if (this.wish) this.obey(this.wish);
    this.wish = null;
  }

  /** The view that is shown, changed in place: more frames are known. */
  grow(view, changes) {
    const same = (part) => changes.every(({ change }) => onlyAppends(change?.[part]));
    if (!same("overlays")) {
      this.overlays.load(view.overlays, view.overlay, view.opacity);
    }
    if (!same("panels")) this.panels.load(view.panels);
    this.setTimes(view);
    this.label.load(view);
    this.show(Math.min(this.frame, this.times.length - 1));
  }

  setTimes(view) {
    const guessed = this.target === null && this.frame >= this.known;
    this.known = this.overlays.known = this.panels.known = view.times.length;
    this.section.dataset.known = this.known;
    this.times = wholeTimes(view.times, view.length);
    // Which frame is on screen was a guess where its time was not known.
    if (guessed) this.frame = frameAt(this.times, this.video.currentTime);
    this.end = endOf(this.times, this.times.length - 1) - AT_THE_END;
    this.stops = view.stops;
    this.cuts = view.cuts;
    this.parts = view.parts.map((part) => frameAt(this.times, part));
    const last = this.times.length - 1;
    this.field.max = last;
    this.find(".last-frame").textContent = `/ ${last}`;
    this.find(".track").setAttribute("aria-valuemax", last);
    this.find(".cuts").hidden = view.cuts.length === 0;
    this.length = clockText(this.times[last]);
    this.strips.load({ ...view, times: this.times });
    this.loop.load(this.times);
    this.loadEvents();
  }

  loadEvents() {
    this.events.load(this.data.events, this.times);
  }

  /** A wish with an end is a span to be looped; one that says so plays, or stands still. */
  obey(wish) {
    if (!this.times) {
      this.wish = wish;
      return;
    }
    const frame = frameAt(this.times, wish.time);
    if (wish.play !== null) {
      this.loop.clear();
      this.video.pause();
    }
    if (wish.end !== null) this.loop.set(frame, Math.max(frame, frameAt(this.times, wish.end)));
    this.seek(frame);
    if (wish.play) this.playByItself();
  }

  /** Nobody may have touched the page yet: then browsers play only what is silent. */
  playByItself() {
    const { video } = this;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    video.play().catch(() => {
      video.muted = true;
      return video.play();
    }).catch(() => this.showPlaying(false));
  }

  /** The page has become a stage, or is none any more. */
  relay() {
    this.strips.draw();
    if (this.times) this.show(this.frame);
  }

  /** The picture takes the height that what stands below it leaves. */
  measure() {
    const below = [".controls", ".timeline", ".legend"].reduce(
      (sum, part) => sum + this.find(part).offsetHeight, 0,
    );
    this.section.style.setProperty("--below", `${below}px`);
    if (this.times) this.overlays.show(this.frame); // it has the pixels of the screen
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

  /** While a span is looped, go back to its start once it is over; says whether it did. */
  playAgain(ended = false) {
    const { loop, video, times } = this;
    const first = ended && loop.on ? loop.from : loop.back(this.frame);
    if (first === null || video.seeking || (video.paused && !ended)) return false;
    video.currentTime = middleOf(times, first);
    return true;
  }

  /** Loop what is marked; unmarked, the stretch of the first strip that is on. */
  toggleLoop() {
    if (this.loop.on) this.loop.clear();
    else this.loop.set(...this.strips.runAt(this.frame));
  }

  act(what) {
    const { video, times } = this;
    if (EXTRAS.has(what)) return this.extras[what](this.frame);
    if (!times) return undefined;
    if (what === "loop") return this.toggleLoop();
    if (what === "loopFrom") return this.loop.markFrom(this.frame);
    if (what === "loopTo") return this.loop.markTo(this.frame);
    if (what === "toggle") {
      const over = this.stops && video.currentTime >= this.end;
      if (video.paused && over) video.currentTime = middleOf(times, 0);
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
      eventBefore: this.events.before(this.frame),
      eventAfter: this.events.after(this.frame),
      uncertainBefore: this.data.uncertain.findLast((frame) => frame < this.frame) ?? 0,
      uncertainAfter: this.data.uncertain.find((frame) => frame > this.frame) ?? last,
      changeBefore: this.strips.changeBefore(this.frame),
      changeAfter: this.strips.changeAfter(this.frame),
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
    if (inside ? origin.matches?.("input, select") : !this.hears(origin, event.key)) return;
    if (inside && event.key === " " && origin.matches?.("button")) return;
    const wish = wishOf(event);
    if (wish === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (typeof wish === "string") this.act(wish);
    else if (this.times) this.seek(Math.round(wish * this.times.length));
  }

  /** Keys pressed where nothing else wants them go to the player used last, or to the first. */
  hears(origin, key) {
    return !needsKey(origin, key) && this === (active ?? players.values().next().value);
  }

  // --- following -----------------------------------------------------------------------------

  show(frame) {
    this.frame = frame;
    if (this.root.activeElement !== this.field) this.field.value = frame;
    this.find(".time").textContent = `${clockText(this.times[frame])} / ${this.length}`;
    this.strips.show(frame);
    this.events.show(frame);
    this.panels.show(frame);
    this.label.show(frame);
    this.overlays.show(frame);
    this.moveCharts();
    this.enter(this.parts.findLastIndex((first) => first <= frame));
  }

  /** Where another part begins, Python hears of it though the video plays. */
  enter(part) {
    const another = this.part !== undefined && part !== this.part;
    this.part = part;
    if (another && !this.video.paused && this.target === null) this.reportSoon();
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
      this.setStateValue("position", { film: this.data.film, frame: this.frame });
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
