// What may lie over the picture: one painter a kind, one overlay at a time, chosen by the viewer.

import { clearToScreen } from "./elements.js";
import { paintField } from "./field.js";
import { paintHeat } from "./heat.js";
import { buildLegend } from "./legend.js";
import { paintOutlines } from "./outlines.js";
import { paintSprites } from "./sprites.js";

const PAINTERS = {
  heat: paintHeat, field: paintField, outlines: paintOutlines, sprites: paintSprites,
};

export class Overlays {
  /** `find(selector)` gives the elements of the component. */
  constructor(find) {
    this.context = find(".overlay").getContext("2d");
    this.chooser = find(".overlays");
    this.slider = find(".opacity");
    this.legend = find(".legend");
    this.list = [];
    this.known = Infinity; // frames; those after are not known yet
    this.chooser.onchange = () => {
      this.chosen = this.chooser.value;
      this.choose();
      this.show(this.frame);
    };
    this.slider.oninput = () => {
      this.touched = true;
      this.show(this.frame);
    };
  }

  /** `first` is the name of the one shown until the viewer chooses; null: none. `opacity`: until
   * the viewer sets it. */
  load(list, first, opacity) {
    const name = this.chosen ?? first;
    if (!this.touched && opacity) this.slider.value = opacity;
    this.list = list;
    this.frame = 0;
    this.chooser.replaceChildren(
      new Option("No overlay", ""),
      ...list.map((overlay) => new Option(overlay.name, overlay.name)),
    );
    this.chooser.value = list.some((overlay) => overlay.name === name) ? name : "";
    this.chooser.parentElement.hidden = list.length === 0;
    this.choose();
  }

  /** Make ready for the overlay that the chooser names. */
  choose() {
    this.overlay = this.list.find((item) => item.name === this.chooser.value);
    const { canvas } = this.context;
    canvas.hidden = this.slider.hidden = !this.overlay;
    const cells = this.overlay?.kind === "field" && !this.overlay.smooth;
    canvas.style.imageRendering = cells ? "pixelated" : "auto";
    const legend = this.overlay ? buildLegend(this.overlay) : null;
    this.legend.replaceChildren(...(legend ? [legend] : []));
    this.legend.hidden = !legend;
  }

  show(frame) {
    this.frame = frame;
    if (!this.overlay) return;
    if (frame >= this.known) {
      clearToScreen(this.context);
      return;
    }
    this.context.canvas.style.opacity = this.slider.value;
    PAINTERS[this.overlay.kind](this.context, this.overlay, frame);
  }
}
