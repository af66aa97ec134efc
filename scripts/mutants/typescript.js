// @ts-check
// Mutants of TypeScript: an operator, a constant, a bound, a truth value, a condition, a call or an order of arguments
// that is another.

import ts from 'typescript';

/** @typedef {import('./mutant.js').Change} Change */

/** @type {Readonly<Record<string, string>>} */
const OPERATORS = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===', '&&': '||', '||': '&&' },
  ...{ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '**': '*', '+=': '-=', '-=': '+=', '*=': '/=', '??': '&&' },
};

/** @type {Readonly<Record<string, string>>} */
const FUNCTIONS = { min: 'max', max: 'min', floor: 'ceil', ceil: 'floor' };

/** Functions whose result is the same in any order of arguments. */
const SYMMETRIC = /^(?:Math\.(?:min|max|hypot|imul)|dot|equal|\w+\.(?:add|multiply|and|or|isEqual))$/;

/** True for what is text rather than a number: a sum with it joins. */
function isText(/** @type {ts.Node} */ node) {
  return ts.isStringLiteral(node) || ts.isTemplateLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
}

/** True for a call whose words only people read. */
function isForPeople(/** @type {ts.Node} */ node) {
  return ts.isNewExpression(node) && /Error$/.test(node.expression.getText());
}

/** Another operator. @param {ts.Node} node @returns {Change | undefined} */
function ofOperator(node) {
  if (ts.isBinaryExpression(node)) {
    const { operatorToken, left, right } = node;
    const from = operatorToken.getText();
    const to = OPERATORS[from];
    if (to === undefined || (from === '+' && (isText(left) || isText(right)))) return undefined;
    return { at: operatorToken.getStart(), from, to };
  }
  if (!ts.isPrefixUnaryExpression(node)) return undefined;
  const isMinus = node.operator === ts.SyntaxKind.MinusToken;
  if (!isMinus && node.operator !== ts.SyntaxKind.ExclamationToken) return undefined;
  return { at: node.getStart(), from: isMinus ? '-' : '!', to: '' };
}

/** Another constant or function. @param {ts.Node} node @returns {Change | undefined} */
function ofValue(node) {
  const at = node.getStart();
  if (ts.isNumericLiteral(node) && !/^0[xbo]/i.test(node.getText())) {
    const from = node.getText();
    return { at, from, to: String(Number(from.replaceAll('_', '')) + 1) };
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { at, from: 'true', to: 'false' };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { at, from: 'false', to: 'true' };
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math') {
    const from = node.name.getText();
    const to = FUNCTIONS[from];
    return to === undefined ? undefined : { at: node.name.getStart(), from, to };
  }
  return undefined;
}

/** The opposite of a condition that is no operation itself. @param {ts.Node} node @returns {Change | undefined} */
function ofCondition(node) {
  const condition = ts.isConditionalExpression(node) ? node.condition : ts.isIfStatement(node) ? node.expression : undefined; // prettier-ignore
  if (!condition || ts.isBinaryExpression(condition) || ts.isPrefixUnaryExpression(condition)) return undefined;
  const from = condition.getText();
  return from.includes('\n') ? undefined : { at: condition.getStart(), from, to: `!${from}` };
}

/** A call that is left out, or two arguments that change places. @param {ts.Node} node @returns {Change | undefined} */
function ofCall(node) {
  if (ts.isExpressionStatement(node)) {
    const call = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
    const from = node.getText();
    if (!ts.isCallExpression(call) || call.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
    return from.includes('\n') ? undefined : { at: node.getStart(), from, to: ';' };
  }
  if (!ts.isCallExpression(node) || SYMMETRIC.test(node.expression.getText())) return undefined;
  const texts = node.arguments.map((argument) => (ts.isIdentifier(argument) ? argument.text : undefined));
  const k = texts.findIndex((text, i) => i > 0 && text !== undefined && texts[i - 1] !== undefined);
  if (k < 1 || texts[k] === texts[k - 1]) return undefined;
  const [first, second] = [/** @type {ts.Node} */ (node.arguments[k - 1]), /** @type {ts.Node} */ (node.arguments[k])];
  const from = node.getSourceFile().text.slice(first.getStart(), second.getEnd());
  return from.includes('\n') ? undefined : { at: first.getStart(), from, to: `${texts[k]}, ${texts[k - 1]}` };
}

/**
 * All mutants of a module.
 *
 * @param {string} text
 * @returns {Change[]}
 */
export function mutantsOfTypeScript(text) {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  /** @type {Change[]} */
  const changes = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || isForPeople(node)) return;
    for (const changeOf of [ofCondition, ofCall, ofOperator, ofValue]) {
      const change = changeOf(node);
      if (change) changes.push(change);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changes;
}
