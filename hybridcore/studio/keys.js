// What a pressed key asks the player for.

const KEYS = {
  ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last", " ": "toggle",
  ",": "cutBefore", ".": "cutAfter", i: "loopFrom", o: "loopTo", a: "loop", "?": "help",
  f: "fullscreen", m: "mute", c: "subtitles", l: "link",
};
// From one place to the next, or with Shift to the one before.
const PLACES = { e: "event", u: "uncertain", d: "change" };
// Elements outside the player in which somebody writes or chooses: all keys are theirs.
const WRITING = "input:not([type=checkbox], [type=radio], [role=combobox]), textarea, select," +
  " iframe, [contenteditable], [role=slider], [role=listbox], [role=menu], [role=dialog]," +
  " [role=combobox][aria-expanded=true]";
const EDITABLE = "[role=gridcell]:not([aria-readonly=true])";
// These are moved through with the arrows, and these are pressed with the space bar.
const WORDS = "[role=toolbar]";
const MOVED = "[role=tab], [role=radio], [type=radio], [role=grid], [role=combobox], canvas";
const PRESSED = "button, a, summary, input, [role=button]";
const MOVES = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

// Whether the focus came by the pointer. Such an element was used and is done with, so its keys
// are the player's again; who came to it with the keys goes on with them.
let pointed = false;
document.addEventListener("pointerdown", () => (pointed = true), true);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Tab") pointed = false;
}, true);

/** An action's name, a share of the video in [0, 1), or undefined. */
export function wishOf({ key, shiftKey }) {
  if (/^[0-9]$/.test(key)) return Number(key) / 10;
  const place = PLACES[key.toLowerCase()];
  if (place) return `${place}${shiftKey ? "Before" : "After"}`;
  const what = KEYS[key] ?? KEYS[key.toLowerCase()];
  return shiftKey && (what === "back" || what === "next") ? `${what}10` : what;
}

/** Whether an element outside the player needs a key that is pressed in it. */
export function needsKey(origin, key) {
  const within = (what) => Boolean(origin.closest?.(what));
  if (within(WRITING) || (within("canvas") && origin.querySelector(EDITABLE))) return true;
  if (MOVES.has(key) && (within(WORDS) || (!pointed && within(MOVED)))) return true;
  if (pointed) return false;
  return within("[role=combobox], canvas") || (key === " " && within(PRESSED));
}
