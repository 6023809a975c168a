// Reads the blocks of arrays that packing.py writes, and the changes that growth.py finds.

const ARRAYS = {
  uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array,
  uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float64: Float64Array,
};

/** Fetch a packed tree; every array becomes a typed array with a `shape`. */
export async function fetchPayload(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The results could not be loaded (${response.status}).`);
  const buffer = await response.arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const header = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  return JSON.parse(header, (_, node) => {
    if (!node?.dtype) return node;
    const count = node.shape.reduce((product, side) => product * side, 1);
    const array = new ARRAYS[node.dtype](buffer, 4 + length + node.offset, count);
    return Object.assign(array, { shape: node.shape });
  });
}

/** Rows appended to an array. Its buffer has room to spare, so that growing costs little. */
function grown(array, more) {
  const length = array.length + more.length;
  let { room } = array;
  if (!room || room.length < length) {
    room = new array.constructor(2 * length);
    room.set(array);
  }
  room.set(more, array.length);
  const shape = [array.shape[0] + more.shape[0], ...array.shape.slice(1)];
  return Object.assign(room.subarray(0, length), { shape, room });
}

/** A node after a change of growth.py; dicts and lists are changed in place. */
function changed(node, { append, change, ...rest }) {
  if (append) return grown(node, append);
  if (!change) return rest.whole;
  for (const [place, part] of Object.entries(change)) node[place] = changed(node[place], part);
  return node;
}

/** Whether a change only appends rows to arrays. */
export function onlyAppends(change) {
  if (!change || change.append) return true;
  return Boolean(change.change) && Object.values(change.change).every(onlyAppends);
}

/** A view as the browser holds it: fetched whole, then brought up to date by what is new. */
export class Payload {
  /** `onView(tree, changes)` is called with the view, and the changes that were made to the one
   * before, or null where there was another one; `onError(text)` where it cannot be had. */
  constructor(onView, onError) {
    Object.assign(this, { onView, onError });
  }

  /** Get what `source` describes: {name, revision, whole, news}, addresses of a whole view and of
   * changes, each of which makes its `revision` from the one before. Returns whether it is new. */
  follow(source) {
    const latest = `${source.name} ${source.news.at(-1)?.revision ?? source.revision}`;
    if (latest === this.latest) return false;
    if (this.source?.name !== source.name) this.close();
    Object.assign(this, { latest, source });
    this.fetching ??= this.fetch();
    return true;
  }

  close() {
    this.abort?.abort();
    this.fetching = null;
  }

  /** One at a time; there may be news by the time that it is there. */
  async fetch() {
    const { signal } = (this.abort = new AbortController());
    let source;
    while (source !== this.source) {
      source = this.source;
      try {
        const changes = await this.update(source, signal);
        if (signal.aborted) return;
        this.onView(this.tree, changes);
      } catch (error) {
        if (signal.aborted) return;
        this.latest = null; // to be tried again at the next call
        // News that are gone by now are in the next ones.
        if (source.news.length === 0) this.onError(error.message);
      }
    }
    this.fetching = null;
  }

  /** Bring the tree up to date; returns the changes made to it, null if it is another one. */
  async update({ name, revision, whole, news }, signal) {
    const first = news.length ? news[0].revision - 1 : revision;
    const follows = this.name === name && this.revision >= first;
    const from = follows ? this.revision : revision;
    const due = news.filter((part) => part.revision > from);
    const [tree, ...changes] = await Promise.all([
      follows ? this.tree : fetchPayload(whole, signal),
      ...due.map(({ address }) => fetchPayload(address, signal)),
    ]);
    if (signal.aborted) return null;
    for (const change of changes) changed(tree, change);
    Object.assign(this, { name, tree, revision: due.at(-1)?.revision ?? from });
    return follows ? changes : null;
  }
}
