// What the library says of an error or of a fit, in the language of the page as far as it has it.

import { create } from '../../pages/dom.js';
import { hostHere } from '../../src/base/host-kind.js';
import { DescentError, type FitWarning } from '../../src/index.js';
import { supportReasons } from '../text/messages-en.js';
import { messages } from '../text/messages-ko.js';
import type { MissingReason } from './device.js';
import type { Page } from './section.js';

/**
 * The banner for an error: a sentence of the page's language, and the library's own words, which are English. They name a row, a column or a
 * limit, as the errors of a program do, and can be searched for as they stand.
 */
export class ProblemBanner {
  readonly element = create('div', { class: 'banner warning problem', role: 'alert', hidden: '' });
  readonly #page: Page;
  #said = '';

  constructor(page: Page) {
    this.#page = page;
  }

  /** null and '' take it away. */
  say(problem: DescentError | string | null): void {
    const message = typeof problem === 'string' ? problem : (problem?.message ?? '');
    if (message === this.#said) return;
    this.#said = message;
    this.element.hidden = message === '';
    const original = create('q', { lang: 'en' }, message);
    const translated = problem instanceof DescentError && this.#page.format.language === 'ko' ? koreanOf(problem) : '';
    this.element.replaceChildren(
      create('p', {}, `${this.#page.text.failed} `, ...(translated ? [translated] : [original])),
      ...(translated ? [details(original)] : []),
    );
  }
}

/** Each warning, with the library's words for those who look for them. */
export function warningItem({ code, message }: FitWarning, { format }: Page): HTMLElement {
  const translated = format.language === 'ko' ? messages.warnings[code] : undefined;
  if (translated === undefined) return create('li', { lang: 'en' }, message);
  return create('li', {}, translated, details(create('q', { lang: 'en' }, message)));
}

/** Why there is no WebGPU, and what helps in this browser. */
export function supportReason({ code, message, remedy }: MissingReason, { text, format }: Page): HTMLElement[] {
  const words = text.device;
  const why = create('q', { lang: 'en' }, message);
  const what = create('q', { lang: 'en' }, remedy);
  if (format.language !== 'ko' || code === undefined) {
    const told = code && supportReasons[code];
    return [create('p', {}, words.reason, told ?? why), create('p', {}, words.remedy, what)];
  }
  return [
    create('p', {}, words.reason, messages.support[code]),
    create('p', {}, words.remedy, messages.remedy(code, hostHere())),
    details(why, ' ', what),
  ];
}

function koreanOf({ code, where }: DescentError): string {
  const place = messages.place(where);
  const sentence = messages.errors[code] ?? '';
  return sentence && place ? `${sentence} (${place})` : sentence;
}

function details(...original: readonly (Node | string)[]): HTMLElement {
  return create('details', {}, create('summary', {}, messages.original), ...original);
}
