/** Bytes of each unit, by the letter before the B. */
const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/**
 * The number of bytes that a text names: a plain number, or one with kB, MB, GB or TB, which are thousands, or KiB, MiB and so
 * on, which are multiples of 1,024. Undefined for all other text.
 *
 *     readBytes('512MB') // 512000000
 */
export function readBytes(text: string): number | undefined {
  const [, digits, letter = '', binary = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt]?)(i?)b)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined || (binary !== '' && letter === '')) return undefined;
  return Math.round(Number(digits) * (binary === '' ? 1000 : 1024) ** (POWERS[letter.toLowerCase()] as number));
}
