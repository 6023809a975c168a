// What a player offers beside playing: subtitles, mute, full screen, the list of its keys.

import { copyLink } from "./link.js";

export class Extras {
  /** `find(selector)` gives the elements of the component. */
  constructor(find) {
    this.find = find;
    this.video = find("video");
    this.track = find("track");
  }

  /** Show the subtitles at an address; null: there are none. */
  openSubtitles(address) {
    this.track.track.mode = "disabled"; // or a line of the film before stays on the picture
    if (address) this.track.src = address;
    else this.track.removeAttribute("src");
    this.find(".subtitles").hidden = !address;
    this.showSubtitles(Boolean(address));
  }

  showSubtitles(shown) {
    if (!this.track.getAttribute("src")) return;
    this.track.track.mode = shown ? "showing" : "hidden";
    this.find(".subtitles").ariaPressed = String(shown);
  }

  subtitles() {
    this.showSubtitles(this.track.track.mode !== "showing");
  }

  link(frame) {
    copyLink(this.find(".link"), frame);
  }

  mute() {
    this.video.muted = !this.video.muted;
    this.find(".mute").ariaPressed = String(this.video.muted);
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.find(".player").requestFullscreen?.();
  }

  get helping() {
    return this.find(".help").open;
  }

  help() {
    if (this.helping) this.find(".help").close();
    else this.find(".help").showModal();
  }
}
