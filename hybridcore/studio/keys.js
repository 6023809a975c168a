// What a pressed key asks the player for.

const KEYS = {
  ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last", " ": "toggle",
  ",": "cutBefore", ".": "cutAfter", "?": "help", f: "fullscreen", m: "mute", c: "subtitles",
};
// Elements outside the player that use the keys themselves.
const BUSY = "input, textarea, select, button, a, summary, canvas, iframe, [contenteditable]," +
  " [role=slider], [role=tab], [role=listbox], [role=option], [role=grid], [role=dialog]";

/** An action's name, a share of the video in [0, 1), or undefined. */
export function wishOf({ key, shiftKey }) {
  if (/^[0-9]$/.test(key)) return Number(key) / 10;
  const what = KEYS[key] ?? KEYS[key.toLowerCase()];
  return shiftKey && (what === "back" || what === "next") ? `${what}10` : what;
}

/** Whether an element outside the player wants the keys that are pressed in it. */
export function isBusy(origin) {
  return Boolean(origin.closest?.(BUSY));
}
