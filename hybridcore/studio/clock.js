// Frame index <-> time, always through the table of frame times (frame rates may vary); and what
// time is on screen.

// Media times are rounded to the file's time base, so a frame may seem to start a little early.
const TOLERANCE = 0.002;
const STALE = 250; // milliseconds without a presented frame after which the clock is asked instead

/** The last frame that has started at `time`. */
export function frameAt(times, time) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time + TOLERANCE) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** When a frame ends; the last one lasts as long as the one before it. */
export function endOf(times, frame) {
  if (frame + 1 < times.length) return times[frame + 1];
  return frame > 0 ? 2 * times[frame] - times[frame - 1] : times[0] + 1 / 30;
}

/** Times of all frames of a video of `length` seconds of which the first are known: the others come
 * at the same pace. `length` null: all are known. */
export function wholeTimes(times, length) {
  const last = times.length - 1;
  const step = last > 0 ? (times[last] - times[0]) / last : 1 / 30;
  const more = length === null ? 0 : Math.max(0, Math.round((length - times[last]) / step) - 1);
  if (more === 0) return times;
  const whole = new Float64Array(times.length + more);
  whole.set(times);
  for (let k = 1; k <= more; k++) whole[last + k] = times[last] + k * step;
  return whole;
}

/** The middle of a frame: a seek to its very start may show its neighbour. */
export function middleOf(times, frame) {
  return (times[frame] + endOf(times, frame)) / 2;
}

/** 83.456 -> "1:23.46" */
export function clockText(seconds) {
  const hundredths = Math.round(seconds * 100);
  const minutes = Math.floor(hundredths / 6000);
  return `${minutes}:${((hundredths % 6000) / 100).toFixed(2).padStart(5, "0")}`;
}

/** Call `follow(time)` for each presented frame, or by the clock while none is (out of view).
 * Returns a function that ends it. */
export function followVideo(video, follow) {
  let presentedAt = 0;
  let ticking;
  const presented = (now, { mediaTime }) => {
    presentedAt = now;
    follow(mediaTime);
    video.requestVideoFrameCallback(presented);
  };
  video.requestVideoFrameCallback?.(presented);
  const tick = (now) => {
    if (!video.paused && now - presentedAt > STALE) follow(video.currentTime);
    ticking = requestAnimationFrame(tick);
  };
  ticking = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(ticking);
}
