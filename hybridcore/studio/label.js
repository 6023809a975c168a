// What is said of the frame that is on, large over the picture, for the back row of a hall.

import { setText } from "./elements.js";

const textAt = ({ labels, codes }, frame) => labels[codes[frame]] ?? "";

export class Label {
  /** `node` holds a place for the text and one for those that disagree. */
  constructor(node) {
    this.text = node.querySelector("b");
    this.others = node.querySelector("span");
  }

  /** A view's own line; without one, the first strip and those that could say the same. */
  load({ label, strips: [first, ...strips] }) {
    this.line = label ?? first;
    const same = (strip) => strip.labels.join() === first.labels.join();
    this.rivals = label || !first ? [] : strips.filter(same);
  }

  show(frame) {
    const said = this.line ? textAt(this.line, frame) : "";
    const others = this.rivals
      .map((strip) => ({ name: strip.name, text: textAt(strip, frame) }))
      .filter(({ text }) => text && text !== said);
    setText(this.text, said);
    setText(this.others, others.map(({ name, text }) => `${name}: ${text}`).join(" · "));
  }
}
