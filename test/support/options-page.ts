import ts from 'typescript';
import { READING } from '../../src/options/reading.js';
import { SETTINGS } from '../../src/options/settings.js';

/** The text of docs/options.md: every option, from the table that checks them and from the comments beside their types. */
export function optionsPage(sourceOfOptions: string, sourceOfMany: string): string {
  const shown = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));
  const settings = SETTINGS.map(({ name, default: value, sentence, range }) => {
    const flag = typeof value === 'boolean' ? `--[no-]${kebab(name)}` : `--${kebab(name)}`;
    return row([`\`${name}\``, `\`${flag}\``, `\`${shown(value)}\``, capital(range), sentence]);
  });
  const reading = READING.map(({ name, default: value, sentence, range, flag }) => {
    const word = kebab(name);
    const flags = flag === 'switch' ? `\`--${word}\` or \`--no-${word}\`` : `\`--${word}\``;
    return row([`\`${name}\``, flags, `\`${Array.isArray(value) ? '[]' : shown(value)}\``, capital(range), sentence]);
  });
  const objects = [
    ...membersOf(sourceOfOptions, 'FitOptions').map((member) => ({ ...member, of: '`fit`' })),
    ...membersOf(sourceOfOptions, 'StepOptions').map((member) => ({ ...member, of: '`fitSteps`' })),
    ...membersOf(sourceOfMany, 'ModelOptions').map((member) => ({ ...member, of: 'a model of `fitMany`' })),
    ...membersOf(sourceOfMany, 'ManyOptions').map((member) => ({ ...member, of: 'all models of `fitMany`' })),
  ];
  return [
    '# Options',
    '',
    'Made from the code by `npm run docs`; a test fails where this page and the code differ.',
    '',
    '## Values',
    '',
    'Options of `fit`, and of each model of `fitMany` and `crossValidate`, that are plain values. The command line has the same',
    'under the flags. `solveExact`, `lossSurface` and `computeMoments` take those of them that concern them.',
    '',
    row(['option', 'flag', 'default', 'range', 'what it does']),
    row(['---', '---', '---', '---', '---']),
    ...settings,
    '',
    '## Reading files and tables',
    '',
    'Options of `csvSource`, and from `decimal` on of `{ table, target }` too, beside `target`, `features`, `weights` and `labels`.',
    'They are explained in [files and tables](files.md).',
    '',
    row(['option', 'flag', 'default', 'range', 'what it does']),
    row(['---', '---', '---', '---', '---']),
    ...reading,
    '',
    '## Objects and functions',
    '',
    'What only a program can pass.',
    '',
    row(['option', 'of', 'type', 'what it does']),
    row(['---', '---', '---', '---']),
    ...objects.map(({ name, of, type, sentence }) =>
      row([`\`${name}\``, of, TYPES_IN_WORDS[type] ?? `\`${type}\``, sentence]),
    ),
    '',
  ].join('\n');
}

const INITIAL_PARAMETERS = 'An object with `weights`, d numbers, and `bias`, a number';

/** Types whose names say nothing to a reader of the page. */
const TYPES_IN_WORDS: Readonly<Record<string, string>> = {
  InitialParameters: INITIAL_PARAMETERS,
  "NonNullable<FitOptions['initialParameters']>": INITIAL_PARAMETERS,
  'Readonly<Record<string, Numbers | readonly string[]>>':
    'An object with a list or typed array of numbers, or a list of labels, under each name',
};

interface Member {
  name: string;
  type: string;
  sentence: string;
}

/** The members that an interface declares itself, with the comment of each. */
function membersOf(source: string, interfaceName: string): Member[] {
  const file = ts.createSourceFile('options.ts', source, ts.ScriptTarget.ES2022, true);
  const declared = file.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === interfaceName);
  if (!declared) throw new TypeError(`no interface ${interfaceName}`);
  return declared.members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(file),
    type: withoutUndefined(member.type?.getText(file).replace(/\s+/g, ' ') ?? ''),
    sentence: ts
      .getJSDocCommentsAndTags(member)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
      .join(' ')
      .replace(/\s+/g, ' '),
  }));
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Each option may be left out, or undefined, which the page says once. */
function withoutUndefined(type: string): string {
  return type.replace(/ \| undefined$/, '').replace(/^\((\(.*\) => \w+)\)$/, '$1');
}
