import { create } from '../../pages/dom.js';

/** A button; `press` is called on click and by the keyboard. */
export function button(label: string, press: () => void, kind: 'plain' | 'primary' = 'plain'): HTMLButtonElement {
  const made = create('button', { type: 'button', class: kind }, label);
  made.addEventListener('click', press);
  return made;
}

let made = 0;

/** An id that no other element of the page has. */
export function freshId(): string {
  made += 1;
  return `e${made}`;
}

export interface SliderOptions {
  label: string | Node;
  min: number;
  max: number;
  step: number;
  /** What is shown and read out for a position. */
  words: (position: number) => string;
  onInput: (position: number) => void;
}

/** A slider with its label and its value. */
export class Slider {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #shown = create('span', { class: 'shown', 'aria-hidden': 'true' });
  readonly #words: (position: number) => string;

  constructor({ label, min, max, step, words, onInput }: SliderOptions) {
    const id = freshId();
    this.#words = words;
    const range = { type: 'range', id, min: String(min), max: String(max), step: String(step) };
    this.input = create('input', range);
    this.input.addEventListener('input', () => {
      onInput(this.input.valueAsNumber);
      this.#show();
    });
    this.element = create('div', { class: 'slider' }, create('label', { for: id }, label), this.#shown, this.input);
  }

  set(position: number): void {
    this.input.valueAsNumber = position;
    this.#show(position);
  }

  /** A value past the slider's end is still shown as it is. */
  #show(position = this.input.valueAsNumber): void {
    const words = this.#words(position);
    this.#shown.textContent = words;
    this.input.setAttribute('aria-valuetext', words);
  }
}

/** A few choices side by side, of which one holds. */
export function choice<Value extends string>(
  legend: string,
  options: readonly { value: Value; label: string }[],
  onChoose: (value: Value) => void,
): { element: HTMLElement; set: (value: Value | null) => void } {
  const name = freshId();
  const inputs = options.map(({ value }) => create('input', { type: 'radio', name, value }));
  const labels = options.map(({ label }, i) =>
    create('label', {}, inputs[i] as HTMLElement, create('span', {}, label)),
  );
  inputs.forEach((input, i) =>
    input.addEventListener('change', () => onChoose((options[i] as { value: Value }).value)),
  );
  const element = create('fieldset', { class: 'choice' }, create('legend', {}, legend), ...labels);
  return {
    element,
    set: (value) => inputs.forEach((input) => (input.checked = input.value === value)),
  };
}

/** A box to tick. */
export function checkbox(label: string, onChange: (isTicked: boolean) => void): HTMLLabelElement {
  const input = create('input', { type: 'checkbox' });
  input.addEventListener('change', () => onChange(input.checked));
  return create('label', { class: 'checkbox' }, input, create('span', {}, label));
}

/** Names and values, one to a line: '손실 L' and '0.125'. */
export class Readout {
  readonly element = create('dl', { class: 'readout' });
  readonly #values = new Map<string, HTMLElement>();

  /** `rows` are names shown and keys under which values are set. */
  constructor(rows: readonly { key: string; name: string | Node }[]) {
    for (const { key, name } of rows) {
      const value = create('dd', { 'data-value': key });
      this.#values.set(key, value);
      this.element.append(create('div', {}, create('dt', {}, name), value));
    }
  }

  /** A line without a value is not shown. */
  set(key: string, value: string): void {
    const element = this.#values.get(key);
    if (!element) return;
    if (element.textContent !== value) element.textContent = value;
    (element.parentElement as HTMLElement).hidden = value === '';
  }
}

/** How long values rest before a screen reader is told: a drag would flood it. */
const REST_MS = 600;

/** Reads words out, once they have come to rest. */
export function announcer(): { element: HTMLElement; say: (words: string) => void } {
  const element = create('p', { class: 'spoken', role: 'status' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    say: (words) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (element.textContent !== words) element.textContent = words;
      }, REST_MS);
    },
  };
}

/** A line of words that is also read out. */
export function status(): { element: HTMLElement; say: (words: string) => void } {
  const shown = create('p', { class: 'status', 'aria-hidden': 'true' });
  const spoken = announcer();
  return {
    element: create('div', {}, shown, spoken.element),
    say: (words) => {
      if (shown.textContent !== words) shown.textContent = words;
      spoken.say(words);
    },
  };
}

/** Words that come and go, hidden while there are none; the same words again are not read out again. */
export function setWords(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
  element.hidden = words === '';
}

/**
 * What went wrong: a sentence of the page's language, and after it the library's own words, which are English everywhere.
 * They name a row, a column or a limit, as the errors of a program do, and can be searched for as they stand.
 */
export function problemBanner(lead: string): { element: HTMLElement; say: (message: string) => void } {
  const words = create('q', { lang: 'en' });
  const element = create('p', { class: 'banner warning problem', role: 'alert', hidden: '' }, `${lead} `, words);
  return {
    element,
    say: (message) => {
      if (words.textContent !== message) words.textContent = message;
      element.hidden = message === '';
    },
  };
}
