import { expect, it } from 'vitest';
import { indexOf } from '../pages/docs/client/search-index.js';
import { buildPages, repositoryPages, type SearchEntry } from '../pages/docs/site-pages.js';

const FILES = { scripts: [], styles: [], library: '', csv: '', search: '' };

const { search } = buildPages(new Map([...repositoryPages(), ['api/index.md', '# API\n']]), {
  files: FILES,
  policy: null,
});

const found = (words: string) => indexOf(search).search(words) as unknown as SearchEntry[];

it('finds the text about a word before a list of links in which it stands, too', () => {
  const addresses = found('학습률').map(({ address }) => address);
  const list = search.find(({ address, labels, text }) => address.startsWith('ko.html') && labels.length > 5 && text.includes('학습률')); // prettier-ignore
  expect(addresses[0]).not.toBe(list?.address);
  expect(addresses).toContain(list?.address);
  const [first] = found('학습률');
  expect(first?.text).toContain('학습률 λ'); // whole, as the result shows it
});

it('finds a page by its name, and a section by the words of a link in it, after the rest', () => {
  const entry = (id: number, text: string, labels: string[] = []) => ({ id, address: String(id), page: 'P', title: 'T', text, labels }); // prettier-ignore
  const index = indexOf([
    entry(0, 'momentum, decay', ['momentum', 'decay']),
    entry(1, 'about momentum and more of it'),
  ]);
  expect(index.search('momentum').map(({ address }) => address as string)).toEqual(['1', '0']);
  expect(found('learning rate')[0]?.title.toLowerCase()).toContain('learning rate');
});
