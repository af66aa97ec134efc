/** The order of two labels: of numbers and truth values their own, of words that of the alphabet, in which no comes before Yes. */
export function compareLabels<Label extends string | number | boolean>(a: Label, b: Label): number {
  const [x, y] = [a, b].map((label) => (typeof label === 'string' ? label.toLowerCase() : label)) as [Label, Label];
  return rank(x, y) || rank(a, b);
}

/** Below 0 for the lower one first. */
export function rank<Value extends string | number | boolean>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
