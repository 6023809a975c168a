// The keys, as they are listed for people; "/" stands between keys that belong together.

import { element } from "./elements.js";

export const PLAYER_SHORTCUTS = [
  ["Space", "Play or pause"],
  ["← / →", "One frame"],
  ["Shift+← / Shift+→", "Ten frames"],
  ["Home / End", "First or last frame"],
  ["0 / 9", "Jump to 0 to 90 %"],
  [", / .", "Previous or next scene change"],
  ["E / Shift+E", "Next or previous event"],
  ["U / Shift+U", "Next or previous uncertain frame"],
  ["D / Shift+D", "Next or previous frame that is called differently"],
  ["I / O", "Loop from here, loop to here"],
  ["A", "Loop on or off"],
  ["F", "Full screen"],
  ["M", "Mute"],
  ["C", "Subtitles"],
  ["L", "Copy a link to this view"],
  ["P", "Present"],
  ["?", "Show or close this list"],
];

export const STAGE_SHORTCUTS = [
  ["N / Shift+N", "Next or previous card of the tour"],
  ["Page ↓ / Page ↑", "The same, with a presenter"],
  ["R", "Let the tour run, or hold it"],
  ["S / Shift+S", "Next or previous sample"],
  ["T / Shift+T", "Next or previous tab of Look inside"],
  ["E / Shift+E", "Next or previous event"],
  ["Space", "Play or pause"],
  ["← / →", "One frame, or one word"],
  ["B", "Black screen"],
  ["F", "Full screen"],
  ["Esc", "Leave the stage"],
];

/** Fill a <dl> with shortcuts. */
export function listShortcuts(list, shortcuts) {
  list.replaceChildren(...shortcuts.flatMap(([keys, text]) => {
    const term = element("dt", "");
    keys.split(" / ").forEach((key, at) => {
      if (at) term.append(" ");
      key.split("+").forEach((part, place) => term.append(...(place ? ["+"] : []),
        element("kbd", "", part)));
    });
    return [term, element("dd", "", text)];
  }));
}
