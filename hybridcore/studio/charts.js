// One playhead for every Plotly chart of the page that names this player in its layout:
// meta = {timeline: key, x: "time" | "frame"}. A component is not an iframe, so charts are in
// reach; Streamlit redraws them when it likes, so they are looked up anew each time.

import { announce, SEEK } from "./following.js";

const CLICK_DISTANCE = 5; // pixels; a longer way is a drag (zoom, pan)
const REFRESH = 200; // milliseconds; follows redraws, zooms and new charts while nothing plays

export class Charts {
  /** `onSeek({time} | {frame})` is called when a chart is clicked. */
  constructor(onSeek) {
    this.onSeek = onSeek;
    this.plots = document.getElementsByClassName("js-plotly-plot"); // live
    this.lines = new Map(); // chart -> its lines
    this.timer = setInterval(() => this.draw(), REFRESH);
    this.onDown = (event) => this.press(event);
    document.addEventListener("pointerdown", this.onDown, true);
    this.onWish = ({ detail }) => {
      if (detail.key === this.key) this.onSeek({ time: detail.time });
    };
    document.addEventListener(SEEK, this.onWish);
  }

  close() {
    clearInterval(this.timer);
    document.removeEventListener("pointerdown", this.onDown, true);
    document.removeEventListener(SEEK, this.onWish);
    for (const lines of this.lines.values()) lines.forEach((line) => line.remove());
  }

  /** Move every playhead. `style` carries the colours of the current theme. */
  move(key, time, frame, style) {
    Object.assign(this, { key, time, frame, style });
    this.draw();
  }

  draw() {
    if (this.time === undefined) return;
    announce(this.key, this.time);
    for (const chart of this.lines.keys()) {
      if (!chart.isConnected) this.lines.delete(chart);
    }
    for (const chart of this.plots) this.drawOn(chart);
  }

  drawOn(chart) {
    const subplots = this.subplotsOf(chart);
    const lines = this.lines.get(chart) ?? [];
    while (lines.length > subplots.length) lines.pop().remove();
    if (subplots.length === 0) return;
    const holder = chart.querySelector(".svg-container");
    subplots.forEach(({ xaxis, yaxis }, number) => {
      lines[number] ??= this.newLine();
      const line = lines[number];
      if (line.parentNode !== holder) holder.append(line);
      const x = xaxis.d2p(this.unit(chart) === "frame" ? this.frame : this.time);
      line.hidden = !(x >= 0 && x <= xaxis._length);
      line.style.height = `${yaxis._length}px`;
      line.style.background = this.style.line;
      line.style.boxShadow = `0 0 0 1px ${this.style.halo}`;
      line.style.transform = `translate(${xaxis._offset + x - 1}px, ${yaxis._offset}px)`;
    });
    this.lines.set(chart, lines);
  }

  newLine() {
    const line = document.createElement("div");
    line.className = "hybridcore-playhead";
    line.style.cssText =
      "position:absolute;top:0;left:0;width:2px;border-radius:1px;pointer-events:none;z-index:1";
    return line;
  }

  meta(chart) {
    return chart._fullLayout?.meta ?? chart.layout?.meta;
  }

  unit(chart) {
    return this.meta(chart)?.x ?? "time";
  }

  subplotsOf(chart) {
    if (this.key === undefined || this.meta(chart)?.timeline !== this.key) return [];
    return Object.values(chart._fullLayout?._plots ?? {});
  }

  // plotly_click needs something under the pointer and stays silent between points of a line;
  // the axes turn any point of the plot area into a time.
  press(down) {
    const chart = down.target.closest?.(".js-plotly-plot");
    if (!chart || down.button !== 0 || down.target.closest(".modebar, .legend, .updatemenu")) return;
    const box = chart.getBoundingClientRect();
    const scale = box.width / chart.offsetWidth; // charts are enlarged on a stage
    const [left, top] = [(down.clientX - box.left) / scale, (down.clientY - box.top) / scale];
    const subplot = this.subplotsOf(chart).find(
      ({ xaxis, yaxis }) =>
        left >= xaxis._offset && left <= xaxis._offset + xaxis._length &&
        top >= yaxis._offset && top <= yaxis._offset + yaxis._length,
    );
    if (!subplot) return;
    const up = (event) => {
      const way = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
      if (way > CLICK_DISTANCE) return;
      const x = subplot.xaxis.p2d(left - subplot.xaxis._offset);
      this.onSeek(this.unit(chart) === "frame" ? { frame: Math.round(x) } : { time: x });
    };
    window.addEventListener("pointerup", up, { once: true, capture: true });
  }
}
