// The program as text, to be copied or saved.

import { create } from '../../pages/dom.js';
import {
  FILE_NAMES,
  LANGUAGES,
  type ProgramLanguage,
  type ProgramSource,
  programText,
} from '../lesson/program-text.js';
import { button, choice, status } from './controls.js';
import { save } from './export.js';
import type { Page } from './section.js';
import { fold } from './stage.js';

/** Lines that are shown of a text whose data are long; what is copied or saved is whole. */
const SHOWN_DATA_LINES = 3;

export class TakeAlong {
  readonly element: HTMLDetailsElement;
  readonly #page: Page;
  readonly #code = create('code');
  readonly #language: ReturnType<typeof choice<ProgramLanguage>>;
  readonly #told = status();
  #chosen: ProgramLanguage = 'numpy';
  #source: ProgramSource | null = null;

  constructor(page: Page) {
    const words = page.text.take;
    this.#page = page;
    this.#language = choice<ProgramLanguage>(
      words.language,
      LANGUAGES.map((value) => ({ value, label: words.languages[value] })),
      (language) => {
        this.#chosen = language;
        this.#show();
      },
    );
    this.#language.set(this.#chosen);
    this.element = fold(
      words.title,
      create('p', {}, words.lead),
      this.#language.element,
      create('pre', { tabindex: '0' }, this.#code),
      create(
        'div',
        { class: 'exports' },
        button(words.copy, () => void this.#copy()),
        button(words.download, () => this.#save()),
      ),
      this.#told.element,
    );
    this.element.classList.add('take');
    this.element.addEventListener('toggle', () => this.#show());
  }

  /** null while there is nothing to take. */
  set(source: ProgramSource | null): void {
    this.#source = source;
    this.element.hidden = source === null;
    this.#show();
  }

  #show(): void {
    if (!this.element.open || !this.#source) return;
    this.#code.textContent = shortened(programText(this.#chosen, this.#source), this.#page.text.take.more);
  }

  async #copy(): Promise<void> {
    if (!this.#source) return;
    const words = this.#page.text.take;
    try {
      await navigator.clipboard.writeText(programText(this.#chosen, this.#source));
      this.#told.say(words.copied);
    } catch {
      this.#told.say(words.notCopied); // without a permission, or not over https
    }
  }

  #save(): void {
    if (!this.#source) return;
    save(new Blob([programText(this.#chosen, this.#source)], { type: 'text/plain' }), FILE_NAMES[this.#chosen]);
  }
}

/** Rows of data beyond the first few are counted instead. */
function shortened(text: string, more: (count: number) => string): string {
  const lines = text.split('\n');
  const isRow = (line: string) => /^ +\[[^[\]]*\],$/.test(line);
  const first = lines.findIndex(isRow);
  const end = lines.findLastIndex(isRow) + 1;
  const hidden = end - first - SHOWN_DATA_LINES;
  if (first < 0 || hidden <= 1) return text;
  return [...lines.slice(0, first + SHOWN_DATA_LINES), `    ${more(hidden)}`, ...lines.slice(end)].join('\n');
}
