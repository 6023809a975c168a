// A row of small pictures, one of them chosen, or each the way to a place in a video.

import { askToSeek } from "./following.js";

function thumb(entry, at, choose) {
  const button = document.createElement("button");
  button.className = "thumb";
  const image = document.createElement("img");
  image.src = entry.picture;
  image.alt = "";
  const text = document.createElement("span");
  text.className = "text";
  for (const part of ["name", "note"]) {
    const line = document.createElement("span");
    line.className = part;
    line.textContent = entry[part];
    text.append(line);
  }
  button.append(image, text);
  button.title = [entry.name, entry.note].filter(Boolean).join(": ");
  button.ariaLabel = entry.name;
  button.onclick = () => choose(at);
  return button;
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  const mark = (at) => {
    [...root.children].forEach((child, k) => (child.ariaPressed = String(k === at)));
  };
  root.classList.toggle("slim", data.slim);
  root.ariaLabel = data.label;
  const entries = JSON.stringify(data.entries);
  if (root.entries !== entries) {
    root.entries = entries;
    root.replaceChildren(...data.entries.map((entry, at) => thumb(entry, at, (chosen) => {
      if (data.player) return askToSeek(data.player, entry.time);
      mark(chosen);
      return root.choose(chosen);
    })));
  }
  root.choose = (at) => setTriggerValue("choice", at);
  mark(data.selected);
  const chosen = root.children[data.selected];
  if (chosen && root.selected !== data.selected) {
    const end = chosen.offsetLeft + chosen.offsetWidth - root.clientWidth;
    root.scrollLeft = Math.min(chosen.offsetLeft, Math.max(root.scrollLeft, end));
  }
  root.selected = data.selected;
}
