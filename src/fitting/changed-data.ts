import { DescentError } from '../base/errors.js';
import { Dataset } from '../data/checked-dataset.js';
import { requireUnchanged } from '../data/unchanged.js';

/** Codes of errors that have their cause in themselves, whatever has become of the data. */
const OWN_CAUSE = ['DEVICE_LOST', 'DISPOSED', 'OUT_OF_MEMORY', 'READBACK_FAILED', 'WORKER_LOST'];

/** The error of a fit: that of its data, where the caller has changed them meanwhile, since what follows from that says little. */
export function causeOf(error: unknown, data: unknown): unknown {
  const isKnown = error instanceof DescentError && OWN_CAUSE.includes(error.code);
  if (isKnown || !(data instanceof Dataset)) return error;
  try {
    requireUnchanged(data);
    return error;
  } catch (cause) {
    return cause;
  }
}
