// How the components of a page move together: a player announces where it stands, and others ask it
// to go somewhere, by events of the document.

const MOVED_EVENT = "hybridcore:moved";
export const SEEK = "hybridcore:seek";
export const HUSH = "hybridcore:hush";

/** The player `key` stands at a time, seconds. */
export function announce(key, time) {
  document.dispatchEvent(new CustomEvent(MOVED_EVENT, { detail: { key, time } }));
}

/** Ask the player `key` to go to a time, seconds. */
export function askToSeek(key, time) {
  document.dispatchEvent(new CustomEvent(SEEK, { detail: { key, time } }));
}

/** Ask every player to pause. */
export function askForQuiet() {
  document.dispatchEvent(new CustomEvent(HUSH));
}

/** Call `follow(time)` whenever the player says where it stands; returns a function that ends it. */
export function followPlayer(keyOf, follow) {
  const moved = ({ detail }) => {
    if (detail.key === keyOf()) follow(detail.time);
  };
  document.addEventListener(MOVED_EVENT, moved);
  return () => document.removeEventListener(MOVED_EVENT, moved);
}
