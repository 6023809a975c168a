// Reads the block of arrays that packing.py writes.

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
