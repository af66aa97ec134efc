// Search over all sections of all pages, in the page itself: the texts are one file, which is fetched when it is needed.

import type MiniSearch from 'minisearch';
import type { SearchResult } from 'minisearch';
import { create, element } from '../../dom.js';
import type { SearchEntry } from '../site-pages.js';
import { indexOf } from './search-index.js';

const MOST_RESULTS = 12;

let index: Promise<MiniSearch<SearchEntry>> | undefined;

async function loadIndex(): Promise<MiniSearch<SearchEntry>> {
  const { search = '' } = document.body.dataset;
  return indexOf((await (await fetch(search)).json()) as SearchEntry[]);
}

/** Opens the dialog by the button of the bar, and by the keys / and Ctrl K. */
export function setUpSearch(): void {
  const button = element('search-button', HTMLButtonElement);
  const words = button.textContent;
  const input = create('input', {
    type: 'search',
    'aria-label': words,
    placeholder: words,
    autocomplete: 'off',
  });
  const results = create('ul', { 'aria-live': 'polite' });
  const dialog = create('dialog', { class: 'search', 'aria-label': words }, input, results);
  document.body.append(dialog);
  button.hidden = false;
  const open = () => {
    dialog.showModal();
    input.select();
    index ??= loadIndex();
  };
  button.addEventListener('click', open);
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea');
    const isShortcut = (event.key === '/' && !isTyping) || (event.key === 'k' && (event.ctrlKey || event.metaKey));
    if (!isShortcut || dialog.open) return;
    event.preventDefault();
    open();
  });
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog || (target instanceof Element && target.closest('a'))) dialog.close();
  });
  input.addEventListener('input', () => void show(input.value, results));
  dialog.addEventListener('keydown', (event) => moveFocus(event, input, results));
}

async function show(words: string, results: HTMLUListElement): Promise<void> {
  index ??= loadIndex();
  const found = (await index).search(words).slice(0, MOST_RESULTS);
  results.replaceChildren(...found.map((result) => itemOf(result, words)));
  if (found.length === 0 && words.trim()) results.append(create('li', { class: 'none' }, nothingFound(words)));
}

const nothingFound = (words: string) =>
  document.documentElement.lang === 'ko' ? `“${words}”에 맞는 것이 없습니다.` : `Nothing found for “${words}”.`;

function itemOf(result: SearchResult, words: string): HTMLLIElement {
  const { address, page, title, text } = result as SearchResult & SearchEntry;
  const { root = '' } = document.body.dataset;
  const place = title === page ? page : `${page} › ${title}`;
  return create(
    'li',
    {},
    create('a', { href: `${root}${address}` }, create('strong', {}, place), create('span', {}, excerpt(text, words))),
  );
}

/** The text around the first word that was looked for. */
function excerpt(text: string, words: string): string {
  const [first = ''] = words.toLowerCase().split(/\s+/);
  const at = Math.max(0, text.toLowerCase().indexOf(first) - 40);
  const piece = text.slice(at, at + 140);
  return `${at > 0 ? '…' : ''}${piece}${at + 140 < text.length ? '…' : ''}`;
}

/** The arrow keys go through the results. */
function moveFocus(event: KeyboardEvent, input: HTMLInputElement, results: HTMLElement): void {
  if (event.key === 'Enter' && event.target === input) {
    results.querySelector('a')?.click();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const all = [input, ...results.querySelectorAll('a')];
  const at = all.findIndex((each) => each === document.activeElement);
  all[Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
}
