import { create } from '../../pages/dom.js';
import type { Page } from './section.js';
import { fold } from './stage.js';

/** The glossary, the references, and what the page is part of. */
export function footer({ text, store }: Page): HTMLElement {
  const words = text.footer;
  const entries = text.glossary.flatMap(({ word, meaning }) => [create('dt', {}, word), create('dd', {}, meaning)]);
  const references = words.references.map(({ label, href }) =>
    create('li', {}, create('a', { href, rel: 'noreferrer' }, label)),
  );
  const teacher = create('a', { href: `?teacher#language=${store.state.language}` }, words.teacher);
  return create(
    'footer',
    {},
    fold(words.glossary, create('dl', { class: 'glossary' }, ...entries)),
    fold(words.furtherReading, create('ul', {}, ...references)),
    create('p', {}, teacher),
    create('p', {}, words.about, ' ', create('a', { href: './LICENSE.txt' }, words.licence)),
    create('p', {}, words.font, ' ', create('a', { href: './OFL.txt' }, words.fontLicence)),
  );
}
