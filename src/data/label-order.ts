/** The order of two labels that are words, or true and false: that of the alphabet, in which no comes before Yes. */
export function compareLabels<Label>(a: Label, b: Label): -1 | 1 {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/** Words that differ by case only have an order, too: capitals first. */
const keyOf = (label: unknown) => `${String(label).toLowerCase()}\0${String(label)}`;
