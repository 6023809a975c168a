// Shows nothing: tells Python where a player came to rest.

import { followPlayer } from "./following.js";
import { keepMounted } from "./mounts.js";

const REST = 300; // milliseconds without a move

const kept = new Map(); // root -> Follow

class Follow {
  constructor(root) {
    this.section = root.querySelector(".follow");
    this.unfollow = followPlayer(() => this.data?.player, (time) => {
      if (time === this.time) return;
      this.time = time;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.setStateValue("time", time), REST);
    });
  }

  close() {
    clearTimeout(this.timer);
    this.unfollow();
  }

  update(data, setStateValue) {
    Object.assign(this, { data, setStateValue });
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  return keepMounted(kept, Follow, parentElement, data, setStateValue);
}
