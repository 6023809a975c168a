// The page as a stage: what it is stands on the page's root, where style sheets and the parts that
// are shown read it. Python is asked for whatever changes what is shown; the address says it.

import { setText } from "./elements.js";
import { askForQuiet } from "./following.js";
import { needsKey } from "./keys.js";
import { keepMounted } from "./mounts.js";
import { STAGE_SHORTCUTS, listShortcuts } from "./shortcuts.js";
import { stageType } from "./staging.js";

const SMALLEST = 12; // pixels, of letters of what Streamlit draws, which are enlarged to a stage's
const TICK = 100; // milliseconds
const RUN = "M8 5v14l11-7z";
const HOLD = "M7.5 5.5h3v13h-3zM13.5 5.5h3v13h-3z";
const STAGE_KEYS = {
  escape: "leave", b: "blank", f: "fullscreen", r: "run", "?": "help", n: "card", s: "sample",
  t: "tab", pagedown: "card", pageup: "card",
};
const stages = new Map(); // root -> Stage

/** Whether everything that was asked for is shown. */
function settled() {
  const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  return state !== "running" && !document.querySelector("[data-testid=stProgress]");
}

class Stage {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.section = this.find(".present");
    for (const button of root.querySelectorAll("[data-do]")) {
      button.ariaLabel = button.title;
      button.onclick = () => this.act(button.dataset.do);
    }
    this.find(".blank").onclick = () => this.blank();
    listShortcuts(this.find(".keys dl"), STAGE_SHORTCUTS);
    this.onKey = (event) => this.press(event);
    // Before everybody else, as a stage takes some keys from what is shown on it.
    window.addEventListener("keydown", this.onKey, true);
    this.onSize = () => this.enlarge();
    window.addEventListener("resize", this.onSize);
    this.timer = setInterval(() => this.tick(), TICK);
  }

  close() {
    clearInterval(this.timer);
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("resize", this.onSize);
    // The next page may be a stage too: nothing else is seen in between.
    const { searchParams } = new URL(location.href);
    if (searchParams.get("present") !== "1") delete document.documentElement.dataset.present;
  }

  update(data, setTriggerValue) {
    Object.assign(this, { data, setTriggerValue });
    const { present, card, tab, seconds, tour } = data;
    const kind = [card && "card", tab && "panel"].filter(Boolean).join(" ");
    const { dataset } = document.documentElement;
    if (!present) {
      delete dataset.present;
      this.blank(false);
      this.find(".keys").close();
    } else if (dataset.present !== kind) dataset.present = kind;
    this.enlarge();
    this.section.classList.toggle("beside", Boolean(tab));
    this.find(".bar").hidden = !present;
    this.find(".tour").hidden = !tour || Boolean(card);
    this.find(".steps").hidden = !card;
    this.find(".run path").setAttribute("d", seconds ? HOLD : RUN);
    this.find(".run").title = this.find(".run").ariaLabel =
      seconds ? "Hold the tour (R)" : "Let the tour run (R)";
    const title = this.find(".tab-title");
    title.hidden = !present || !tab;
    setText(title, tab ?? "");
    const shown = this.find(".card");
    shown.hidden = !present || !card;
    setText(this.find(".place-in-tour"), card?.place ?? "");
    setText(this.find(".title"), card?.title ?? "");
    setText(this.find(".text"), card?.text ?? "");
    if (card?.key !== this.card) this.gone = 0;
    this.card = card?.key;
    this.find(".left").hidden = !seconds;
  }

  /** What Streamlit draws is enlarged until its smallest letters are large enough. */
  enlarge() {
    document.documentElement.style.setProperty("--stage-zoom", stageType() / SMALLEST);
  }

  press(event) {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const name = key.toLowerCase();
    const what = name === "p" ? "toggle" : this.data.present ? STAGE_KEYS[name] : undefined;
    if (!what || needsKey(event.composedPath()[0], key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    const back = shiftKey || name === "pageup";
    this.act(what, back ? -1 : 1);
  }

  act(what, by = 1) {
    const keys = this.find(".keys");
    if (what === "help") return keys.open ? keys.close() : keys.showModal();
    if (what === "leave" && keys.open) return keys.close();
    if (what === "blank" || (what === "leave" && this.blanked)) return this.blank();
    if (what === "fullscreen") return this.fullscreen();
    if (what === "toggle") return this.ask(this.data.present ? "leave" : "present");
    if (what === "start" || what === "next") return this.ask("card", 1);
    if (what === "before") return this.ask("card", -1);
    return this.ask(what, by);
  }

  ask(what, by = 1) {
    this.setTriggerValue("wish", { what, by });
  }

  get blanked() {
    return !this.find(".blank").hidden;
  }

  blank(on = !this.blanked) {
    this.find(".blank").hidden = !on;
    if (on) askForQuiet();
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  /** A card's time runs while everything of it is shown, and nobody has darkened the screen. */
  tick() {
    const { present, seconds, card } = this.data ?? {};
    if (!present || !seconds || !card || this.blanked || this.find(".keys").open) return;
    if (this.gone >= seconds || !settled()) return;
    this.gone += TICK / 1000;
    this.find(".left").style.setProperty("--gone", Math.min(1, this.gone / seconds));
    if (this.gone >= seconds) this.ask("card", 1);
  }
}

export default function mount({ data, parentElement, setTriggerValue }) {
  return keepMounted(stages, Stage, parentElement, data, setTriggerValue);
}
