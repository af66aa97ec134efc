/** Characters that formulas are made of; the letters are set in the italics of mathematics, ∂ too. */
const PLAIN = ' 0123456789.,()=+−·/≈←?′∑⁻⁰¹²³⁴⁵⁶⁷⁸⁹×–∂';
const LETTERS = 'LbdefghilmouwxyzλεH';

/** Every character that the font of the formulas holds. */
export const CHARACTERS = [...new Set([...PLAIN, ...LETTERS, ...[...LETTERS].map(italic), '𝜕'])].join('');

/** The italic of mathematics for a letter, at which browsers look for a variable. */
function italic(letter) {
  if (letter === 'h') return 'ℎ';
  const [first, italicFirst] = /[a-z]/.test(letter) ? ['a', '𝑎'] : /[A-Z]/.test(letter) ? ['A', '𝐴'] : ['α', '𝛼'];
  return String.fromCodePoint(letter.codePointAt(0) - first.codePointAt(0) + italicFirst.codePointAt(0));
}
