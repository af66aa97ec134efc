import MiniSearch from 'minisearch';
import type { SearchEntry } from '../site-pages.js';

/** The index of all sections. Words that a section has in links alone count for little: it leads to the text, and is not the text. */
export function indexOf(entries: readonly SearchEntry[]): MiniSearch<SearchEntry> {
  const index = new MiniSearch<SearchEntry>({
    fields: ['title', 'page', 'prose', 'labels'],
    storeFields: ['address', 'page', 'title', 'text'],
    extractField: (entry, field) => {
      if (field === 'prose') return proseOf(entry);
      if (field === 'labels') return entry.labels.join(' ');
      return String(entry[field as 'id' | 'address' | 'title' | 'page' | 'text']);
    },
    searchOptions: {
      boost: { title: 4, page: 2, labels: 0.1 },
      prefix: true,
      fuzzy: 0.15,
      combineWith: 'AND',
    },
  });
  index.addAll(entries);
  return index;
}

/** The text without the words of its links. */
function proseOf({ text, labels }: SearchEntry): string {
  return labels.reduce((rest, label) => rest.replace(label, ' '), text);
}
