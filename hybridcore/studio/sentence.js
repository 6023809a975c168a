// A sentence over its picture: the word under the cursor decides which map lies on the picture and
// what the cards say, all in the browser. Streamlit calls the default export at mount and again
// whenever data or theme change.

import { Corner } from "./corner.js";
import { percentText } from "./elements.js";
import { needsKey } from "./keys.js";
import { copyLink } from "./link.js";
import { keepMounted } from "./mounts.js";
import { Overlays } from "./overlays.js";
import { Panels } from "./panels.js";
import { fetchPayload } from "./payload.js";
import { Staging } from "./staging.js";

const PACE = 170; // milliseconds a word, when the sentence appears
const REPLAY_PACE = 600;

const sentences = new Map(); // root -> Sentence

class Sentence {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.section = this.find(".sentence");
    this.words = this.find(".words");
    this.chips = [];
    this.overlays = new Overlays(this.find);
    this.panels = new Panels(this.find(".panels"), (word, label) => {
      this.setTriggerValue("pick", { word, label });
    });
    this.words.onpointerleave = () => this.rest();
    this.words.onfocusout = () => this.rest();
    this.words.onkeydown = (event) => this.press(event);
    this.staging = new Staging(this.section, () => this.chips.length && this.rest(),
      () => this.data?.alone);
    // On a stage the picture takes the height that the sentence leaves.
    this.measuring = new ResizeObserver(() => {
      this.section.style.setProperty("--said", `${this.words.offsetHeight}px`);
    });
    this.measuring.observe(this.words);
    // On a stage the words have the keys, where no player takes them.
    this.onKey = (event) => {
      if (this.staging.on && !needsKey(event.composedPath()[0], event.key)) this.press(event);
    };
    document.addEventListener("keydown", this.onKey);
    this.corner = new Corner(this.find(".place"), () => this.chips.length && this.rest());
    this.find(".link").onclick = (event) => copyLink(event.currentTarget);
    this.find(".replay").onclick = () => this.reveal(0, REPLAY_PACE);
  }

  close() {
    clearInterval(this.timer);
    this.abort?.abort();
    document.removeEventListener("keydown", this.onKey);
    this.staging.close();
    this.measuring.disconnect();
    this.corner.close();
  }

  /** A call from Streamlit: new data, or new colours. */
  update(data, setStateValue, setTriggerValue) {
    const before = this.data ?? {};
    Object.assign(this, { data, setStateValue, setTriggerValue });
    this.staging.look();
    // The picture waits for its sentence, so that no sentence stands over another's picture.
    if (data.payload !== before.payload || data.picture !== before.picture) this.open();
    else if (data.selected !== before.selected && this.chips.length) {
      this.select(data.selected);
      this.rest();
    }
  }

  async open() {
    this.abort?.abort();
    const { signal } = (this.abort = new AbortController());
    try {
      const view = await fetchPayload(this.data.payload, signal);
      if (!signal.aborted) this.load(view);
    } catch (error) {
      if (signal.aborted) return;
      const message = this.find(".message");
      message.textContent = error.message;
      message.hidden = false;
    }
  }

  load(view) {
    this.overlays.load(view.overlays, view.overlay);
    this.panels.load(view.panels);
    this.chips = view.words.map((word, at) => this.chip(view, word, at));
    this.words.replaceChildren(...this.chips);
    const picture = this.find("img");
    picture.src = this.data.picture;
    picture.alt = this.data.alt;
    this.section.style.setProperty("--aspect", this.data.size[0] / this.data.size[1]);
    this.select(this.data.selected);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (calm) this.rest();
    else this.reveal(view.given, PACE);
  }

  chip(view, word, at) {
    const chip = document.createElement("button");
    const mark = word.startsWith("<");
    chip.className = "word";
    chip.classList.toggle("mark", mark);
    chip.classList.toggle("given", at < view.given);
    chip.textContent = mark ? word.slice(1, -1) : word;
    chip.append(document.createElement("i"));
    const share = view.probabilities[at];
    chip.style.setProperty("--share", `${100 * share}%`);
    chip.title = at < view.given
      ? `given; the network's own probability: ${percentText(share)}`
      : `probability ${percentText(share)}`;
    chip.onpointerenter = () => this.point(at);
    chip.onfocus = () => this.point(at);
    chip.onclick = () => {
      this.point(at);
      this.select(at);
      this.setStateValue("word", { sentence: this.data.payload, at });
    };
    return chip;
  }

  select(at) {
    this.selected = at;
    this.chips.forEach((chip, k) => {
      chip.ariaPressed = String(k === at);
      chip.tabIndex = k === at ? 0 : -1;
    });
  }

  /** Show one word's map and cards. */
  show(at) {
    this.chips.forEach((chip, k) => chip.classList.toggle("shown", k === at));
    this.overlays.show(at);
    this.panels.show(at);
  }

  point(at) {
    this.stop();
    this.show(at);
  }

  /** Nothing is pointed at any more: back to the word that was chosen. */
  rest() {
    if (this.timer || !this.chips.length) return;
    const focused = this.chips.findIndex((chip) => chip.matches(":focus"));
    this.show(focused >= 0 ? focused : this.selected);
  }

  press(event) {
    const focused = this.chips.findIndex((chip) => chip.matches(":focus"));
    const at = focused < 0 && this.staging.on ? this.selected : focused;
    const last = this.chips.length - 1;
    const to = {
      ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last,
    }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.chips[to].focus();
  }

  /** Let the words appear one after another, from `first` on. */
  reveal(first, pace) {
    this.stop();
    this.chips.forEach((chip, k) => chip.classList.toggle("coming", k >= first));
    let at = first;
    const next = () => {
      if (at >= this.chips.length) {
        this.stop();
        this.rest();
        return;
      }
      this.chips[at].classList.remove("coming");
      this.show(at);
      at += 1;
    };
    this.timer = setInterval(next, pace);
    next();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.chips.forEach((chip) => chip.classList.remove("coming"));
  }
}

export default function mount({ data, parentElement, setStateValue, setTriggerValue }) {
  return keepMounted(sentences, Sentence, parentElement, data, setStateValue, setTriggerValue);
}
