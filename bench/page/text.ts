// The words of the benchmark page in the language of the reader. What comes from the library, names of libraries and of machines, stays as it is.

import { type BenchText, en } from './text-en.js';
import { ko } from './text-ko.js';

export type Language = 'en' | 'ko';

const TEXTS = { en, ko } as const;
type Text = BenchText;

/** Keys of words that are not made of others. */
type Key = { [Name in keyof Text]: Text[Name] extends string ? Name : never }[keyof Text];

/** '#language=ko&…': that of the address, else the browser's, as far as the page speaks it. */
export function languageOf(hash: string, languages: readonly string[]): Language {
  const asked = new URLSearchParams(hash.replace(/^#/, '')).get('language');
  const found = [asked, ...languages.map((language) => language.slice(0, 2))];
  return found.find((language): language is Language => language === 'en' || language === 'ko') ?? 'en';
}

export const language = languageOf(location.hash, navigator.languages);
export const text: Text = TEXTS[language];

/** Puts the words of the language where the page names them: data-text="run". */
export function writeTexts(): void {
  document.documentElement.lang = language;
  document.title = text.title;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]'))
    element.textContent = text[element.dataset.text as Key];
  for (const button of document.querySelectorAll<HTMLElement>('[data-preset]'))
    button.textContent = text.presets[button.dataset.preset as keyof Text['presets']];
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]'))
    element.ariaLabel = text[element.dataset.label as Key];
}
