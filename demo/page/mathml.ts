// Formulas as MathML, which the browser typesets and screen readers read.

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** A part of a formula: an element, or words, in which letters are variables, digits numbers and the rest operators. */
export type Formula = Node | string | readonly Formula[];

function make(name: string, ...children: readonly Formula[]): MathMLElement {
  const made = document.createElementNS(MATHML, name);
  made.append(...children.map(nodeOf));
  return made;
}

function leaf(name: 'mi' | 'mn' | 'mo' | 'mtext', text: string): MathMLElement {
  const made = document.createElementNS(MATHML, name);
  made.textContent = text;
  return made;
}

/** One node, so that it can stand where MathML wants exactly one. */
function nodeOf(formula: Formula): Node {
  if (formula instanceof Node) return formula;
  const parts = typeof formula === 'string' ? tokens(formula) : formula.map(nodeOf);
  return parts.length === 1 ? (parts[0] as Node) : make('mrow', ...parts);
}

/** Numbers, with the sign that begins a part or follows a parenthesis; single letters; and any other character. */
const TOKEN = /(?:(?<=^|\()−)?\d[\d.,]*(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|\p{L}|\S/gu;

/** 'h(x) − y' as variables and operators, '(−0.5)' as a number in parentheses. */
function tokens(words: string): MathMLElement[] {
  return [...words.matchAll(TOKEN)].map(([token]) => {
    if (/\d/.test(token)) return leaf('mn', token);
    return /[\p{L}∂]/u.test(token) ? variable(token) : operator(token);
  });
}

/** Parentheses of a line's own height: ones that may stretch have more room about them, even where nothing is tall. */
function operator(token: string): MathMLElement {
  const made = leaf('mo', token);
  if (/[()]/.test(token)) made.setAttribute('stretchy', 'false');
  return made;
}

/** Letters have the colours that their quantities have in the figures. */
const COLOURED: Readonly<Record<string, string>> = {
  w: 'weight',
  b: 'bias',
  λ: 'rate',
  L: 'loss',
  x: 'data',
  y: 'data',
};

function variable(letter: string): MathMLElement {
  const made = leaf('mi', letter);
  const kind = COLOURED[letter];
  if (kind) made.classList.add(kind);
  return made;
}

/** A formula in a line of its own, or within a line of words. */
export function math(display: 'block' | 'inline', ...parts: readonly Formula[]): MathMLElement {
  const made = make('math', parts);
  made.setAttribute('display', display);
  made.setAttribute('displaystyle', 'true'); // fractions as large within a line
  return made;
}

export const fraction = (above: Formula, below: Formula) => make('mfrac', above, below);
/** In parentheses as tall as what is in them. */
export const embraced = (inner: Formula) => make('mrow', leaf('mo', '('), inner, leaf('mo', ')'));
export const squared = (base: Formula) => make('msup', base, '2');
export const sub = (base: Formula, index: Formula) => make('msub', base, index);
/** x⁽ⁱ⁾, the i-th example's. */
export const ofExample = (letter: string) => make('msup', letter, '(i)');
export const sumOverExamples = () => {
  const sum = leaf('mo', '∑');
  return make('munderover', sum, 'i=1', 'm');
};
/** ∂L/∂w, or ∂/∂w where nothing is above. */
export const partial = (above: Formula, below: Formula) => fraction(['∂', above], ['∂', below]);
/** A part that the line has changed. */
export const marked = (formula: Formula) => styled('marked', formula);
/** A part that cancels. */
export const struck = (formula: Formula) => styled('struck', formula);
/** A part in a box. */
export const boxed = (formula: Formula) => styled('boxed', formula);

function styled(kind: string, formula: Formula): MathMLElement {
  const made = make('mrow', formula);
  made.classList.add(kind);
  return made;
}

/** The left side of an equation, as wide in every line, so that the equals signs stand under one another. */
export function leftSide(...parts: readonly Formula[]): MathMLElement {
  const made = make('mpadded', parts);
  made.setAttribute('width', LEFT_SIDE_WIDTH);
  return made;
}

/** ∂L(x)/∂w with some room. */
const LEFT_SIDE_WIDTH = '2.9em';

/** 1/2m Σ: the mean, and the half of it. */
export const halvedMean = (): readonly Formula[] => [fraction('1', '2m'), sumOverExamples()];

export const squaredResidual = () => squared(['(h(', ofExample('x'), ')−', ofExample('y'), ')']);

/** L = 1/2m Σ (h(x⁽ⁱ⁾) − y⁽ⁱ⁾)² */
export const lossFormula = (): readonly Formula[] => ['L=', ...halvedMean(), squaredResidual()];
