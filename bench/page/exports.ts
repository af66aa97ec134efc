import { csvOf } from '../csv.js';
import { markdownOf } from '../markdown.js';
import { type BenchResult, resultFileName } from '../result.js';
import { create } from '../../pages/dom.js';
import { text } from './text.js';

const FORMATS = [
  { name: 'JSON', extension: 'json', type: 'application/json', write: jsonOf },
  { name: 'CSV', extension: 'csv', type: 'text/csv', write: csvOf },
  { name: 'Markdown', extension: 'md', type: 'text/markdown', write: markdownOf },
];

/** The text that `npm run bench` saves. */
function jsonOf(result: BenchResult): string {
  return `${JSON.stringify(result, null, 1)}\n`;
}

/** A Copy and a Download button for each format. */
export function addExportButtons(host: HTMLElement, status: HTMLElement, result: () => BenchResult | null): void {
  for (const { name, extension, type, write } of FORMATS) {
    const copy = create('button', { type: 'button' }, text.copy(name));
    copy.addEventListener('click', () => {
      const current = result();
      if (!current) return;
      navigator.clipboard.writeText(write(current)).then(
        () => (status.textContent = text.copied(name)),
        (error: unknown) => (status.textContent = text.notCopied(String(error))),
      );
    });
    const save = create('button', { type: 'button' }, text.download(name));
    save.addEventListener('click', () => {
      const current = result();
      if (!current) return;
      const file = resultFileName(current, extension);
      const url = URL.createObjectURL(new Blob([write(current)], { type }));
      create('a', { href: url, download: file }).click();
      URL.revokeObjectURL(url);
      status.textContent = text.savedAs(file);
    });
    host.append(copy, save);
  }
}
