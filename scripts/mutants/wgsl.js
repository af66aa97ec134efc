// @ts-check
// Mutants of WGSL: an operator, a constant, a bound, a barrier, a call or an order of arguments that is another.

/** @typedef {import('./mutant.js').Change} Change */

/** A token of WGSL; comments and attributes are tokens, too. */
const TOKEN =
  /\/\/.*|@\w+(?:\([^)]*\))?|0x[\da-f.]+(?:p[-+]?\d+)?[uifh]?|\d+(?:\.\d*)?(?:e[-+]?\d+)?[uifh]?|\w+|&&|\|\||<<|>>|->|\+\+|--|[-+*/%<>=!&|^]=|\S/gi;

/** The words before a list of types in angle brackets. */
const BEFORE_TYPES = /^(?:array|var|ptr|atomic|bitcast|vec[234]|mat[234]x[234])$/;

/** @type {Readonly<Record<string, string>>} */
const OTHERS = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==', '&&': '||', '||': '&&' },
  ...{ '+': '-', '*': '/', '/': '*', '%': '*', '+=': '-=', '-=': '+=', '*=': '/=', '<<': '>>', '>>': '<<' },
  ...{ '&': '|', '|': '&', '^': '&', min: 'max', max: 'min' },
};

/** Functions whose result is the same in any order of arguments. */
const SYMMETRIC = /^(?:min|max|dot|distance)$/;

/** @typedef {{ text: string, at: number }} Token */

/** Declarations of constants for which the host always has a value: what stands here is for readers and for tools. */
const OF_THE_HOST = /^override .*$/gm;

/** @param {string} text */
function tokensOf(text) {
  const tokens = [];
  let depth = 0; // of angle brackets around types
  for (const { 0: word, index } of text.matchAll(TOKEN)) {
    if (word.startsWith('//') || word.startsWith('@')) continue;
    const before = tokens.at(-1)?.text ?? '';
    if (word === '<' && (depth > 0 || BEFORE_TYPES.test(before))) depth += 1;
    else if (depth > 0 && word.startsWith('>')) depth -= word === '>>' ? 2 : 1;
    else if (depth === 0) tokens.push({ text: word, at: index });
  }
  return tokens;
}

/** True if a sign after this token has one operand. */
function isBeforeOperand(/** @type {string} */ text) {
  return /^(?:return|[^\w\])])/.test(text) || text === '';
}

/** True if a token is a name. */
const isName = (/** @type {Token | undefined} */ token) => token !== undefined && /^[a-z_]\w*$/i.test(token.text);

/**
 * A statement that is a call, left out; or the first two arguments of a call, in the other order, if both are names.
 *
 * @param {string} text
 * @param {Token[]} tokens
 * @param {number} k
 * @returns {Change | undefined}
 */
function callOf(text, tokens, k) {
  const [name, open, first, comma, second, after] = tokens.slice(k, k + 6);
  const before = tokens[k - 1]?.text ?? '';
  if (!name || !isName(name) || open?.text !== '(' || /^(?:if|for|while|switch|return)$/.test(name.text))
    return undefined;
  if (/^[;{}]$/.test(before)) {
    const from = text.slice(name.at, text.indexOf(';', name.at) + 1);
    return from.includes('\n') ? undefined : { at: name.at, from, to: '' };
  }
  if (before === 'fn' || SYMMETRIC.test(name.text) || comma?.text !== ',' || !/^[,)]$/.test(after?.text ?? '')) return undefined; // prettier-ignore
  if (!first || !second || !isName(first) || !isName(second) || first.text === second.text) return undefined;
  const from = text.slice(first.at, second.at + second.text.length);
  return from.includes('\n') ? undefined : { at: first.at, from, to: `${second.text}, ${first.text}` };
}

/** @param {string} whole @param {Token[]} tokens @param {number} k */
function changeOf(whole, tokens, k) {
  const { text, at } = /** @type {Token} */ (tokens[k]);
  const before = tokens[k - 1]?.text ?? '';
  /** @type {(to: string, from?: string) => Change} */
  const change = (to, from = text) => ({ at, from, to });
  if (text === 'workgroupBarrier') return change('', 'workgroupBarrier();');
  if (text === '-') return change(isBeforeOperand(before) ? '' : '+');
  if (/^[&*]$/.test(text) && isBeforeOperand(before)) return undefined; // of a pointer
  if (text in OTHERS) return change(/** @type {string} */ (OTHERS[text]));
  const integer = /^(\d+)([ui]?)$/.exec(text);
  if (integer) return change(`${Number(integer[1]) + 1}${integer[2]}`);
  const real = /^(\d+\.\d+|\d+(?=f))(f?)$/.exec(text);
  if (real) {
    const greater = String(Number(real[1]) + 1);
    return change(`${greater.includes('.') ? greater : `${greater}.0`}${real[2]}`);
  }
  const call = callOf(whole, tokens, k);
  if (call) return call;
  // The element after the one that is asked for.
  if (text === ']' && /^[A-Za-z_)\]]/.test(before)) return change(' + 1]');
  return undefined;
}

/**
 * All mutants of a text of WGSL.
 *
 * @param {string} text
 * @returns {Change[]}
 */
export function mutantsOfWgsl(text) {
  const tokens = tokensOf(text.replace(OF_THE_HOST, (line) => ' '.repeat(line.length)));
  return tokens.map((_, k) => changeOf(text, tokens, k)).filter((change) => change !== undefined);
}
