// Whether the page is a stage: present.js says so on the page's root, and the parts that are shown
// there follow it. Their style sheets read what is copied to their own root.

const LEAST = 0.03; // of the height of the screen: no letter on a stage is smaller

/** The size of letters on a stage, pixels. */
export function stageType() {
  return LEAST * window.innerHeight;
}

/** The size of letters: that of a page, or a stage's. */
export function typeSize(onPage) {
  return "present" in document.documentElement.dataset ? stageType() : onPage;
}

export class Staging {
  /** `onChange()` is called when the page becomes a stage, another kind of one, or none;
   * `takesPart()` says whether the part is shown there. */
  constructor(section, onChange, takesPart = () => true) {
    Object.assign(this, { section, onChange, takesPart });
    this.look();
    this.observer = new MutationObserver(() => this.look() && this.onChange());
    this.observer.observe(document.documentElement, { attributeFilter: ["data-present"] });
  }

  close() {
    this.observer.disconnect();
  }

  get on() {
    return this.kind !== undefined;
  }

  /** Take over what the page is; returns whether that is news. */
  look() {
    const present = this.takesPart() ? document.documentElement.dataset.present : undefined;
    if (present === this.kind) return false;
    this.kind = present;
    if (present === undefined) delete this.section.dataset.present;
    else this.section.dataset.present = present;
    return true;
  }
}
