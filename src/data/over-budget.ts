/** The end of reading examples that take more bytes than they may. */
export class OverBudget extends Error {}

/** Throws `OverBudget` for more bytes than these. */
export function requireWithin(mostBytes: number, bytes: number): void {
  if (bytes > mostBytes) throw new OverBudget();
}
