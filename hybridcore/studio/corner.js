// The picture stays in view: once its place is scrolled away above, it stands in a corner of the
// window, until it is scrolled back or closed.

const SEEN = 0.25; // share of the place that has to be in view
const NAVIGATION = 56; // pixels at the top that Streamlit covers

export class Corner {
  /** `place` keeps the space of the stage in it; `redraw()` is called when its size has changed. */
  constructor(place, redraw) {
    this.place = place;
    this.redraw = redraw;
    this.observer = new IntersectionObserver(
      ([entry]) => this.look(entry),
      { threshold: [0, SEEN], rootMargin: `-${NAVIGATION}px 0px 0px 0px` },
    );
    this.observer.observe(place);
    place.querySelector(".back").onclick = () => {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      place.style.scrollMarginTop = `${2 * NAVIGATION}px`;
      place.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
    };
    place.querySelector(".away").onclick = () => this.float(false);
  }

  close() {
    this.observer.disconnect();
  }

  look({ intersectionRatio, boundingClientRect, rootBounds }) {
    const above = boundingClientRect.top < (rootBounds?.top ?? NAVIGATION);
    this.float(above && boundingClientRect.height > 0 && intersectionRatio < SEEN);
  }

  float(floating) {
    if (this.place.classList.contains("floating") === floating) return;
    this.place.style.height = floating ? `${this.place.offsetHeight}px` : "";
    this.place.classList.toggle("floating", floating);
    this.redraw();
  }
}
