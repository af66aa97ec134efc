/** One column of its parts. The list of parts is emptied, so that they can go before the next column is joined. */
export function joinColumn(parts: Float64Array[]): Float64Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const joined = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts.splice(0)) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
