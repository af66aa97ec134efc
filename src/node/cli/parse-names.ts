/** A name, from the beginning of the rest of a list: as it is, or in double quotes. */
const NAME = /\s*(?:"((?:[^"]|"")+)"\s*|([^",\s][^,]*))(?:,|$)/y;

/**
 * Names of columns with commas between them, written as the first row of a CSV file is: a name that holds a comma, or begins
 * with a quote, stands in double quotes, and quotes within these are doubled. undefined for what is no such list.
 *
 *     readNames('area, "price, net"') // ['area', 'price, net']
 */
export function readNames(text: string): string[] | undefined {
  const names: string[] = [];
  let at = 0;
  do {
    NAME.lastIndex = at;
    const found = NAME.exec(text);
    if (!found) return undefined;
    const [, quoted, plain] = found;
    names.push(quoted?.replaceAll('""', '"').trim() ?? (plain as string).trim());
    at = NAME.lastIndex;
  } while (text[at - 1] === ',');
  return names;
}
