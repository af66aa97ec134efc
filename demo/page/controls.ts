import { create } from '../../pages/dom.js';

/** A button; `press` is called on click and by the keyboard, unless the button is off (see allow). */
export function button(label: string, press: () => void, kind: 'plain' | 'primary' = 'plain'): HTMLButtonElement {
  const made = create('button', { type: 'button', class: kind }, label);
  made.addEventListener('click', () => {
    if (made.ariaDisabled !== 'true') press();
  });
  return made;
}

/** Turns buttons on or off. One that is off keeps the focus, which `disabled` would throw to the top of the page. */
export function allow(isAllowed: boolean, ...buttons: readonly HTMLButtonElement[]): void {
  for (const one of buttons) one.ariaDisabled = isAllowed ? null : 'true';
}

/** Makes a change. What it hides loses the focus, which would go to the top of the page: it goes to the first of `next` that is shown. */
export function keepFocus(change: () => void, ...next: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  change();
  if (focused === null || focused === document.body || focused.checkVisibility()) return;
  next.find((element) => element.checkVisibility())?.focus({ preventScroll: true });
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
  /** The words that are shown and read out for a position. */
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
    setText(this.#shown, words);
    if (this.input.ariaValueText !== words) this.input.ariaValueText = words;
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
    setText(element, value);
    (element.parentElement as HTMLElement).hidden = value === '';
  }
}

/** The time that values rest before a screen reader is told: a drag would flood it. */
const REST_MS = 600;

/** Reads words out, once they have come to rest, and only those of the section in use: several show the same line. */
export function announcer(): { element: HTMLElement; say: (words: string) => void } {
  const element = create('p', { class: 'spoken', role: 'status' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    say: (words) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isInUse(element) && element.textContent !== words) element.textContent = words;
      }, REST_MS);
    },
  };
}

/** True if the focus is in the same section, or in none of them and the element is in none either. */
function isInUse(element: Element): boolean {
  return element.closest('section') === (document.activeElement?.closest('section') ?? null);
}

/** A line of words that is also read out, in other words where those say more. */
export function status(): { element: HTMLElement; say: (words: string, spoken?: string) => void } {
  const shown = create('p', { class: 'status', 'aria-hidden': 'true' });
  const spoken = announcer();
  return {
    element: create('div', {}, shown, spoken.element),
    say: (words, read = words) => {
      setText(shown, words);
      spoken.say(read);
    },
  };
}

/** Puts words into an element; the same words again would have the page laid out anew. */
export function setText(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}

/** Words that come and go, hidden while there are none; the same words again are not read out again. */
export function setWords(element: HTMLElement, words: string): void {
  setText(element, words);
  element.hidden = words === '';
}
