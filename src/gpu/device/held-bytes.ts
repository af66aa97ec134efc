/** Bytes of buffers, as far as this library makes them. */
export interface AskedBytes {
  /** Those that one step asked for. */
  asked: number;
  /** Those that it asked for before, and has not freed. */
  held: number;
}

/** The bytes of the buffers of one device: held now, and asked for ever. */
class HeldBytes {
  held = 0;
  asked = 0;
}

const heldOn = new WeakMap<GPUDevice, HeldBytes>();

/** The count of a device, which its owners of buffers keep. */
export function heldBytesOn(device: GPUDevice): HeldBytes {
  const known = heldOn.get(device) ?? new HeldBytes();
  heldOn.set(device, known);
  return known;
}

/** Starts to count what a step asks for. The result says so after the step. */
export function countAsked(device: GPUDevice): () => AskedBytes {
  const bytes = heldBytesOn(device);
  const [heldBefore, askedBefore] = [bytes.held, bytes.asked];
  return () => ({ asked: bytes.asked - askedBefore, held: heldBefore });
}
