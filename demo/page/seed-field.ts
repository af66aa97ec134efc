import { create } from '../../pages/dom.js';
import { button, freshId, setWords } from './controls.js';

const LARGEST_SEED = 2 ** 32;

export interface SeedWords {
  label: string;
  draw: string;
  /** The range of a seed, in words. */
  range: (largest: string) => string;
}

/** A field for a seed, and a button for the next one; a number that is no seed is answered with what one is. */
export class SeedField {
  readonly element: HTMLElement;
  readonly #input = create('input', { type: 'number', id: freshId(), min: '0', max: String(LARGEST_SEED), step: '1' });
  readonly #problem = create('p', { class: 'note', role: 'alert', hidden: '' });
  #seed = 0;

  constructor({ label, draw, range }: SeedWords, language: string, onSeed: (seed: number) => void) {
    const input = this.#input;
    input.addEventListener('change', () => {
      const isSeed = input.validity.valid && input.value !== '';
      setWords(this.#problem, isSeed ? '' : range(LARGEST_SEED.toLocaleString(language)));
      if (isSeed) onSeed(input.valueAsNumber);
    });
    const next = button(draw, () => {
      setWords(this.#problem, '');
      onSeed(this.#seed === LARGEST_SEED ? 0 : this.#seed + 1);
    });
    const heading = create('label', { for: input.id }, label);
    this.element = create('div', { class: 'seed' }, heading, input, next, this.#problem);
  }

  /** Shows a seed; text that is being typed stays. */
  set(seed: number): void {
    this.#seed = seed;
    if (document.activeElement !== this.#input && this.#problem.hidden) this.#input.value = String(seed);
  }
}
