import { create } from '../../pages/dom.js';
import { LinearModel, SEED_PROGRAM } from '../../src/index.js';
import { entryOf, type Position, positionAt, PROGRAM, type ProgramLine } from '../lesson/program-lines.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import type { Page } from '../page/section.js';
import { formulaOf } from './program-formulas.js';

/** Predictions that are shown of the thousand. */
const SHOWN_PREDICTIONS = 3;

/** Words of the program with the colour of their quantity; the others stay plain. */
const COLOURED: Readonly<Record<string, string>> = {
  w1: 'weight',
  w2: 'weight',
  b: 'bias',
  x1: 'data',
  x2: 'data',
  y: 'data',
  learning_rate: 'rate',
  for: 'keyword',
  in: 'keyword',
};

interface ShownLine {
  line: ProgramLine;
  item: HTMLElement;
  code: HTMLElement;
  value: HTMLElement;
}

/** The program of the slides, each line with its formula and what it has made; the line executed last is marked. */
export class ProgramCode {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #lines: ShownLine[] = [];

  constructor(page: Page) {
    this.#page = page;
    this.element = create('ol', { class: 'code', tabindex: '0', 'aria-label': page.text.program.codeLabel });
    for (const line of PROGRAM) {
      const code = create('code');
      const value = create('span', { class: 'value' });
      const formula = formulaOf(line?.code.startsWith(' ') ? line.sets : null);
      const item = create('li', {}, code, value, ...(formula ? [create('span', { class: 'formula' }, formula)] : []));
      this.element.append(item);
      if (line) this.#lines.push({ line, item, code, value });
      else item.classList.add('blank');
    }
    // The program is there to be read before any of its runs are made.
    this.#mark(positionAt(0), page.store.state.programRate);
  }

  /** `isAborted` is asked after the wait for the predictions: a later call may have come. */
  async show(picture: ProgramPicture, position: Position, isAborted: () => boolean): Promise<void> {
    const predictions = await predictionsAt(picture, entryOf('y_predict', position));
    if (isAborted()) return;
    this.#mark(position, picture.runs[0]?.rate ?? Number.NaN);
    this.#lines.forEach(({ line, value }, i) => {
      value.textContent = this.#valueOf(line, i, position, picture, predictions);
    });
  }

  #mark({ line: running }: Position, rate: number): void {
    this.#lines.forEach(({ line, item, code }, i) => {
      code.replaceChildren(...highlighted(line, rate));
      item.classList.toggle('running', i === running);
      if (i === running) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    });
  }

  /** The value of a variable; beside the setup lines what they drew, beside those of the loop the newest. */
  #valueOf(
    { sets }: ProgramLine,
    index: number,
    position: Position,
    { runs }: ProgramPicture,
    predictions: readonly number[],
  ): string {
    const { format } = this.#page;
    const run = runs[0];
    const isSetup = index < SETUP_COUNT;
    if (!run || !sets || (isSetup && index >= position.executed)) return '';
    if (!isSetup && position.executed - SETUP_COUNT <= index - SETUP_COUNT) return '';
    if (sets === 'num_epoch') return String(SEED_PROGRAM.epochs);
    if (sets === 'learning_rate') return format.significant(run.rate);
    if (sets === 'epoch') return String(position.inEpoch > 0 ? position.epochs : position.epochs - 1);
    if (sets === 'y_predict') return `[${predictions.map((value) => format.number(value, 2)).join(', ')}, …]`;
    const entry = run.path[isSetup ? 0 : (entryOf(sets, position) ?? 0)];
    return entry ? format.number(parameterOf(entry, sets), 4) : '';
  }
}

const SETUP_COUNT = PROGRAM.filter((line) => line && !line.code.startsWith(' ') && line.sets !== 'epoch').length;

/** w1, w2 or b of an entry of a path. */
export function parameterOf(
  { weights, bias }: { weights: readonly number[]; bias: number },
  name: 'w1' | 'w2' | 'b',
): number {
  return { w1: weights[0] as number, w2: weights[1] as number, b: bias }[name];
}

/** The first examples' h(x) with the parameters of an entry of the program's path. */
async function predictionsAt({ data, runs }: ProgramPicture, entry: number | undefined): Promise<readonly number[]> {
  const parameters = entry === undefined ? undefined : runs[0]?.path[entry];
  if (!parameters) return [];
  const { featureNames, targetName } = data;
  const weights = Float64Array.from(parameters.weights);
  const model = new LinearModel({ weights, bias: parameters.bias, featureNames, targetName, report: null });
  const rows = Array.from({ length: SHOWN_PREDICTIONS }, (_, i) => data.columns.map((column) => column[i] as number));
  return Array.from(await model.predict(rows));
}

/** The words in their colours, and the derivative in a box as the slides have it. */
function highlighted({ code, gradient }: ProgramLine, rate: number): (Node | string)[] {
  const filled = code
    .replace('{epochs}', String(SEED_PROGRAM.epochs))
    .replace('{rate}', Number.isInteger(rate) ? rate.toFixed(1) : String(Number(rate.toPrecision(3))));
  if (!gradient) return coloured(filled);
  return [...coloured(filled.replace(gradient, '')), create('span', { class: 'derivative' }, ...coloured(gradient))];
}

function coloured(code: string): (Node | string)[] {
  return code.split(/(\b[a-z_]\w*\b)/).map((word) => {
    const kind = COLOURED[word];
    return kind ? create('span', { class: kind }, word) : word;
  });
}
