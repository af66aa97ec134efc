/** The more probable label. At odds of one to one it is 0, and of NaN there is none: NaN. */
export function labelOf(logOdds: number): number {
  if (Number.isNaN(logOdds)) return Number.NaN;
  return logOdds > 0 ? 1 : 0;
}
