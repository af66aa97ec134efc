/**
 * Names that were divided at commas, put together again where a column has the whole as its name: of 'Weight (g' and 'required)'
 * becomes 'Weight (g, required)'. A piece that is a column itself stays one.
 */
export function joinNames(pieces: readonly string[], columns: readonly string[]): string[] {
  const known = new Set(columns);
  const withCommas = columns.map((name) => ({ name, parts: piecesOf(name) })).filter(({ parts }) => parts.length > 1);
  const names: string[] = [];
  for (let at = 0; at < pieces.length;) {
    const piece = pieces[at] as string;
    const whole = known.has(piece)
      ? undefined
      : withCommas.find(({ parts }) => parts.every((part, k) => part === pieces[at + k]));
    names.push(whole?.name ?? piece);
    at += whole?.parts.length ?? 1;
  }
  return names;
}

const piecesOf = (name: string) => name.split(',').map((part) => part.trim());
