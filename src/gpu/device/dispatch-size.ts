import { MOST_WORKGROUPS } from './tuning.js';

/** A count of workgroups over two dimensions, each within the limit; the kernel passes over what is too many. */
export function folded(workgroups: number): [number, number] {
  const rows = Math.ceil(workgroups / MOST_WORKGROUPS);
  return [Math.ceil(workgroups / rows), rows];
}
